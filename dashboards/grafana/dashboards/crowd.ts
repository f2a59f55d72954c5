import { DENSITY, type Limit, MOVING_LIMITS, STANDING_LIMITS } from '../panels/limits.ts';
import { series } from '../panels/panels.ts';
import type { Text } from '../panels/text.ts';
import { suffix, unitOf } from '../panels/units.ts';
import { COUNTER_ALIAS, personsByCounter } from '../queries/common.ts';
import { field } from '../queries/fields.ts';
import { as, growthPer, INTERVAL, influxql, last, max, outer } from '../queries/influxql.ts';
import { deviceOf, enteredVariable, isEntered, venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const PER_M2 = suffix('persons/m²');
const PER_MINUTE = suffix('persons/min');

/** What the counters of the chosen zones hold, by the area that was entered. */
const density = personsByCounter([isEntered('areaM2')], ' / $areaM2');

const densityPanel = (use: Text, limits: readonly Limit[]) =>
  series({
    title: { zh: `人群密度，${use.zh}限值`, en: `Density against the limits of a ${use.en} crowd` },
    about: {
      zh: `请选择一个区域，并在 areaM2 中填写其面积（InfluxDB 中没有面积；未填写则不显示）。人数为各计数器进出之差，不含摄像头。线为规则的默认限值 ${limits.map(({ from }) => from).join(' / ')} 人/m²，场馆可另设。`,
      en: `Choose one zone and enter its area as areaM2: areas are not in InfluxDB, and nothing is shown without. Persons are entries less exits of its counters, without cameras. Lines are the rule's defaults, ${limits.map(({ from }) => from).join(' / ')} persons/m²; a venue may set others.`,
    },
    unit: PER_M2,
    min: 0,
    limits,
    noValue: { zh: '请填写 areaM2', en: 'enter areaM2' },
    summedAs: '密度 density',
    queries: [{ query: density, alias: COUNTER_ALIAS }],
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
    variables: [
      venueOf('crowd'),
      zoneOf('crowd'),
      deviceOf('crowd'),
      enteredVariable('areaM2', { zh: '面积 m²', en: 'Area m²' }),
    ],
    panels: [
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
          zh: '所选区域全部计数器之和；选一个区域即为该区域的人数。不含摄像头。',
          en: 'All counters of the zones chosen, added up: choose one zone for its persons. Without cameras.',
        },
        unit: suffix('persons'),
        summedAs: '人数 persons',
        queries: [{ query: personsByCounter(), alias: COUNTER_ALIAS }],
      }),
      series({
        title: { zh: '规则判定的密度', en: 'Density as the rule judged it' },
        about: {
          zh: `报警事件中的密度与限值：与现场看到的一致，含摄像头，但只在有报警时有点。达到限值 ${DENSITY.holdSeconds} s 后报警。`,
          en: `Density and limit of alarm events: what people were told, cameras included, but there are points only where there was an alarm. It is raised after ${DENSITY.holdSeconds} s at a limit.`,
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
      densityPanel({ zh: '流动人群', en: 'moving' }, MOVING_LIMITS),
      densityPanel({ zh: '站立人群', en: 'standing' }, STANDING_LIMITS),
      series({
        title: { zh: '进入人流', en: 'Inflow' },
        about: {
          zh: '各区域计数器每分钟进入的人数。',
          en: 'Persons who come in per minute, by the counters of a zone.',
        },
        unit: PER_MINUTE,
        min: 0,
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
