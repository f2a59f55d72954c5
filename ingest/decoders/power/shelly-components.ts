import type { MetricName } from '../../model/metrics.ts';

/** One attribute of a component's status and what it becomes. `path` is `aenergy.total` for a nested one. */
interface ShellyAttribute {
  readonly path: string;
  readonly metric: MetricName;
  /** Added to the component's channel: phases of a three-phase meter. */
  readonly phase: string;
}

const attribute = (path: string, metric: MetricName, phase = ''): ShellyAttribute => ({ path, metric, phase });

const phase = (name: string): readonly ShellyAttribute[] => [
  attribute(`${name}_current`, 'currentAmps', name),
  attribute(`${name}_voltage`, 'voltageVolts', name),
  attribute(`${name}_act_power`, 'powerWatts', name),
  attribute(`${name}_aprt_power`, 'apparentPowerVoltAmps', name),
  attribute(`${name}_pf`, 'powerFactor', name),
  attribute(`${name}_freq`, 'frequencyHertz', name),
];

/** A switch or a PM1: `temperature` of these is the inside of the box, not of the room, and left out. */
const METERED: readonly ShellyAttribute[] = [
  attribute('current', 'currentAmps'),
  attribute('voltage', 'voltageVolts'),
  attribute('apower', 'powerWatts'),
  attribute('aprtpower', 'apparentPowerVoltAmps'),
  attribute('pf', 'powerFactor'),
  attribute('freq', 'frequencyHertz'),
  attribute('aenergy.total', 'energyWattHours'),
];

/** Status attributes by component type. Source: shelly-api-docs gen2, ComponentsAndServices. */
const SHELLY_COMPONENTS: ReadonlyMap<string, readonly ShellyAttribute[]> = new Map([
  [
    'em',
    [
      ...phase('a'),
      ...phase('b'),
      ...phase('c'),
      attribute('n_current', 'currentAmps', 'n'),
      attribute('total_current', 'currentAmps', 'total'),
      attribute('total_act_power', 'powerWatts', 'total'),
      attribute('total_aprt_power', 'apparentPowerVoltAmps', 'total'),
    ],
  ],
  [
    'em1',
    [
      attribute('current', 'currentAmps'),
      attribute('voltage', 'voltageVolts'),
      attribute('act_power', 'powerWatts'),
      attribute('aprt_power', 'apparentPowerVoltAmps'),
      attribute('pf', 'powerFactor'),
      attribute('freq', 'frequencyHertz'),
    ],
  ],
  ['pm1', METERED],
  ['switch', METERED],
  ['temperature', [attribute('tC', 'temperatureCelsius')]],
  ['humidity', [attribute('rh', 'humidityPercent')]],
  ['illuminance', [attribute('lux', 'illuminanceLux')]],
  ['devicepower', [attribute('battery.V', 'batteryVolts'), attribute('battery.percent', 'batteryPercent')]],
]);

export interface ShellyComponent {
  readonly type: string;
  readonly instance: number;
  readonly attributes: readonly ShellyAttribute[];
}

const COMPONENT = /^([a-z0-9]{1,16}):(\d{1,3})$/;

/** `em1:0` taken apart; undefined for a component without measurements. */
export const shellyComponent = (key: string): ShellyComponent | undefined => {
  const match = COMPONENT.exec(key);
  const type = match?.[1] ?? '';
  const attributes = SHELLY_COMPONENTS.get(type);
  return attributes === undefined ? undefined : { type, instance: Number(match?.[2]), attributes };
};

/** Instance 0 is the default channel; further ones go by their number, further three-phase meters as `1.a`. */
export const shellyChannel = (component: ShellyComponent, phaseName: string): string => {
  if (component.instance === 0) return phaseName;
  return phaseName === '' ? `${component.instance}` : `${component.instance}.${phaseName}`;
};
