import { latestAlarms, openBySeverity, unacknowledged } from '../panels/alarm-panels.ts';
import { ALARM_RATE_LIMITS } from '../panels/limits.ts';
import { series } from '../panels/panels.ts';
import { suffix } from '../panels/units.ts';
import type { Field } from '../queries/fields.ts';
import { as, count, growth, INTERVAL, influxql, last, max } from '../queries/influxql.ts';
import type { Query } from '../queries/target.ts';
import { venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const ALARMS = suffix('alarms');

/** The gateway's own figures have no zone: the choice of one does not narrow them. */
const gatewaySeries = (select: string): Query => ({
  query: influxql({ from: 'gateway', select: [select], every: INTERVAL }),
  alias: '$col',
});
const ofGateway = (name: Field): Query => gatewaySeries(as(last('gateway', name), name));
const grownOfGateway = (name: Field): Query => gatewaySeries(as(growth(last('gateway', name)), name));

export const alarms = () =>
  dashboardOf({
    uid: 'muster-alarms',
    title: { zh: '报警', en: 'Alarms' },
    about: {
      zh: '什么在报警，有没有人接，报警量一个人能否应付，当晚发生了什么。',
      en: 'What is open, whether somebody has it, whether there is more than one person can handle, and what happened.',
    },
    variables: [venueOf('alarm'), zoneOf('alarm')],
    panels: [
      openBySeverity(16),
      unacknowledged(8),
      series({
        title: { zh: '每 10 分钟新报警', en: 'Raised per 10 minutes' },
        about: {
          zh: '线：一名值班人员每 10 分钟可长期应付 1 个，10 个即为报警泛滥（ANSI/ISA-18.2）。',
          en: 'Lines: one operator can handle 1 in 10 minutes for long; 10 are a flood (ANSI/ISA-18.2).',
        },
        unit: ALARMS,
        draw: 'bars',
        min: 0,
        limits: ALARM_RATE_LIMITS,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(count('alarm', 'severity'), 'raised')],
              where: [`"event" = 'raised'`],
              every: '10m',
              fill: '0',
            }),
            alias: '新报警 raised',
          },
        ],
      }),
      series({
        title: { zh: '值班人员的报警负荷', en: 'Alarm load of operators' },
        about: {
          zh: '10 分钟内的报警数：全场馆，以及最忙的岗位或人员；到 10 个即为报警泛滥，少于 5 个结束。',
          en: 'Alarms within ten minutes: of the whole venue, and of the busiest role or person; 10 begin a flood, under 5 end it.',
        },
        unit: ALARMS,
        min: 0,
        limits: ALARM_RATE_LIMITS,
        queries: [ofGateway('alarmLoadRecentAlarms'), ofGateway('alarmLoadBusiestRecentAlarms')],
      }),
      series({
        title: { zh: '反复、长期与合并的报警', en: 'Chattering, stale, told together' },
        about: {
          zh: '反复报警的对象、长期未消的报警、合并通知的组；柱：合并计数和暂不通知的报警。',
          en: 'What comes and goes, alarms that stand too long, groups that are told together; and alarms counted in groups or held while they chatter.',
        },
        unit: 'none',
        draw: 'bars',
        min: 0,
        queries: [
          ofGateway('alarmLoadChattering'),
          ofGateway('alarmLoadStale'),
          ofGateway('alarmLoadGroups'),
          grownOfGateway('alarmLoadGrouped'),
          grownOfGateway('alarmLoadHeldChattering'),
        ],
      }),
      series({
        title: { zh: '各类规则的新报警', en: 'Raised by kind of rule' },
        about: {
          zh: '每 10 分钟，按规则种类叠加：哪种规则最常报警。',
          en: 'Of each ten minutes, stacked: which kind of rule raises most.',
        },
        unit: ALARMS,
        draw: 'bars',
        stacked: true,
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(count('alarm', 'severity'), 'raised')],
              where: [`"event" = 'raised'`],
              by: ['kind'],
              every: '10m',
            }),
            alias: '$tag_kind',
          },
        ],
      }),
      series({
        title: { zh: '报警的经过', en: 'Events' },
        about: {
          zh: '每 10 分钟的报警事件，按种类叠加：升级多而确认少，说明没有人应答。',
          en: 'Alarm events of each ten minutes, stacked: many escalations and few acknowledgements mean that nobody answers.',
        },
        unit: suffix('events'),
        draw: 'bars',
        stacked: true,
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(count('alarm', 'open'), 'events')],
              by: ['event'],
              every: '10m',
            }),
            alias: '$tag_event',
          },
        ],
      }),
      series({
        title: { zh: '迟到的求助', en: 'Late calls for help' },
        about: {
          zh: '求助比其发生时间晚到多少：网络或胸牌有问题。',
          en: 'How late calls for help arrived, by their own stamps: trouble of the network or a badge.',
        },
        unit: 's',
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(max('alarm', 'lateBySeconds'), 'late')],
              by: ['subject'],
              every: '10m',
            }),
            alias: '$tag_subject',
          },
        ],
      }),
      latestAlarms(500),
    ],
  });
