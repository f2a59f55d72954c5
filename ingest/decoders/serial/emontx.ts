import type { MetricName, Metrics } from '../../model/metrics.ts';
import type { DecodeFailure, Sample } from '../../model/sample.ts';
import { createSample } from '../../model/stamp.ts';
import { hasMetrics, refused, setMetric } from '../findings.ts';
import { type Pair, pairsOf } from './emontx-pairs.ts';
import { defineLineFormat, lineDevice } from './line-format.ts';

interface Meaning {
  readonly channel: string;
  readonly metric: MetricName;
  convert?(value: number): number;
}

/** No mains that its AC adapter is made for has more; the discrete sampling firmware sends hundredths of a volt. */
const MAINS_MAX_VOLTS = 300;
const MAINS_MIN_VOLTS = 80;

/** `Vrms:246.81` is volts; `vrms:24681`, or `vrms:52` without an adapter, hundredths; `vrms:246` of some sketches volts. */
const volts = (name: string) => (value: number) => {
  const tooSmall = name === 'vrms' && value < MAINS_MIN_VOLTS;
  return Number.isInteger(value) && (value > MAINS_MAX_VOLTS || tooSmall) ? value / 100 : value;
};

/** `T1:21.50` is °C, `t1:215` of the discrete sampling firmware tenths. */
const tenths = (value: number): number => (Number.isInteger(value) ? value / 10 : value);

/** Twice as many clamps as the largest board has. */
const MAX_NUMBER = 24;
const NUMBERS: readonly number[] = Array.from({ length: MAX_NUMBER + 1 }, (_, number) => number);
const PHASES = ['a', 'b', 'c'] as const;

const numbered = (
  name: string,
  channel: string,
  metric: MetricName,
  convert?: (value: number) => number,
): readonly (readonly [string, Meaning])[] =>
  NUMBERS.map((number) => [
    `${name}${number}`,
    { channel: `${channel}${number}`, metric, ...(convert && { convert }) },
  ]);

const plain = (name: string, metric: MetricName): readonly [string, Meaning] => [name, { channel: '', metric }];

const inVolts = (name: string, channel = ''): readonly [string, Meaning] => [
  name,
  { channel, metric: 'voltageVolts', convert: volts(name) },
];

/** What a name stands for: real power in W, energy in Wh, current in A. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...['Vrms', 'vrms', 'V'].map((name) => inVolts(name)),
  ...PHASES.map((phase, index) => inVolts(`V${index + 1}`, phase)),
  ...['ct', 'CT', 'P'].flatMap((name) => numbered(name, 'ct', 'powerWatts')),
  ...numbered('E', 'ct', 'energyWattHours'),
  ...numbered('I', 'ct', 'currentAmps'),
  ...numbered('pf', 'ct', 'powerFactor'),
  ...['T', 'temp'].flatMap((name) => numbered(name, 't', 'temperatureCelsius')),
  ...numbered('t', 't', 'temperatureCelsius', tenths),
  plain('pulse', 'pulsesTotal'),
  ...numbered('pulse', 'pulse', 'pulsesTotal'),
  // EmonLib's serialprint, which has no names of its own.
  plain('realPower', 'powerWatts'),
  plain('apparentPower', 'apparentPowerVoltAmps'),
  plain('Irms', 'currentAmps'),
  plain('powerFactor', 'powerFactor'),
]);

/** Names that carry no quantity: the message's number, and inputs whose meaning only their owner knows. */
const WITHOUT_QUANTITY: ReadonlySet<string> = new Set(['MSG', 'Msg', 'analog', 'digital']);

/** The DS18B20's range; EmonLibCM sends 300 for a sensor that is not there, 302 and 304 for one that fails. */
const SENSOR_MIN_CELSIUS = -55;
const SENSOR_MAX_CELSIUS = 125;
const NO_SENSOR_CELSIUS = 300;

/** Takes one pair into the metrics of its channel. */
const take = ({ name, value }: Pair, byChannel: Map<string, Metrics>, failures: DecodeFailure[]): void => {
  if (WITHOUT_QUANTITY.has(name)) return;
  const meaning = MEANINGS.get(name);
  if (meaning === undefined) {
    failures.push({ code: 'unknown-name', where: name.slice(0, 32), expected: 'a name that an emonTx sends' });
    return;
  }
  const { channel, metric, convert } = meaning;
  const converted = convert === undefined ? value : convert(value);
  if (metric === 'temperatureCelsius') {
    if (converted === NO_SENSOR_CELSIUS) return;
    if (converted < SENSOR_MIN_CELSIUS || converted > SENSOR_MAX_CELSIUS) {
      const expected = `${SENSOR_MIN_CELSIUS} to ${SENSOR_MAX_CELSIUS} °C, the range of its sensor`;
      failures.push({ code: 'out-of-range', where: name, expected });
      return;
    }
  }
  const metrics = byChannel.get(channel) ?? {};
  byChannel.set(channel, metrics);
  setMetric(metrics, metric, converted, name, failures);
};

const sequenceOf = (pairs: readonly Pair[]): number | undefined => {
  const message = pairs.find(({ name }) => name === 'MSG' || name === 'Msg');
  return message !== undefined && Number.isSafeInteger(message.value) && message.value >= 0 ? message.value : undefined;
};

/**
 * Lines of an emonTx, emonPi or a sketch with EmonLib, one measurement a line: `MSG:1,Vrms:246.81,P1:79,E1:0,pulse:1`
 * (continuous monitoring), `ct1:100,ct2:300,vrms:24681` (discrete sampling), the same as a JSON object, or the five
 * numbers of EmonLib's serialprint. There is no checksum: a line that lost bytes within a number cannot be told.
 * Sources: openenergymonitor/EmonTxV3CM, emontx3, emontx4, avrdb_firmware, EmonLib, emonhub (EmonHubTx3eInterfacer).
 */
export const emontxFormat = defineLineFormat({
  kind: 'emontx',
  recognises: (line) => /[A-Za-z]\d{0,2}"?:/.test(line) || /^(-?\d+\.\d+\s+){4}-?\d+\.\d+\s*$/.test(line),
  startMemory: () => ({}),
  decode: (frame, line) => {
    const failures: DecodeFailure[] = [];
    const byChannel = new Map<string, Metrics>();
    const pairs = pairsOf(line, failures);
    if (pairs === undefined)
      return refused('wrong-shape', 'line', 'pairs of name and number, as MSG:1,Vrms:246.81,P1:79');
    for (const pair of pairs) take(pair, byChannel, failures);
    const device = lineDevice(frame);
    const sequence = sequenceOf(pairs);
    const { arrivedMs } = frame;
    const samples: Sample[] = [];
    for (const [channel, metrics] of byChannel) {
      if (hasMetrics(metrics)) {
        samples.push(createSample(device, channel, arrivedMs, 'arrival', arrivedMs, sequence, metrics));
      }
    }
    return { samples, occurrences: [], failures };
  },
});
