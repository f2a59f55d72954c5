import { METRICS, type MetricName } from './metrics.ts';

/**
 * The SenML (RFC 8428) that Muster's own devices speak on `muster/<venue>/up/<device>`: record names, their units and
 * what they become. A quantity may carry a channel: `current/a`.
 */
type SenmlRole = 'quantity' | 'state' | 'occurrence' | 'sequence';

type SenmlOccurrence = 'sos' | 'cancel' | 'checkin' | 'done';

/** One record name. All entries have the same shape, so that the hot path reads them without branching on kind. */
export interface SenmlName {
  readonly role: SenmlRole;
  /** What a quantity or state becomes. */
  readonly metric: MetricName;
  /** What an occurrence becomes. */
  readonly occurrence: SenmlOccurrence;
  /** The unit of the contract; also assumed where a record has none. */
  readonly unit: string;
  /** From the contract's unit to the metric's; undefined where they are the same. */
  readonly convert: Convert | undefined;
  /** Other units of the SenML registry (RFC 8428 section 12.1, RFC 8798) for the same quantity. */
  readonly otherUnits: ReadonlyMap<string, Convert>;
  readonly min: number;
  readonly max: number;
}

type Convert = (value: number) => number;

/** Standard gravity, m/s²: SenML has no unit g. */
const STANDARD_GRAVITY = 9.80665;

const NO_UNITS: ReadonlyMap<string, Convert> = new Map();

const name = (
  role: SenmlRole,
  metric: MetricName,
  unit: string,
  convert?: Convert,
  otherUnits: Readonly<Record<string, Convert>> = {},
): SenmlName => ({
  role,
  metric,
  occurrence: 'sos',
  unit,
  convert,
  otherUnits: Object.keys(otherUnits).length === 0 ? NO_UNITS : new Map(Object.entries(otherUnits)),
  min: METRICS[metric].min,
  max: METRICS[metric].max,
});

const quantity = (metric: MetricName, unit: string, otherUnits?: Readonly<Record<string, Convert>>): SenmlName =>
  name('quantity', metric, unit, undefined, otherUnits);

const acceleration = (metric: MetricName): SenmlName =>
  name('quantity', metric, 'm/s2', (value) => value / STANDARD_GRAVITY);

const state = (metric: MetricName): SenmlName => name('state', metric, '/');

const occurrence = (kind: SenmlOccurrence): SenmlName => ({ ...name('occurrence', 'sequence', '/'), occurrence: kind });

const thousandth: Convert = (value) => value / 1000;
const thousandfold: Convert = (value) => value * 1000;
const hundredfold: Convert = (value) => value * 100;

export const SENML_NAMES: ReadonlyMap<string, SenmlName> = new Map([
  ['temperature', quantity('temperatureCelsius', 'Cel', { K: (value) => value - 273.15 })],
  ['humidity', quantity('humidityPercent', '%RH', { '/': hundredfold })],
  ['current', quantity('currentAmps', 'A', { mA: thousandth })],
  ['voltage', quantity('voltageVolts', 'V', { mV: thousandth })],
  ['power', quantity('powerWatts', 'W', { kW: thousandfold })],
  ['occupancy', quantity('occupancyPersons', 'count')],
  ['entries', quantity('entriesTotal', 'count')],
  ['exits', quantity('exitsTotal', 'count')],
  ['movements', quantity('movementCount', 'count')],
  ['acceleration/x', acceleration('accelerationXG')],
  ['acceleration/y', acceleration('accelerationYG')],
  ['acceleration/z', acceleration('accelerationZG')],
  ['battery', quantity('batteryPercent', '%EL', { '/': hundredfold })],
  ['latitude', quantity('latitudeDegrees', 'lat')],
  ['longitude', quantity('longitudeDegrees', 'lon')],
  ['accuracy', quantity('accuracyMeters', 'm', { km: thousandfold })],
  ['seq', name('sequence', 'sequence', 'count')],
  ['charging', state('charging')],
  ['onDuty', state('onDuty')],
  ['sos', occurrence('sos')],
  ['cancel', occurrence('cancel')],
  ['checkin', occurrence('checkin')],
  ['done', occurrence('done')],
]);
