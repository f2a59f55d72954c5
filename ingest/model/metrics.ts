/**
 * Every quantity that the supported formats can report: unit, SenML unit (RFC 8428 section 12.1), InfluxDB
 * measurement, and the range a sensor can physically report (never what is likely: 150 °C in a fire is a value).
 */
export interface MetricSpec {
  readonly unit: string;
  readonly senmlUnit: string;
  readonly family: 'climate' | 'crowd' | 'power' | 'badge' | 'gateway';
  readonly min: number;
  readonly max: number;
}

const spec = (family: MetricSpec['family'], unit: string, senmlUnit: string, min: number, max: number): MetricSpec => ({
  family,
  unit,
  senmlUnit,
  min,
  max,
});

const COUNT_MAX = Number.MAX_SAFE_INTEGER;

export const METRICS = {
  temperatureCelsius: spec('climate', '°C', 'Cel', -273.15, 2000),
  // Ruuvi's encoding reaches 163.835 %; condensing sensors do report above 100.
  humidityPercent: spec('climate', '%', '%RH', 0, 164),
  pressurePascals: spec('climate', 'Pa', 'Pa', 0, 2_000_000),
  dewPointCelsius: spec('climate', '°C', 'Cel', -273.15, 2000),
  illuminanceLux: spec('climate', 'lx', 'lx', 0, 1_000_000),
  co2Ppm: spec('climate', 'ppm', 'ppm', 0, 1_000_000),
  moisturePercent: spec('climate', '%', '%', 0, 100),
  pm1MicrogramsPerM3: spec('climate', 'µg/m³', 'ug/m3', 0, 100_000),
  pm25MicrogramsPerM3: spec('climate', 'µg/m³', 'ug/m3', 0, 100_000),
  pm4MicrogramsPerM3: spec('climate', 'µg/m³', 'ug/m3', 0, 100_000),
  pm10MicrogramsPerM3: spec('climate', 'µg/m³', 'ug/m3', 0, 100_000),
  tvocMicrogramsPerM3: spec('climate', 'µg/m³', 'ug/m3', 0, 100_000),
  vocIndex: spec('climate', '1', '/', 0, 500),
  noxIndex: spec('climate', '1', '/', 0, 500),
  uvIndex: spec('climate', '1', '/', 0, 26),
  lightLevel: spec('climate', '1', '/', 0, 255),
  precipitationMillimeters: spec('climate', 'mm', 'mm', 0, 100_000),
  directionDegrees: spec('climate', '°', 'deg', 0, 360),
  conductivityMicrosiemensPerCm: spec('climate', 'µS/cm', 'uS/cm', 0, 100_000),
  smokeDetected: spec('climate', '1', '/', 0, 1),
  carbonMonoxideDetected: spec('climate', '1', '/', 0, 1),
  gasDetected: spec('climate', '1', '/', 0, 1),
  waterDetected: spec('climate', '1', '/', 0, 1),
  heatDetected: spec('climate', '1', '/', 0, 1),
  coldDetected: spec('climate', '1', '/', 0, 1),
  lightDetected: spec('climate', '1', '/', 0, 1),
  soundDetected: spec('climate', '1', '/', 0, 1),

  occupancyPersons: spec('crowd', 'persons', 'count', 0, 1_000_000),
  activePersons: spec('crowd', 'persons', 'count', 0, 1_000_000),
  /** Everything a camera tracks, persons among them; `active` without what stands still. */
  presentObjects: spec('crowd', 'objects', 'count', 0, 1_000_000),
  activeObjects: spec('crowd', 'objects', 'count', 0, 1_000_000),
  entriesTotal: spec('crowd', 'persons', 'count', 0, COUNT_MAX),
  exitsTotal: spec('crowd', 'persons', 'count', 0, COUNT_MAX),
  motionDetected: spec('crowd', '1', '/', 0, 1),
  present: spec('crowd', '1', '/', 0, 1),

  currentAmps: spec('power', 'A', 'A', -100_000, 100_000),
  voltageVolts: spec('power', 'V', 'V', -1_000_000, 1_000_000),
  powerWatts: spec('power', 'W', 'W', -1e9, 1e9),
  apparentPowerVoltAmps: spec('power', 'VA', 'VA', -1e9, 1e9),
  reactivePowerVars: spec('power', 'var', 'var', -1e9, 1e9),
  powerFactor: spec('power', '1', '/', -1, 1),
  frequencyHertz: spec('power', 'Hz', 'Hz', 0, 1_000_000),
  energyWattHours: spec('power', 'Wh', 'Wh', -1e15, 1e15),
  pluggedIn: spec('power', '1', '/', 0, 1),
  switchedOn: spec('power', '1', '/', 0, 1),
  /** Of a meter with a pulse output; what a pulse stands for is the meter's. */
  pulsesTotal: spec('power', 'pulses', 'count', 0, COUNT_MAX),

  accelerationXG: spec('badge', 'g', 'm/s2', -1000, 1000),
  accelerationYG: spec('badge', 'g', 'm/s2', -1000, 1000),
  accelerationZG: spec('badge', 'g', 'm/s2', -1000, 1000),
  tiltDegrees: spec('badge', '°', 'deg', -360, 360),
  movementCount: spec('badge', '1', 'count', 0, COUNT_MAX),
  batteryVolts: spec('badge', 'V', 'V', 0, 1000),
  batteryPercent: spec('badge', '%', '%EL', 0, 100),
  rssiDbm: spec('badge', 'dBm', 'dBm', -200, 50),
  txPowerDbm: spec('badge', 'dBm', 'dBm', -100, 50),
  /** Signal to noise, of the receiver that heard it best. */
  snrDecibels: spec('badge', 'dB', 'dB', -200, 200),
  latitudeDegrees: spec('badge', '°', 'lat', -90, 90),
  longitudeDegrees: spec('badge', '°', 'lon', -180, 180),
  altitudeMeters: spec('badge', 'm', 'm', -12_000, 100_000),
  accuracyMeters: spec('badge', 'm', 'm', 0, 50_000_000),
  speedMetersPerSecond: spec('badge', 'm/s', 'm/s', 0, 100_000),
  courseDegrees: spec('badge', '°', 'deg', 0, 360),
  accelerationG: spec('badge', 'g', 'm/s2', -1000, 1000),
  angularRateDegreesPerSecond: spec('badge', '°/s', 'deg/s', 0, 100_000),
  velocityMetersPerSecond: spec('badge', 'm/s', 'm/s', -100_000, 100_000),
  batteryLow: spec('badge', '1', '/', 0, 1),
  vibrating: spec('badge', '1', '/', 0, 1),
  tampered: spec('badge', '1', '/', 0, 1),
  /** States as numbers: 1 true, 0 false. */
  charging: spec('badge', '1', '/', 0, 1),
  onDuty: spec('badge', '1', '/', 0, 1),
  occupied: spec('crowd', '1', '/', 0, 1),
  moving: spec('badge', '1', '/', 0, 1),
  /** A door or window contact: 1 closed, 0 open. */
  contactClosed: spec('gateway', '1', '/', 0, 1),

  linkQuality: spec('gateway', '1', '/', 0, 1_000_000),
  uptimeSeconds: spec('gateway', 's', 's', 0, 1e12),
  connected: spec('gateway', '1', '/', 0, 1),
  unlocked: spec('gateway', '1', '/', 0, 1),
  problem: spec('gateway', '1', '/', 0, 1),
  running: spec('gateway', '1', '/', 0, 1),
  safe: spec('gateway', '1', '/', 0, 1),
  genericState: spec('gateway', '1', '/', 0, 1),
  countTotal: spec('gateway', '1', 'count', -2_147_483_648, 4_294_967_295),
  massKilograms: spec('gateway', 'kg', 'kg', 0, 1_000_000),
  distanceMeters: spec('gateway', 'm', 'm', 0, 100_000),
  durationSeconds: spec('gateway', 's', 's', 0, 1_000_000),
  volumeLiters: spec('gateway', 'L', 'l', 0, 10_000_000),
  storedLiters: spec('gateway', 'L', 'l', 0, 10_000_000),
  waterLiters: spec('gateway', 'L', 'l', 0, 10_000_000),
  gasCubicMeters: spec('gateway', 'm³', 'm3', 0, 10_000_000),
  flowCubicMetersPerHour: spec('gateway', 'm³/h', 'm3/h', 0, 100_000),
  rotationalSpeedRpm: spec('gateway', '1/min', '1/min', 0, 100_000),
  clockSeconds: spec('gateway', 's', 's', 0, 4_294_967_295),
  /** Sequence number of the sender; identity, not a measurement. */
  sequence: spec('gateway', '1', 'count', 0, COUNT_MAX),
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;

/** Values by metric name, in the units of METRICS. Absent means not reported, never zero. */
export type Metrics = { [K in MetricName]?: number };

export const METRIC_NAMES: readonly MetricName[] = Object.freeze(
  Object.keys(METRICS).filter((name): name is MetricName => Object.hasOwn(METRICS, name)),
);

export const isMetricName = (name: string): name is MetricName => Object.hasOwn(METRICS, name);
