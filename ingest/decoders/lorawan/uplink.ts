import type { Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure, Sample } from '../../model/sample.ts';
import { createOccurrence, createSample, isPlausibleTime, stampOf } from '../../model/stamp.ts';
import { cutText, hasMetrics, readMetric } from '../findings.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { readCodecObject } from './codec-object.ts';
import type { ChirpstackEvent } from './event.ts';
import { type MilesightReading, readMilesight } from './milesight.ts';

/** The port that Milesight's devices come with. */
const MILESIGHT_PORT = 85;
const MILESIGHT_MODEL = /milesight|\b(?:VS1[23]\d|EM[345]\d\d|AM[13]\d\d|UC[35]\d\d|CT10[135])\b/i;

/** LoRaWAN carries at most 242 bytes. */
const PAYLOAD_BYTES_MAX = 242;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const bytesOf = (raw: unknown, failures: DecodeFailure[]): Buffer | undefined => {
  if (raw === undefined || raw === null || raw === '') return undefined;
  if (typeof raw === 'string' && raw.length <= PAYLOAD_BYTES_MAX * 2 && raw.length % 4 === 0 && BASE64.test(raw)) {
    return Buffer.from(raw, 'base64');
  }
  failures.push({ code: 'wrong-type', where: 'data', expected: `at most ${PAYLOAD_BYTES_MAX} bytes in base64` });
  return undefined;
};

/** What may name the model: profile, device, and their tags. */
const modelOf = (info: unknown): string => {
  if (!isJsonObject(info)) return '';
  const tags = isJsonObject(info.tags) ? Object.values(info.tags).slice(0, 16) : [];
  const texts = [info.deviceProfileName, info.deviceName, ...tags].filter((text) => typeof text === 'string');
  return texts.map((text) => cutText(text)).join(' ');
};

interface Contents {
  readonly readings: readonly MilesightReading[];
  readonly failures: readonly DecodeFailure[];
}

const objectContents = (object: JsonObject): Contents => {
  const failures: DecodeFailure[] = [];
  const readings = [...readCodecObject(object, failures)]
    .filter(([, metrics]) => hasMetrics(metrics))
    .map(([channel, metrics]) => ({ channel, timeMs: undefined, isHistory: false, metrics }));
  return { readings, failures };
};

const milesightContents = (bytes: Uint8Array, model: string): Contents => {
  const failures: DecodeFailure[] = [];
  return { readings: readMilesight(bytes, model, failures), failures };
};

/** What the payload says; undefined: nobody here knows its layout. */
const contentsOf = (message: JsonObject, bytes: Uint8Array | undefined): Contents | undefined => {
  const decoded = isJsonObject(message.object) ? objectContents(message.object) : undefined;
  const model = modelOf(message.deviceInfo);
  const isNamed = MILESIGHT_MODEL.test(model);
  if (bytes === undefined || !(isNamed || message.fPort === MILESIGHT_PORT)) return decoded;
  const read = milesightContents(bytes, model);
  // Another make may use the same port; its codec knows better.
  const isTheirs = !isNamed && read.failures.length > 0 && (decoded?.readings.length ?? 0) > 0;
  return isTheirs ? decoded : read;
};

/** The best reception; of what is missing, Protocol Buffers left out a zero, but nobody hears at 0 dBm. */
const radioOf = (message: JsonObject, failures: DecodeFailure[]): Metrics => {
  const metrics: Metrics = {};
  const heard = (Array.isArray(message.rxInfo) ? message.rxInfo.slice(0, 64) : []).filter(isJsonObject);
  const rssi = (rx: JsonObject): number => (typeof rx.rssi === 'number' ? rx.rssi : Number.NEGATIVE_INFINITY);
  const [first, ...others] = heard;
  if (first === undefined) return metrics;
  const best = others.reduce((before, rx) => (rssi(rx) > rssi(before) ? rx : before), first);
  readMetric(metrics, 'rssiDbm', best.rssi, 'rxInfo.rssi', failures);
  if (best.rssi !== undefined) readMetric(metrics, 'snrDecibels', best.snr ?? 0, 'rxInfo.snr', failures);
  return metrics;
};

const sampleOf = (event: ChirpstackEvent, counter: number, reading: MilesightReading): Sample => {
  const { frame, device, stamp, failures } = event;
  const own = reading.timeMs;
  const { timeMs, timeFrom } =
    own !== undefined && (reading.isHistory || isPlausibleTime(own, frame.arrivedMs))
      ? stampOf(own, frame.arrivedMs, 'data', failures)
      : stamp;
  const sequence = reading.isHistory ? undefined : counter;
  const { channel, metrics } = reading;
  const sample = createSample(device, channel, timeMs, timeFrom, frame.arrivedMs, sequence, metrics);
  sample.historical = reading.isHistory;
  return sample;
};

/** Adds the radio's figures to what the device itself measured on its default channel. */
const withRadio = (readings: readonly MilesightReading[], radio: Metrics): readonly MilesightReading[] => {
  if (!hasMetrics(radio)) return readings;
  const own = readings.find(({ channel, isHistory }) => channel === '' && !isHistory);
  if (own === undefined) return [{ channel: '', timeMs: undefined, isHistory: false, metrics: radio }, ...readings];
  return readings.map((reading) => (reading === own ? { ...own, metrics: { ...own.metrics, ...radio } } : reading));
};

/** An uplink: what the device measured, and how well it was heard. What nobody can read is kept as it came. */
export const takeUplink = (event: ChirpstackEvent, counter: number): Decoded => {
  const { frame, device, message, stamp, failures } = event;
  const bytes = bytesOf(message.data, failures);
  const contents = contentsOf(message, bytes);
  failures.push(...(contents?.failures ?? []));
  const readings = withRadio(contents?.readings ?? [], radioOf(message, failures));
  const samples = readings.map((reading) => sampleOf(event, counter, reading));
  const isRead = contents !== undefined && (contents.readings.length > 0 || contents.failures.length > 0);
  if (isRead || bytes === undefined) return { samples, occurrences: [], failures };
  const fPort = typeof message.fPort === 'number' && Number.isFinite(message.fPort) ? message.fPort : null;
  const attributes = { fPort, dataHex: cutText(bytes.toString('hex')) };
  const id = `${counter}@${stamp.timeMs}`;
  return { samples, occurrences: [createOccurrence(device, 'log', id, stamp, frame, attributes)], failures };
};
