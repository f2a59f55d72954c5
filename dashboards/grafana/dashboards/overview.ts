import { latestAlarms, openBySeverity, unacknowledged } from '../panels/alarm-panels.ts';
import { NONE_EXPECTED, SILENT } from '../panels/limits.ts';
import { number, series } from '../panels/panels.ts';
import { suffix, unitOf } from '../panels/units.ts';
import { COUNTER_ALIAS, personsByCounter } from '../queries/common.ts';
import { byChannel, heard } from '../queries/devices.ts';
import { as, INTERVAL, influxql, last, max, min } from '../queries/influxql.ts';
import { deviceOf, venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const DEVICES = ['crowd', 'power', 'climate', 'badge'] as const;

export const overview = () =>
  dashboardOf({
    uid: 'muster-overview',
    title: { zh: '场馆总览', en: 'Venue overview' },
    about: {
      zh: '一眼看全场：报警、人数、用电、温度，以及数据是否可信。',
      en: 'The venue at a glance: alarms, people, power, heat, and whether the figures can be trusted.',
    },
    variables: [venueOf(...DEVICES, 'alarm', 'gateway'), zoneOf(...DEVICES, 'alarm'), deviceOf(...DEVICES)],
    panels: [
      openBySeverity(12),
      unacknowledged(6),
      number({
        title: { zh: '网关问题', en: 'Problems of the gateway' },
        about: { zh: '大于 0 时，请看「网关」面板和 /healthz。', en: 'If it is not 0, look at Gateway and /healthz.' },
        unit: 'none',
        limits: NONE_EXPECTED,
        queries: [
          {
            query: influxql({
              from: 'gateway',
              select: [as(last('gateway', 'healthProblems'), 'problems')],
              every: INTERVAL,
            }),
          },
        ],
      }),
      number({
        title: { zh: '在场人数', en: 'Persons' },
        about: {
          zh: '所选区域所有计数器进入减去离开之和；同时经过几个区域的人会被重复计数。',
          en: 'Entries less exits of all counters of the zones chosen; who is counted in two zones counts twice.',
        },
        unit: suffix('persons'),
        summedAs: '人数 persons',
        queries: [{ query: personsByCounter(), alias: COUNTER_ALIAS }],
      }),
      number({
        title: { zh: '最高温度', en: 'Hottest' },
        about: { zh: '所选时间内的最高温度。', en: 'The highest temperature within the time shown.' },
        unit: unitOf('temperatureCelsius'),
        queries: [
          { query: influxql({ from: 'climate', select: [as(max('climate', 'temperatureCelsius'), 'hottest')] }) },
        ],
      }),
      number({
        title: { zh: '最大电流', en: 'Highest current' },
        about: {
          zh: '所选时间内单个通道的最大电流，含启动冲击。',
          en: 'The highest current of one channel within the time shown, inrush included.',
        },
        unit: unitOf('currentAmps'),
        queries: [{ query: influxql({ from: 'power', select: [as(max('power', 'currentAmps'), 'current')] }) }],
      }),
      number({
        title: { zh: '最低电量', en: 'Lowest battery' },
        about: { zh: '所选时间内胸牌的最低电量。', en: 'The lowest battery of a badge within the time shown.' },
        unit: unitOf('batteryPercent'),
        queries: [{ query: influxql({ from: 'badge', select: [as(min('badge', 'batteryPercent'), 'battery')] }) }],
      }),
      number({
        title: { zh: '听到的设备', en: 'Devices heard' },
        about: {
          zh: `所选时间内上报过的设备数；少了说明有设备静默（默认超过上报间隔的 ${SILENT.factor} 倍即报警）。`,
          en: `Devices that reported within the time shown; fewer than there are means that some are silent (by default an alarm after ${SILENT.factor} times their interval).`,
        },
        unit: suffix('devices'),
        width: 24,
        queries: [
          heard('crowd', 'entriesTotal', '客流计数器 people counters'),
          heard('crowd', 'occupancyPersons', '摄像头 cameras'),
          heard('power', 'currentAmps', '电流 current clamps'),
          heard('climate', 'temperatureCelsius', '温度 climate'),
          heard('badge', 'accelerationXG', '胸牌 badges'),
        ],
      }),
      series({
        title: { zh: '各计数器的人数', en: 'Persons by counter' },
        about: {
          zh: '每个计数器的进入减去离开；密度与限值见「人群」。',
          en: 'Entries less exits of each counter; Crowd has densities and limits.',
        },
        unit: suffix('persons'),
        queries: [{ query: personsByCounter(), alias: COUNTER_ALIAS }],
      }),
      series({
        title: { zh: '温度', en: 'Temperature' },
        about: { zh: '各时段最高温度。', en: 'The highest of each step.' },
        unit: unitOf('temperatureCelsius'),
        queries: [byChannel('climate', 'temperatureCelsius', max)],
      }),
      series({
        title: { zh: '电流', en: 'Current' },
        about: { zh: '各时段最大电流。', en: 'The highest of each step.' },
        unit: unitOf('currentAmps'),
        queries: [byChannel('power', 'currentAmps', max)],
      }),
      series({
        title: { zh: '未关闭的报警数', en: 'Open alarms over time' },
        about: {
          zh: '网关每 10 秒的计数，全场馆。',
          en: "The gateway's count, every ten seconds, of the whole venue.",
        },
        unit: suffix('alarms'),
        min: 0,
        queries: [
          {
            query: influxql({
              from: 'gateway',
              select: [as(max('gateway', 'healthOpenAlarms'), 'alarms')],
              by: ['venue'],
              every: INTERVAL,
            }),
            alias: '$tag_venue',
          },
        ],
      }),
      latestAlarms(50),
    ],
  });
