import { METRICS, type MetricName, type Metrics } from '../model/metrics.ts';

/** What a named number means, and how it becomes the metric's unit. */
interface Quantity {
  readonly metric: MetricName;
  readonly convert: (value: number) => number;
}

const times =
  (factor: number) =>
  (value: number): number =>
    value * factor;
const same = times(1);
const quantity = (metric: MetricName, convert = same): Quantity => ({ metric, convert });

const celsiusOfFahrenheit = (value: number): number => (value - 32) / 1.8;

/** Units that mean one quantity only, as Home Assistant writes them. */
const BY_UNIT: ReadonlyMap<string, Quantity> = new Map([
  ['°C', quantity('temperatureCelsius')],
  ['°F', quantity('temperatureCelsius', celsiusOfFahrenheit)],
  ['K', quantity('temperatureCelsius', (value) => value - 273.15)],
  ['Pa', quantity('pressurePascals')],
  ['hPa', quantity('pressurePascals', times(100))],
  ['mbar', quantity('pressurePascals', times(100))],
  ['kPa', quantity('pressurePascals', times(1000))],
  ['bar', quantity('pressurePascals', times(100_000))],
  ['A', quantity('currentAmps')],
  ['mA', quantity('currentAmps', (value) => value / 1000)],
  ['V', quantity('voltageVolts')],
  ['mV', quantity('voltageVolts', (value) => value / 1000)],
  ['W', quantity('powerWatts')],
  ['kW', quantity('powerWatts', times(1000))],
  ['VA', quantity('apparentPowerVoltAmps')],
  ['var', quantity('reactivePowerVars')],
  ['VAR', quantity('reactivePowerVars')],
  ['Hz', quantity('frequencyHertz')],
  ['Wh', quantity('energyWattHours')],
  ['kWh', quantity('energyWattHours', times(1000))],
  ['lx', quantity('illuminanceLux')],
  ['dBm', quantity('rssiDbm')],
  ['people', quantity('occupancyPersons')],
  ['persons', quantity('occupancyPersons')],
]);

/** Endings of names, of one word or two; the unit is the one ESPHome's component gives by default. */
const BY_ENDING: ReadonlyMap<string, Quantity> = new Map([
  ['battery_voltage', quantity('batteryVolts')],
  ['battery_level', quantity('batteryPercent')],
  ['battery', quantity('batteryPercent')],
  ['dew_point', quantity('dewPointCelsius')],
  ['temperature_f', quantity('temperatureCelsius', celsiusOfFahrenheit)],
  ['temperature_fahrenheit', quantity('temperatureCelsius', celsiusOfFahrenheit)],
  ['temperature', quantity('temperatureCelsius')],
  ['humidity', quantity('humidityPercent')],
  ['pressure', quantity('pressurePascals', times(100))],
  ['illuminance', quantity('illuminanceLux')],
  ['co2', quantity('co2Ppm')],
  ['power_factor', quantity('powerFactor')],
  ['apparent_power', quantity('apparentPowerVoltAmps')],
  ['reactive_power', quantity('reactivePowerVars')],
  ['current', quantity('currentAmps')],
  ['voltage', quantity('voltageVolts')],
  ['power', quantity('powerWatts')],
  ['energy', quantity('energyWattHours', times(1000))],
  ['frequency', quantity('frequencyHertz')],
  ['people_count', quantity('occupancyPersons')],
  ['person_count', quantity('occupancyPersons')],
  ['people_counter', quantity('occupancyPersons')],
  ['occupancy', quantity('occupancyPersons')],
  ['people', quantity('occupancyPersons')],
  ['persons', quantity('occupancyPersons')],
  ['entries', quantity('entriesTotal')],
  ['exits', quantity('exitsTotal')],
  ['wifi_signal', quantity('rssiDbm')],
  ['rssi', quantity('rssiDbm')],
  ['uptime', quantity('uptimeSeconds')],
]);

/** What a quantity found by name is in, where its unit differs from the one the name suggests. */
const reconcile = (named: Quantity, unit: string): Quantity | undefined => {
  const measured = BY_UNIT.get(unit);
  if (measured === undefined) return named;
  if (measured.metric === named.metric) return measured;
  // °C of a dew point, V of a battery: the unit converts, the name says which quantity it is.
  const isNarrower =
    (named.metric === 'dewPointCelsius' && measured.metric === 'temperatureCelsius') ||
    (named.metric === 'batteryVolts' && measured.metric === 'voltageVolts');
  return isNarrower ? { metric: named.metric, convert: measured.convert } : measured;
};

/** Whether a unit is one in which this quantity is understood; '' is no unit at all. */
export const fitsUnit = (metric: MetricName, unit: string): boolean =>
  unit === '' || BY_UNIT.has(unit) || METRICS[metric].unit === unit || METRICS[metric].senmlUnit === unit;

/** Device classes whose unit alone would not tell. */
const BY_CLASS: ReadonlyMap<string, MetricName> = new Map([
  ['humidity', 'humidityPercent'],
  ['moisture', 'humidityPercent'],
  ['battery', 'batteryPercent'],
  ['carbon_dioxide', 'co2Ppm'],
]);

export interface NamedQuantity extends Quantity {
  /** What stands before the quantity in the object id: `ct1` of `ct1_current`. */
  readonly prefix: string;
}

/** The longer of the endings that a name has: `battery_voltage` before `voltage`. */
const endingOf = (name: string): readonly [string, Quantity] | undefined => {
  const last = name.lastIndexOf('_');
  const two = last === -1 ? name : name.slice(name.lastIndexOf('_', last - 1) + 1);
  const found = BY_ENDING.get(two);
  if (found !== undefined) return [two, found];
  const one = name.slice(last + 1);
  const single = BY_ENDING.get(one);
  return single === undefined ? undefined : [one, single];
};

/**
 * What a name means: an ESPHome object id, a key of a JSON state.
 * @param unit `unit_of_measurement` of Home Assistant's discovery; '' where nobody announced it
 * @param deviceClass `device_class` of the same; '' likewise
 * @returns undefined for a number that is no quantity of ours
 */
export const quantityOf = (objectId: string, unit: string, deviceClass: string): NamedQuantity | undefined => {
  const ending = endingOf(objectId.toLowerCase());
  // What stands before the ending, without the `_` between them.
  const prefix =
    ending === undefined ? objectId : objectId.slice(0, Math.max(0, objectId.length - ending[0].length - 1));
  const byClass = BY_CLASS.get(deviceClass);
  if (byClass !== undefined && !BY_UNIT.has(unit)) return { metric: byClass, convert: same, prefix };
  const found = ending === undefined ? BY_UNIT.get(unit) : reconcile(ending[1], unit);
  return found === undefined ? undefined : { metric: found.metric, convert: found.convert, prefix };
};

const MAX_CHANNEL_CHARACTERS = 32;

/**
 * What precedes the quantity in a name is the channel (`ct1_current`), unless it is the device's own name, which
 * programs like to repeat. `phase_a` is `a`.
 */
export const channelOf = (prefix: string, device: string): string => {
  const node = device.toLowerCase().replaceAll('-', '_');
  const own = prefix.toLowerCase();
  const rest = own === node ? '' : own.startsWith(`${node}_`) ? own.slice(node.length + 1) : own;
  return rest.replace(/^phase_/, '').slice(0, MAX_CHANNEL_CHARACTERS);
};

const EMERGENCY = /(?:^|_)(?:sos|panic|emergency)(?:_|$)/;

/** Whether a truth value of this name (lower case, words joined by `_`) is a call for help. */
export const isEmergency = (name: string): boolean => EMERGENCY.test(name);

const MOVING = /moving|vibration/;
const CHARGING = /charging/;
/** On means open, as in Home Assistant. */
const OPENING = /door|window|opening|contact|gate/;
const OCCUPIED = /motion|occupancy|presence|occupied/;

/** What a truth value means, by its name or device class; undefined for one that is no matter of ours. */
export const flagOf = (name: string, isOn: boolean): Metrics | undefined => {
  if (OPENING.test(name)) return { contactClosed: isOn ? 0 : 1 };
  if (OCCUPIED.test(name)) return { occupied: isOn ? 1 : 0 };
  if (MOVING.test(name)) return { moving: isOn ? 1 : 0 };
  return CHARGING.test(name) ? { charging: isOn ? 1 : 0 } : undefined;
};
