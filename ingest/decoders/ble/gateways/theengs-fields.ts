import type { Metrics } from '../../../model/metrics.ts';
import type { DecodeFailure } from '../../../model/sample.ts';
import { cutText, readFlag, readMetric } from '../../findings.ts';
import type { JsonObject } from '../../json.ts';
import { bthomePress } from '../formats/bthome.ts';
import { type Press, type Reading, startReading } from '../reading.ts';

type Scale = (value: number) => number;

const milliG: Scale = (value) => value / 1000;
const plainG: Scale = (value) => value;
/**
 * Theengs Decoder computes a RuuviTag's acceleration as mg / 10000 x 9.80665 and calls it m/s² (its own test: 1.036 g
 * comes out as 1.01596894): a tenth of m/s².
 */
const tenthOfMetresPerSecond2: Scale = (value) => value / 0.980665;

/**
 * What `accx accy accz` of a model are really in: theengs/decoder labels all of them m/s², but passes on what the
 * beacon sends (src/devices: RuuviTag_RAWv2, KKM_K9, KKM_K6P, BC08). Releases before the field `type` gave RuuviTags
 * in g.
 */
const accelerationScale = (message: JsonObject): Scale | undefined => {
  switch (message.model_id) {
    case 'RuuviTag_RAWv1':
    case 'RuuviTag_RAWv2':
      return message.type === undefined ? plainG : tenthOfMetresPerSecond2;
    case 'K6P':
    case 'K9':
    case 'KSensor':
      return milliG;
    default:
      return undefined;
  }
};

const readAcceleration = (message: JsonObject, metrics: Metrics, failures: DecodeFailure[]): void => {
  if (message.accx === undefined && message.accy === undefined && message.accz === undefined) return;
  const scale = accelerationScale(message);
  if (scale === undefined) {
    // A guessed unit would make a lying badge stand upright.
    failures.push({ code: 'wrong-unit', where: 'accx', expected: 'a model whose acceleration has a known unit' });
    return;
  }
  readMetric(metrics, 'accelerationXG', message.accx, 'accx', failures, scale);
  readMetric(metrics, 'accelerationYG', message.accy, 'accy', failures, scale);
  readMetric(metrics, 'accelerationZG', message.accz, 'accz', failures, scale);
};

const pascalsOfHectopascals: Scale = (value) => value * 100;

const readMetrics = (message: JsonObject, metrics: Metrics, failures: DecodeFailure[]): void => {
  readMetric(metrics, 'temperatureCelsius', message.tempc, 'tempc', failures);
  readMetric(metrics, 'humidityPercent', message.hum, 'hum', failures);
  readMetric(metrics, 'dewPointCelsius', message.dp, 'dp', failures);
  readMetric(metrics, 'pressurePascals', message.pres, 'pres', failures, pascalsOfHectopascals);
  readMetric(metrics, 'illuminanceLux', message.lux, 'lux', failures);
  readMetric(metrics, 'co2Ppm', message.co2, 'co2', failures);
  readMetric(metrics, 'batteryVolts', message.volt, 'volt', failures);
  readMetric(metrics, 'batteryPercent', message.batt, 'batt', failures);
  readAcceleration(message, metrics, failures);
  // A counter with RuuviTags, a truth value with motion sensors.
  if (typeof message.mov === 'boolean') readFlag(metrics, 'moving', message.mov, 'mov', failures);
  else readMetric(metrics, 'movementCount', message.mov, 'mov', failures);
  readMetric(metrics, 'txPowerDbm', message.tx ?? message.txpower, 'tx', failures);
};

/** Theengs' own numbers for presses (SBBT_002C), where they differ from BTHome's. 0 is "none", a sign of life. */
const PRESSES: ReadonlyMap<number, string> = new Map([
  [9, 'long'],
  [11, 'hold'],
]);

const readPress = ({ button }: JsonObject, failures: DecodeFailure[]): Press | undefined => {
  if (button === undefined || button === null || button === 0) return undefined;
  if (typeof button === 'number') {
    return { press: PRESSES.get(button) ?? bthomePress(button), button: 1, code: button };
  }
  if (typeof button === 'string') return { press: cutText(button), button: 1, code: null };
  failures.push({ code: 'wrong-type', where: 'button', expected: 'the number of a kind of press' });
  return undefined;
};

const counterIn = (raw: unknown): number | undefined =>
  typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0 ? raw : undefined;

/** What Theengs Decoder made of an advert: fields by name. The packet has the number that it had on the air. */
export const readTheengs = (message: JsonObject): Reading => {
  const sequence = counterIn(message.seq);
  const reading = sequence === undefined ? startReading('bthome', 8) : startReading('ruuvi5', 16);
  const { metrics, failures } = reading;
  readMetrics(message, metrics, failures);
  const press = readPress(message, failures);
  if (press !== undefined) reading.presses = [press];
  reading.packet = sequence ?? counterIn(message.packet);
  return reading;
};
