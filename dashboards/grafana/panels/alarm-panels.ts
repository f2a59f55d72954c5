import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { openAlarms } from '../queries/common.ts';
import { field } from '../queries/fields.ts';
import { influxql } from '../queries/influxql.ts';
import { ALARM_COLUMNS, HUMAN_NUMBERS, SEVERITY_NUMBERS } from './alarm-words.ts';
import { COLOURS, NONE_EXPECTED } from './limits.ts';
import { number, type Override, table } from './panels.ts';
import { suffix } from './units.ts';

const ALARMS = suffix('alarms');

const NAMES = { red: '红 red', orange: '橙 orange', yellow: '黄 yellow', blue: '蓝 blue' } as const;
const GRAVEST_FIRST = ['red', 'orange', 'yellow', 'blue'] as const;

const ofSeverity = (severity: (typeof GRAVEST_FIRST)[number]) => ({
  query: openAlarms([`${field('alarm', 'severity')} = ${SEVERITY_NUMBERS[severity]}`]),
  alias: NAMES[severity],
});

const coloured = (severity: (typeof GRAVEST_FIRST)[number]): Override => ({
  column: NAMES[severity],
  properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: COLOURS[severity] } }],
});

export const openBySeverity = (width: number): Builder<Panel> =>
  number({
    title: { zh: '未关闭的报警', en: 'Open alarms' },
    about: {
      zh: '所选时间内有事件的报警，其最后一个事件后仍未关闭的个数；更早的报警请加长时间范围。',
      en: 'Alarms that their last event within the time shown left open; look at a longer time for older ones.',
    },
    unit: ALARMS,
    width,
    noValue: '0',
    queries: GRAVEST_FIRST.map(ofSeverity),
    overrides: GRAVEST_FIRST.map(coloured),
  });

export const unacknowledged = (width: number): Builder<Panel> =>
  number({
    title: { zh: '无人确认', en: 'Acknowledged by nobody' },
    about: {
      zh: '其中还没有人确认的个数。',
      en: 'How many of them nobody has acknowledged.',
    },
    unit: ALARMS,
    width,
    noValue: '0',
    limits: NONE_EXPECTED,
    queries: [
      {
        query: openAlarms([`${field('alarm', 'human')} = ${HUMAN_NUMBERS.unacknowledged}`]),
        alias: '无人确认 unacknowledged',
      },
    ],
  });

export const latestAlarms = (rows: number): Builder<Panel> =>
  table({
    title: { zh: '报警事件', en: 'Alarm events' },
    about: {
      zh: `最近的 ${rows} 个事件，新的在上。数值和限值的单位由规则决定。`,
      en: `The latest ${rows} events, newest first. Units of value and limit are those of the rule.`,
    },
    unit: 'none',
    overrides: ALARM_COLUMNS,
    queries: [
      {
        query: influxql({
          from: 'alarm',
          select: [
            '"event"',
            '"kind"',
            '"rule"',
            '"subject"',
            '"zone"',
            field('alarm', 'severity'),
            field('alarm', 'condition'),
            field('alarm', 'human'),
            field('alarm', 'value'),
            field('alarm', 'limit'),
          ],
          latest: rows,
        }),
      },
    ],
  });
