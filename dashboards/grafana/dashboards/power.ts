import { LOAD_LIMITS, OVERCURRENT } from '../panels/limits.ts';
import { series } from '../panels/panels.ts';
import { unitOf } from '../panels/units.ts';
import { byChannel } from '../queries/devices.ts';
import { as, growth, INTERVAL, influxql, last, max, mean } from '../queries/influxql.ts';
import { deviceOf, enteredVariable, isEntered, venueOf, zoneOf } from '../queries/variables.ts';
import { dashboardOf } from './dashboard.ts';

const load = influxql({
  from: 'power',
  select: [as(`${max('power', 'currentAmps')} / $ratedAmps * 100`, 'load')],
  where: [isEntered('ratedAmps')],
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
    variables: [
      venueOf('power'),
      zoneOf('power'),
      deviceOf('power'),
      enteredVariable('ratedAmps', { zh: '额定电流 A', en: 'Rated current A' }),
    ],
    panels: [
      series({
        title: { zh: '各回路电流', en: 'Current by circuit' },
        about: {
          zh: '每个设备、每个通道在各时段的最大电流。额定电流不在 InfluxDB 中，因此这里没有限值线。',
          en: 'The highest current of each device and channel in each step. Ratings are not in InfluxDB, so there are no lines here.',
        },
        unit: unitOf('currentAmps'),
        queries: [byChannel('power', 'currentAmps', max)],
      }),
      series({
        title: { zh: '占额定电流的百分比', en: 'Load in percent of the rating' },
        about: {
          zh: `请选择额定值相同的回路，并填写 ratedAmps（未填写则不显示）。线为规则默认值 ${limits}：持续 ${OVERCURRENT.continuousSeconds / 3600} h 的连续负荷、反时限启动、瞬时。`,
          en: `Choose circuits of one rating and enter it as ratedAmps; nothing is shown without. Lines are the rule's defaults, ${limits}: continuous load (over ${OVERCURRENT.continuousSeconds / 3600} h), start of the inverse-time curve ${OVERCURRENT.curve}, instantaneous.`,
        },
        unit: 'percent',
        min: 0,
        limits: LOAD_LIMITS,
        noValue: { zh: '请填写 ratedAmps', en: 'enter ratedAmps' },
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
