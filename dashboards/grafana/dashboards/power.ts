import { LOAD_LIMITS, OVERCURRENT } from '../panels/limits.ts';
import { series } from '../panels/panels.ts';
import { unitOf } from '../panels/units.ts';
import { byChannel } from '../queries/devices.ts';
import { as, growth, INTERVAL, influxql, last, max, mean } from '../queries/influxql.ts';
import { deviceOf, venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

/** The gateway writes a rating once in a minute: a shorter step would mostly be without one. */
const RATED_EVERY = '1m';

const load = influxql({
  from: 'power',
  select: [as(`${max('power', 'currentAmps')} / ${max('power', 'ratedAmps')} * 100`, 'load')],
  by: ['device', 'channel'],
  every: INTERVAL,
});

const limits = LOAD_LIMITS.map(({ from }) => `${from} %`).join(' / ');

export const power = () =>
  dashboardOf({
    uid: 'muster-power',
    title: { zh: '用电', en: 'Power' },
    about: {
      zh: '哪个回路的负荷最大，离额定值还有多远，何时过载。',
      en: 'Which circuit carries how much, how far from its rating, and since when.',
    },
    variables: [venueOf('power'), zoneOf('power'), deviceOf('power')],
    panels: [
      series({
        title: { zh: '各回路电流', en: 'Current by circuit' },
        about: {
          zh: '每个设备、每个通道在各时段的最大电流。',
          en: 'The highest current of each device and channel in each step.',
        },
        unit: unitOf('currentAmps'),
        queries: [byChannel('power', 'currentAmps', max)],
      }),
      series({
        title: { zh: '占额定电流的百分比', en: 'Load in percent of the rating' },
        about: {
          zh: `每分钟或更长时段的最大电流，与网关所写的额定电流 ratedAmps（venue.yaml）之比；未配置额定值的回路不显示。线为规则默认值 ${limits}：持续 ${OVERCURRENT.continuousSeconds / 3600} h 的连续负荷、反时限启动、瞬时。`,
          en: `The highest current of each minute, or longer step, against the rating that the gateway has from venue.yaml; a circuit without one is not shown. Lines are the rule's defaults, ${limits}: continuous load (over ${OVERCURRENT.continuousSeconds / 3600} h), start of the inverse-time curve ${OVERCURRENT.curve}, instantaneous.`,
        },
        unit: 'percent',
        min: 0,
        limits: LOAD_LIMITS,
        finest: RATED_EVERY,
        noValue: { zh: '没有额定电流', en: 'no rated current' },
        queries: [{ query: load, alias: '$tag_device $tag_channel' }],
      }),
      series({
        title: { zh: '有功功率', en: 'Active power' },
        about: { zh: '各时段平均值；只有上报功率的设备。', en: 'Mean of each step; of devices that report it.' },
        unit: unitOf('powerWatts'),
        queries: [byChannel('power', 'powerWatts', mean)],
      }),
      series({
        title: { zh: '电压', en: 'Voltage' },
        about: {
          zh: '各时段平均值；低电压常是线路过长或过载的迹象。',
          en: 'Mean of each step; a low voltage often means long cables or too much load.',
        },
        unit: unitOf('voltageVolts'),
        queries: [byChannel('power', 'voltageVolts', mean)],
      }),
      series({
        title: { zh: '用电量', en: 'Energy' },
        about: {
          zh: '电能表读数在各时段的增量；表复位处没有点。',
          en: 'What each meter has counted in each step; no point where a meter was reset.',
        },
        unit: unitOf('energyWattHours'),
        draw: 'bars',
        queries: [
          {
            query: influxql({
              from: 'power',
              select: [as(growth(last('power', 'energyWattHours')), 'energy')],
              by: ['device', 'channel'],
              every: INTERVAL,
            }),
            alias: '$tag_device $tag_channel',
          },
        ],
      }),
      series({
        title: { zh: '功率因数', en: 'Power factor' },
        about: { zh: '各时段平均值；只有上报的设备。', en: 'Mean of each step; of devices that report it.' },
        unit: unitOf('powerFactor'),
        queries: [byChannel('power', 'powerFactor', mean)],
      }),
    ],
  });
