import { isMetricName, METRICS, type MetricName } from '../../ingest/model/metrics.ts';
import { durationText } from '../rounding.ts';
import type { Text } from '../rule.ts';
import type { Params, Sentence } from './reasons.ts';

const LABELS: Readonly<Partial<Record<MetricName, Text>>> = {
  temperatureCelsius: { zh: '温度', en: 'temperature' },
  humidityPercent: { zh: '湿度', en: 'humidity' },
  pressurePascals: { zh: '气压', en: 'pressure' },
  dewPointCelsius: { zh: '露点', en: 'dew point' },
  illuminanceLux: { zh: '照度', en: 'illuminance' },
  co2Ppm: { zh: '二氧化碳', en: 'CO2' },
  occupancyPersons: { zh: '人数', en: 'occupancy' },
  activePersons: { zh: '活动人数', en: 'active persons' },
  entriesTotal: { zh: '累计进入', en: 'entries' },
  exitsTotal: { zh: '累计离开', en: 'exits' },
  currentAmps: { zh: '电流', en: 'current' },
  voltageVolts: { zh: '电压', en: 'voltage' },
  powerWatts: { zh: '功率', en: 'power' },
  apparentPowerVoltAmps: { zh: '视在功率', en: 'apparent power' },
  reactivePowerVars: { zh: '无功功率', en: 'reactive power' },
  powerFactor: { zh: '功率因数', en: 'power factor' },
  frequencyHertz: { zh: '频率', en: 'frequency' },
  energyWattHours: { zh: '电能', en: 'energy' },
  pulsesTotal: { zh: '脉冲数', en: 'pulses' },
  tiltDegrees: { zh: '倾角', en: 'tilt' },
  batteryVolts: { zh: '电池电压', en: 'battery voltage' },
  batteryPercent: { zh: '电量', en: 'battery' },
  rssiDbm: { zh: '信号强度', en: 'signal strength' },
  altitudeMeters: { zh: '海拔', en: 'altitude' },
  accuracyMeters: { zh: '定位精度', en: 'position accuracy' },
  speedMetersPerSecond: { zh: '速度', en: 'speed' },
  linkQuality: { zh: '链路质量', en: 'link quality' },
  uptimeSeconds: { zh: '运行时间', en: 'uptime' },
};

const PERSONS: Text = { zh: '人', en: 'persons' };

/** The metric's name and its value with the unit. */
export const measured = ({ metric, value }: Params): { readonly name: Text; readonly value: Text } => {
  const name = String(metric);
  const label = isMetricName(name) ? (LABELS[name] ?? { zh: name, en: name }) : { zh: name, en: name };
  const unit = isMetricName(name) ? METRICS[name].unit : '';
  // Units without a dimension are written as 1, which nobody reads.
  const shown = unit === 'persons' ? PERSONS : unit === '1' ? { zh: '', en: '' } : { zh: unit, en: unit };
  return {
    name: label,
    value: { zh: `${value} ${shown.zh}`.trimEnd(), en: `${value} ${shown.en}`.trimEnd() },
  };
};

type Side = 'above' | 'below';

const WORDS = {
  above: { over: { zh: '超过限值', en: 'above the limit of' }, reached: { zh: '已达限值', en: 'at the limit of' } },
  below: {
    over: { zh: '低于限值', en: 'below the limit of' },
    reached: { zh: '已降至限值', en: 'down to the limit of' },
  },
} as const;

const beyond =
  (side: Side): Sentence =>
  (params) => {
    const { name, value } = measured(params);
    const { over } = WORDS[side];
    return {
      zh: `${name.zh} ${value.zh}，${over.zh} ${params.limit}`,
      en: `${name.en} ${value.en}, ${over.en} ${params.limit}`,
    };
  };

const soon =
  (side: Side): Sentence =>
  (params) => {
    const { name, value } = measured(params);
    const { reached } = WORDS[side];
    const after = durationText(Number(params.seconds));
    return {
      zh: `${name.zh} ${value.zh}，${reached.zh} ${params.limit}，持续 ${after.zh} 将报警`,
      en: `${name.en} ${value.en}, ${reached.en} ${params.limit}: alarm if it lasts ${after.en}`,
    };
  };

const easing: Sentence = (params) => {
  const { name, value } = measured(params);
  return {
    zh: `${name.zh} ${value.zh}，正在回到限值 ${params.limit} 以内`,
    en: `${name.en} ${value.en}, coming back within the limit of ${params.limit}`,
  };
};

export const THRESHOLD: Readonly<Record<string, Sentence>> = {
  'above-limit': beyond('above'),
  'above-limit-soon': soon('above'),
  'above-limit-easing': easing,
  'below-limit': beyond('below'),
  'below-limit-soon': soon('below'),
  'below-limit-easing': easing,
  'within-limits': (params) => {
    const { name, value } = measured(params);
    return { zh: `${name.zh} ${value.zh}，正常`, en: `${name.en} ${value.en}, within limits` };
  },
};
