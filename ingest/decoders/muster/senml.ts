import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure, Sample } from '../../model/sample.ts';
import { createSample, isPlausibleTime } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { defineDecoder } from '../decoder.ts';
import { NOTHING, onlyFailures, refused } from '../findings.ts';
import { bufferOf, isJsonObject, type JsonObject, MAX_JSON_BYTES, parseFlatJson, parseJson } from '../json.ts';
import { parseSenmlCbor } from './senml-cbor.ts';
import { failPack, finishPack, type Pack, type SenmlTarget, startPack, takeRecord, targetOf } from './senml-pack.ts';
import { absoluteTime, MAX_SENML_RECORDS, type ResolvedRecord, resolveSenml } from './senml-resolve.ts';
import { SenmlScan } from './senml-scan.ts';

/** What base fields set for this record and those that follow. */
interface Carried {
  time: number;
  unit: string | undefined;
}

const isOwnBaseName = (baseName: unknown, device: string): boolean =>
  typeof baseName === 'string' &&
  baseName.length === device.length + 1 &&
  baseName.startsWith(device) &&
  baseName.endsWith('/');

/** Takes a base field; false where it is one that needs the whole of RFC 8428. */
const carry = (carried: Carried, key: string, field: unknown, device: string): boolean => {
  if (key === 'bn') return isOwnBaseName(field, device);
  if (key === 'bt' && typeof field === 'number') carried.time = field;
  else if (key === 'bu' && typeof field === 'string') carried.unit = field;
  else return false;
  return true;
};

/**
 * Takes a record that has nothing unusual about it straight into the pack; false where it needs the whole of RFC 8428.
 * One pass over the fields, nothing allocated but what is kept.
 */
const takePlain = (pack: Pack, record: JsonObject, carried: Carried, index: number): boolean => {
  let target: SenmlTarget | undefined;
  let unit: string | undefined;
  let number: number | undefined;
  let flag: boolean | undefined;
  let time = 0;
  for (const key in record) {
    const field = record[key];
    if (key === 'n') {
      if (typeof field !== 'string') return false;
      target = targetOf(field);
    } else if (key === 'u') {
      if (typeof field !== 'string') return false;
      unit = field;
    } else if (key === 'v') {
      if (typeof field !== 'number') return false;
      number = field;
    } else if (key === 'vb') {
      if (typeof field !== 'boolean') return false;
      flag = field;
    } else if (key === 't') {
      if (typeof field !== 'number') return false;
      time = field;
    } else if (!carry(carried, key, field, pack.device)) return false;
  }
  if (target === undefined || (number === undefined) === (flag === undefined)) return false;
  time += carried.time;
  const deviceMs = time === 0 ? undefined : absoluteTime(time, pack.frame.arrivedMs / 1000) * 1000;
  takeRecord(pack, target, unit ?? carried.unit, number, flag, undefined, deviceMs, index);
  return true;
};

/** True where the name minus a leading part of it is a name of the contract: `gate-b/temperature`, `urn:x:power`. */
const namesAnother = (name: string): boolean => {
  for (let at = 0; at < name.length; at += 1) {
    const isEdge = name[at] === '/' || name[at] === ':';
    if (isEdge && targetOf(name.slice(at + 1)) !== undefined) return true;
  }
  return false;
};

const refuseName = (pack: Pack, name: string, index: number): void => {
  if (namesAnother(name)) failPack(pack, 'wrong-device', `[${index}].n`, `names of ${pack.device} only`);
  else failPack(pack, 'unknown-name', `[${index}].n`, 'a name of the SenML contract');
};

const takeResolved = (pack: Pack, record: ResolvedRecord, index: number): void => {
  const prefix = `${pack.device}/`;
  const name = record.n.startsWith(prefix) ? record.n.slice(prefix.length) : record.n;
  const target = targetOf(name);
  if (target === undefined) {
    refuseName(pack, name, index);
    return;
  }
  const { arrivedMs } = pack.frame;
  const deviceMs = record.t === arrivedMs / 1000 ? undefined : record.t * 1000;
  takeRecord(pack, target, record.u, record.v, record.vb, record.vs, deviceMs, index);
};

const hasForeignBaseName = (records: readonly unknown[], device: string): number =>
  records.findIndex((record) => {
    if (!isJsonObject(record)) return false;
    const { bn } = record;
    return typeof bn === 'string' && bn !== '' && bn !== device && !bn.startsWith(`${device}/`);
  });

/** The whole of RFC 8428, for packs with anything unusual in them. */
const decodeFully = (records: readonly unknown[], frame: Frame, device: string): Decoded => {
  const resolved = resolveSenml(records, frame.arrivedMs / 1000);
  if (resolved.failures.length > 0) return onlyFailures(resolved.failures);
  const foreign = hasForeignBaseName(records, device);
  if (foreign >= 0) return refused('wrong-device', `[${foreign}].bn`, `absent, or ${device}/`);
  const pack = startPack(frame, device);
  resolved.records.forEach((record, at) => {
    takeResolved(pack, record, resolved.positions[at] ?? at);
  });
  return finishPack(pack);
};

/** The sample of one reading, once its record is taken apart; undefined where something about it has to be said. */
const sampleOf = (
  target: SenmlTarget,
  unit: unknown,
  value: number,
  seconds: number,
  frame: Frame,
  device: string,
): Sample | undefined => {
  const { name, channel } = target;
  if (name.role !== 'quantity' || (unit !== name.unit && unit !== undefined)) return undefined;
  const converted = name.convert === undefined ? value : name.convert(value);
  if (!(converted >= name.min && converted <= name.max)) return undefined;
  const { arrivedMs } = frame;
  const metrics: Metrics = {};
  metrics[name.metric] = converted;
  if (seconds === 0) return createSample(device, channel, arrivedMs, 'arrival', arrivedMs, undefined, metrics);
  const timeMs = Math.round(absoluteTime(seconds, arrivedMs / 1000) * 1000);
  if (!isPlausibleTime(timeMs, arrivedMs)) return undefined;
  return createSample(device, channel, timeMs, 'device', arrivedMs, undefined, metrics);
};

/**
 * A pack of one plain reading, by far the most frequent message; undefined where it is anything else. What this takes
 * comes out as `takePlain` would make it.
 */
const decodeReading = (record: unknown, frame: Frame, device: string): Decoded | undefined => {
  if (!isJsonObject(record)) return undefined;
  let target: SenmlTarget | undefined;
  let unit: unknown;
  let value: unknown;
  let seconds = 0;
  for (const key in record) {
    const field = record[key];
    if (key === 'n') target = typeof field === 'string' ? targetOf(field) : undefined;
    else if (key === 'u') unit = field;
    else if (key === 'v') value = field;
    else if (key === 'bt' || key === 't') {
      if (typeof field !== 'number') return undefined;
      seconds += field;
    } else if (key !== 'bn' || !isOwnBaseName(field, device)) return undefined;
  }
  if (target === undefined || typeof value !== 'number') return undefined;
  const sample = sampleOf(target, unit, value, seconds, frame, device);
  if (sample === undefined) return undefined;
  return { samples: [sample], occurrences: NOTHING.occurrences, failures: NOTHING.failures };
};

const decodeRecords = (parsed: unknown, frame: Frame, device: string): Decoded => {
  if (!Array.isArray(parsed) || parsed.length === 0 || parsed.length > MAX_SENML_RECORDS) {
    return onlyFailures(resolveSenml(parsed, 0).failures);
  }
  const records: readonly unknown[] = parsed;
  const reading = records.length === 1 ? decodeReading(records[0], frame, device) : undefined;
  if (reading !== undefined) return reading;
  const pack = startPack(frame, device);
  const carried: Carried = { time: 0, unit: undefined };
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index];
    if (!isJsonObject(record) || !takePlain(pack, record, carried, index)) return decodeFully(records, frame, device);
  }
  return finishPack(pack);
};

/** One for all: nothing of it outlives a frame. */
const scan = new SenmlScan();

const takeScanned = (pack: Pack, index: number): void => {
  const { target, unit, value, time, baseTime } = scan;
  if (target === undefined) return;
  const seconds = baseTime + time;
  const deviceMs = seconds === 0 ? undefined : absoluteTime(seconds, pack.frame.arrivedMs / 1000) * 1000;
  takeRecord(pack, target, unit, value, undefined, undefined, deviceMs, index);
};

/** A pack of plain readings, read from its bytes; undefined where it is anything else. */
const decodeScanned = (frame: Frame, device: string): Decoded | undefined => {
  if (frame.payload.length > MAX_JSON_BYTES) return undefined;
  if (!scan.open(bufferOf(frame.payload), device) || !scan.record()) return undefined;
  if (scan.closed()) {
    const { target, unit, value, time, baseTime } = scan;
    const sample = target && sampleOf(target, unit, value, baseTime + time, frame, device);
    if (sample === undefined) return undefined;
    return { samples: [sample], occurrences: NOTHING.occurrences, failures: NOTHING.failures };
  }
  const pack = startPack(frame, device);
  takeScanned(pack, 0);
  for (let index = 1; scan.more(); index += 1) {
    if (index >= MAX_SENML_RECORDS || !scan.record()) return undefined;
    takeScanned(pack, index);
  }
  return scan.closed() ? finishPack(pack) : undefined;
};

/** CBOR arrays begin with 0x80 to 0x9f, which no JSON text does. */
const isCbor = (payload: Uint8Array): boolean => (payload[0] ?? 0) >= 0x80;

const ABOUT: About = {
  devices: {
    zh: 'Muster 自己的设备、固件，以及一切会发 SenML 的设备（JSON 或 CBOR，RFC 8428）',
    en: 'Muster’s own devices and firmware, and whatever speaks SenML (JSON or CBOR, RFC 8428)',
  },
  specification: 'https://www.rfc-editor.org/rfc/rfc8428',
  examples: [
    {
      address: 'muster/riverside/up/gate-a',
      payload: '[{"n":"entries","u":"count","v":412},{"n":"exits","u":"count","v":87},{"n":"seq","u":"count","v":31}]',
    },
    { address: 'muster/riverside/up/badge-7', payload: '[{"n":"seq","u":"count","v":9},{"n":"sos","vb":true}]' },
  ],
  notes: {
    zh: '名称与单位见 formats.md。',
    en: 'Names and units: formats.md.',
  },
};

/** SenML of Muster's own devices, JSON or CBOR: see `ingest/model/senml.ts` for the names. */
export const senmlDecoder = defineDecoder({
  kind: 'senml',
  topics: ['muster/{venue}/up/{device}'],
  about: ABOUT,
  decode(frame, { params }) {
    const device = params.device ?? '';
    if (!isCbor(frame.payload)) {
      const scanned = decodeScanned(frame, device);
      if (scanned !== undefined) return scanned;
      const parsed = parseFlatJson(frame.payload);
      if (parsed !== undefined) return decodeRecords(parsed, frame, device);
    }
    const failures: DecodeFailure[] = [];
    const parsed = isCbor(frame.payload) ? parseSenmlCbor(frame.payload, failures) : parseJson(frame.payload, failures);
    return parsed === undefined ? onlyFailures(failures) : decodeRecords(parsed, frame, device);
  },
});
