import type { MetricName } from '../../../model/metrics.ts';

/** What an object becomes. */
type Role =
  | 'value'
  | 'flag'
  | 'open'
  | 'packet'
  | 'time'
  | 'acceleration'
  | 'button'
  | 'dimmer'
  | 'text'
  | 'raw'
  | 'passed';

/** One object id. All have the same shape, so that the hot path reads them without branching on kind. */
export interface BthomeObject {
  readonly role: Role;
  /** Bytes behind the id, little endian; 0: a byte of length comes first. */
  readonly size: number;
  readonly signed: boolean;
  readonly metric: MetricName;
  /** value = raw x times / per: a division rounds to what was measured, a factor of 0.01 does not. */
  readonly times: number;
  readonly per: number;
  /** Counts the objects of a metric, whatever their ids. */
  readonly slot: number;
}

const slots = new Map<string, number>();

const slotOf = (name: string): number => {
  const known = slots.get(name) ?? slots.size;
  slots.set(name, known);
  return known;
};

const object = (
  role: Role,
  size: number,
  metric: MetricName = 'sequence',
  { signed = false, times = 1, per = 1 } = {},
): BthomeObject => ({ role, size, signed, metric, times, per, slot: slotOf(role === 'button' ? 'button' : metric) });

const unsigned = (size: number, metric: MetricName, per = 1, times = 1): BthomeObject =>
  object('value', size, metric, { per, times });

const signed = (size: number, metric: MetricName, per = 1, times = 1): BthomeObject =>
  object('value', size, metric, { signed: true, per, times });

const flag = (metric: MetricName): BthomeObject => object('flag', 1, metric);

/** Doors and windows: 1 is open, which is a contact that is not closed. */
const open = object('open', 1, 'contactClosed');

const KILOGRAMS_PER_POUND = 0.45359237;

/** Standard gravity x 1000: m/s² in thousandths become g. */
const GRAVITY_THOUSANDTHS = 9806.65;

/**
 * Every object of BTHome v2. 0x5F (precipitation): 1 mm in the documents, 0.1 mm in the reference implementation; the
 * documents are what makers of devices read. Sources: bthome.io/format; bthome-ble, src/bthome_ble/const.py, for 0x60 on.
 */
const OBJECTS: readonly (readonly [id: number, object: BthomeObject])[] = [
  [0x00, object('packet', 1)],
  [0x01, unsigned(1, 'batteryPercent')],
  [0x02, signed(2, 'temperatureCelsius', 100)],
  [0x03, unsigned(2, 'humidityPercent', 100)],
  // Hundredths of a hectopascal are pascals.
  [0x04, unsigned(3, 'pressurePascals')],
  [0x05, unsigned(3, 'illuminanceLux', 100)],
  [0x06, unsigned(2, 'massKilograms', 100)],
  [0x07, unsigned(2, 'massKilograms', 100, KILOGRAMS_PER_POUND)],
  [0x08, signed(2, 'dewPointCelsius', 100)],
  [0x09, unsigned(1, 'countTotal')],
  // Thousandths of a kilowatt hour are watt hours.
  [0x0a, unsigned(3, 'energyWattHours')],
  [0x0b, unsigned(3, 'powerWatts', 100)],
  [0x0c, unsigned(2, 'voltageVolts', 1000)],
  [0x0d, unsigned(2, 'pm25MicrogramsPerM3')],
  [0x0e, unsigned(2, 'pm10MicrogramsPerM3')],
  [0x0f, flag('genericState')],
  [0x10, flag('switchedOn')],
  [0x11, open],
  [0x12, unsigned(2, 'co2Ppm')],
  [0x13, unsigned(2, 'tvocMicrogramsPerM3')],
  [0x14, unsigned(2, 'moisturePercent', 100)],
  [0x15, flag('batteryLow')],
  [0x16, flag('charging')],
  [0x17, flag('carbonMonoxideDetected')],
  [0x18, flag('coldDetected')],
  [0x19, flag('connected')],
  [0x1a, open],
  [0x1b, open],
  [0x1c, flag('gasDetected')],
  [0x1d, flag('heatDetected')],
  [0x1e, flag('lightDetected')],
  [0x1f, flag('unlocked')],
  [0x20, flag('waterDetected')],
  [0x21, flag('motionDetected')],
  [0x22, flag('moving')],
  [0x23, flag('occupied')],
  [0x24, flag('pluggedIn')],
  [0x25, flag('present')],
  [0x26, flag('problem')],
  [0x27, flag('running')],
  [0x28, flag('safe')],
  [0x29, flag('smokeDetected')],
  [0x2a, flag('soundDetected')],
  [0x2b, flag('tampered')],
  [0x2c, flag('vibrating')],
  [0x2d, open],
  [0x2e, unsigned(1, 'humidityPercent')],
  [0x2f, unsigned(1, 'moisturePercent')],
  [0x3a, object('button', 1)],
  [0x3c, object('dimmer', 2)],
  [0x3d, unsigned(2, 'countTotal')],
  [0x3e, unsigned(4, 'countTotal')],
  [0x3f, signed(2, 'tiltDegrees', 10)],
  [0x40, unsigned(2, 'distanceMeters', 1000)],
  [0x41, unsigned(2, 'distanceMeters', 10)],
  [0x42, unsigned(3, 'durationSeconds', 1000)],
  [0x43, unsigned(2, 'currentAmps', 1000)],
  [0x44, unsigned(2, 'speedMetersPerSecond', 100)],
  [0x45, signed(2, 'temperatureCelsius', 10)],
  [0x46, unsigned(1, 'uvIndex', 10)],
  [0x47, unsigned(2, 'volumeLiters', 10)],
  [0x48, unsigned(2, 'volumeLiters', 1000)],
  [0x49, unsigned(2, 'flowCubicMetersPerHour', 1000)],
  [0x4a, unsigned(2, 'voltageVolts', 10)],
  [0x4b, unsigned(3, 'gasCubicMeters', 1000)],
  [0x4c, unsigned(4, 'gasCubicMeters', 1000)],
  [0x4d, unsigned(4, 'energyWattHours')],
  [0x4e, unsigned(4, 'volumeLiters', 1000)],
  [0x4f, unsigned(4, 'waterLiters', 1000)],
  [0x50, object('time', 4, 'clockSeconds')],
  // Unsigned: an amount, not an axis. It would show an upside-down badge as an upright one.
  [0x51, unsigned(2, 'accelerationG', GRAVITY_THOUSANDTHS)],
  [0x52, unsigned(2, 'angularRateDegreesPerSecond', 1000)],
  [0x53, object('text', 0)],
  [0x54, object('raw', 0)],
  [0x55, unsigned(4, 'storedLiters', 1000)],
  [0x56, unsigned(2, 'conductivityMicrosiemensPerCm')],
  [0x57, signed(1, 'temperatureCelsius')],
  [0x58, signed(1, 'temperatureCelsius', 100, 35)],
  [0x59, signed(1, 'countTotal')],
  [0x5a, signed(2, 'countTotal')],
  [0x5b, signed(4, 'countTotal')],
  [0x5c, signed(4, 'powerWatts', 100)],
  [0x5d, signed(2, 'currentAmps', 1000)],
  [0x5e, unsigned(2, 'directionDegrees', 100)],
  [0x5f, unsigned(2, 'precipitationMillimeters')],
  // Which of its channels a remote control is set to: no quantity.
  [0x60, object('passed', 1)],
  [0x61, unsigned(2, 'rotationalSpeedRpm')],
  [0x62, signed(4, 'velocityMetersPerSecond', 1_000_000)],
  [0x63, object('acceleration', 4, 'accelerationG', { signed: true, per: 1000 * GRAVITY_THOUSANDTHS })],
  [0x64, unsigned(1, 'lightLevel')],
  // Type of device, firmware versions.
  [0xf0, object('passed', 2)],
  [0xf1, object('passed', 4)],
  [0xf2, object('passed', 3)],
];

/** By id; undefined for an id that the format does not define. */
export const BTHOME_OBJECTS: readonly (BthomeObject | undefined)[] = Array.from(
  { length: 256 },
  (_, id) => OBJECTS.find(([known]) => known === id)?.[1],
);

export const BTHOME_SLOTS = slots.size;
