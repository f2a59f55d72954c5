import { DENSITY, FILL_LIMITS, type Limit, MOVING_LIMITS, STANDING_LIMITS } from '../panels/limits.ts';
import { series } from '../panels/panels.ts';
import type { Text } from '../panels/text.ts';
import { suffix, unitOf } from '../panels/units.ts';
import { byZone, COUNTER_ALIAS, personsByCounter } from '../queries/common.ts';
import { field } from '../queries/fields.ts';
import { as, growthPer, INTERVAL, influxql, last, max, min, outer } from '../queries/influxql.ts';
import { deviceOf, venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const PER_M2 = suffix('persons/m²');
const PER_MINUTE = suffix('persons/min');

const fillLimits = FILL_LIMITS.map(({ from }) => `${from} %`).join(' / ');

const densityPanel = (use: Text, standing: 0 | 1, limits: readonly Limit[]) =>
  series({
    title: { zh: `人群密度，${use.zh}限值`, en: `Density against the limits of a ${use.en} crowd` },
    about: {
      zh: `venue.yaml 中按此用途使用的区域：规则据以判定的密度，含摄像头。计数不完整时没有点，不表示没有人。线为规则的默认限值 ${limits.map(({ from }) => from).join(' / ')} 人/m²，场馆可另设。`,
      en: `Zones that venue.yaml has for this use: the density that the rule judges, cameras included. Where the count is incomplete there is no point, which does not mean that nobody is there. Lines are the rule's defaults, ${limits.map(({ from }) => from).join(' / ')} persons/m²; a venue may set others.`,
    },
    unit: PER_M2,
    min: 0,
    limits,
    noValue: { zh: '没有完整的计数', en: 'no complete count' },
    queries: [
      {
        query: byZone([as(max('crowd', 'densityPerM2'), 'density')], [`${field('crowd', 'standing')} = ${standing}`]),
        alias: '$tag_zone',
      },
    ],
  });

const flow = (total: 'entriesTotal' | 'exitsTotal') =>
  outer({
    select: [as('sum("flow")', 'flow')],
    of: {
      from: 'crowd',
      select: [as(growthPer('1m', last('crowd', total)), 'flow')],
      by: ['zone', 'device', 'channel'],
      every: INTERVAL,
    },
    by: ['zone'],
    every: INTERVAL,
  });

export const crowd = () =>
  dashboardOf({
    uid: 'muster-crowd',
    title: { zh: '人群', en: 'Crowd' },
    about: {
      zh: '每个区域有多少人、多密、进出多快，以及规则何时判定过密。',
      en: 'How many people each zone holds, how dense, how fast they come and go, and when the rule found it too dense.',
    },
    variables: [venueOf('crowd'), zoneOf('crowd'), deviceOf('crowd')],
    panels: [
      series({
        title: { zh: '各区域人数与容量', en: 'Persons and capacity by zone' },
        about: {
          zh: '规则据以判定的人数（计数器与摄像头中较高者）和 venue.yaml 中的容量。计数不完整时人数没有点。',
          en: 'Persons as the rule counts them, by counters or cameras, whichever is higher, and the capacity of venue.yaml. No point of persons where the count is incomplete.',
        },
        unit: suffix('persons'),
        min: 0,
        queries: [
          {
            query: byZone([as(max('crowd', 'persons'), 'persons'), as(max('crowd', 'capacity'), 'capacity')]),
            alias: '$tag_zone $col',
          },
        ],
      }),
      series({
        title: { zh: '占容量的百分比', en: 'Persons in percent of the capacity' },
        about: {
          zh: `有容量的区域；计数不完整时没有点。线为规则默认值 ${fillLimits}。`,
          en: `Zones that have a capacity; no point where the count is incomplete. Lines are the rule's defaults, ${fillLimits}.`,
        },
        unit: 'percent',
        min: 0,
        limits: FILL_LIMITS,
        noValue: { zh: '没有容量或没有完整的计数', en: 'no capacity, or no complete count' },
        queries: [
          {
            query: byZone([as(`${max('crowd', 'persons')} / ${max('crowd', 'capacity')} * 100`, 'fill')]),
            alias: '$tag_zone',
          },
        ],
      }),
      densityPanel({ zh: '流动人群', en: 'moving' }, 0, MOVING_LIMITS),
      densityPanel({ zh: '站立人群', en: 'standing' }, 1, STANDING_LIMITS),
      series({
        title: { zh: '报警时的密度', en: 'Density of alarms' },
        about: {
          zh: `报警事件中的密度与限值：与现场看到的一致，只在有报警时有点。达到限值 ${DENSITY.holdSeconds} s 后报警。`,
          en: `Density and limit of alarm events: what people were told; there are points only where there was an alarm. It is raised after ${DENSITY.holdSeconds} s at a limit.`,
        },
        unit: PER_M2,
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'alarm',
              select: [as(max('alarm', 'value'), 'density'), as(max('alarm', 'limit'), 'limit')],
              // No density has a higher limit; those of a zone's capacity, in persons, do.
              where: [`"kind" = 'crowd-density'`, `${field('alarm', 'limit')} <= 5`],
              by: ['subject'],
              every: INTERVAL,
            }),
            alias: '$tag_subject $col',
          },
        ],
      }),
      series({
        title: { zh: '计数是否完整', en: 'Is the count complete' },
        about: {
          zh: '1：该区域的计数器都在上报；0：有缺失，人数与密度未知，没有点。所选时段内取最低值。',
          en: '1: every counter of the zone reports; 0: one is missing, persons and density are not known and have no points. The lowest of each step.',
        },
        unit: 'none',
        min: 0,
        draw: 'steps',
        queries: [{ query: byZone([as(min('crowd', 'complete'), 'complete')]), alias: '$tag_zone' }],
      }),
      series({
        title: { zh: '各计数器的人数', en: 'Persons by counter' },
        about: {
          zh: '每个计数器的进入减去离开；静默时沿用其最后值。计数器复位会使结果偏小。',
          en: "Entries less exits of each counter; a silent one's last word holds. One that was reset shows too few.",
        },
        unit: suffix('persons'),
        queries: [{ query: personsByCounter(), alias: COUNTER_ALIAS }],
      }),
      series({
        title: { zh: '所选区域的总人数', en: 'Persons in the zones chosen' },
        about: {
          zh: '所选区域全部计数器之和，静默的计数器沿用其最后值。不含摄像头。',
          en: 'All counters of the zones chosen, added up; the last word of a silent one holds. Without cameras.',
        },
        unit: suffix('persons'),
        summedAs: '人数 persons',
        queries: [{ query: personsByCounter(), alias: COUNTER_ALIAS }],
      }),
      series({
        title: { zh: '进入人流', en: 'Inflow' },
        about: {
          zh: '各区域计数器每分钟进入的人数。',
          en: 'Persons who come in per minute, by the counters of a zone.',
        },
        unit: PER_MINUTE,
        min: 0,
        width: 8,
        queries: [{ query: flow('entriesTotal'), alias: '$tag_zone' }],
      }),
      series({
        title: { zh: '离开人流', en: 'Outflow' },
        about: {
          zh: '各区域计数器每分钟离开的人数。',
          en: 'Persons who leave per minute, by the counters of a zone.',
        },
        unit: PER_MINUTE,
        min: 0,
        width: 8,
        queries: [{ query: flow('exitsTotal'), alias: '$tag_zone' }],
      }),
      series({
        title: { zh: '摄像头计数', en: 'Persons seen by cameras' },
        about: {
          zh: '各摄像头同时看到的最多人数；每台只看到区域的一部分。',
          en: 'The most persons each camera saw at once; each watches its part of a zone.',
        },
        unit: unitOf('occupancyPersons'),
        min: 0,
        width: 8,
        queries: [
          {
            query: influxql({
              from: 'crowd',
              select: [as(max('crowd', 'occupancyPersons'), 'persons')],
              by: ['device', 'channel'],
              every: INTERVAL,
            }),
            alias: '$tag_device $tag_channel',
          },
        ],
      }),
    ],
  });
