import type { DecodeFailure, FailureCode } from '../../model/sample.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

/** A resolved record (RFC 8428 section 4.6): full name, absolute time, no base fields. */
export interface ResolvedRecord {
  readonly n: string;
  readonly u?: string;
  /** Unix seconds. */
  readonly t: number;
  readonly v?: number;
  readonly vs?: string;
  readonly vb?: boolean;
  /** Octets as base64url without padding. */
  readonly vd?: string;
  readonly s?: number;
  readonly ut?: number;
  /** Only where the pack is of an older version than the one implemented here. */
  readonly bver?: number;
}

export interface ResolvedPack {
  /** In order of time; empty where the pack was refused. */
  readonly records: readonly ResolvedRecord[];
  /** Where each of `records` stood in the pack. */
  readonly positions: readonly number[];
  readonly failures: readonly DecodeFailure[];
}

/** Section 4.4: the version of RFC 8428. */
const VERSION = 10;
/** Section 4.5.3: smaller times are relative to now. */
const RELATIVE_TIME_LIMIT = 2 ** 28;
export const MAX_SENML_RECORDS = 1000;

const NAME = /^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

interface Base {
  name: string;
  time: number;
  unit: string | undefined;
  value: number | undefined;
  sum: number | undefined;
  version: number | undefined;
}

type Kind = 'string' | 'number' | 'boolean';

const FIELD_KINDS: ReadonlyMap<string, Kind> = new Map([
  ['bn', 'string'],
  ['bt', 'number'],
  ['bu', 'string'],
  ['bv', 'number'],
  ['bs', 'number'],
  ['bver', 'number'],
  ['n', 'string'],
  ['u', 'string'],
  ['v', 'number'],
  ['vs', 'string'],
  ['vb', 'boolean'],
  ['vd', 'string'],
  ['s', 'number'],
  ['t', 'number'],
  ['ut', 'number'],
]);

/** Seconds since 1970 of a base time plus a time, section 4.5.3. */
export const absoluteTime = (seconds: number, nowSeconds: number): number =>
  seconds < RELATIVE_TIME_LIMIT ? nowSeconds + seconds : seconds;

const text = (record: JsonObject, key: string): string | undefined => {
  const raw = record[key];
  return typeof raw === 'string' ? raw : undefined;
};

const number = (record: JsonObject, key: string): number | undefined => {
  const raw = record[key];
  return typeof raw === 'number' ? raw : undefined;
};

type Refusal = readonly [code: FailureCode, where: string, expected: string];

/** Types of the known fields, and the fields that must be understood (section 4.4: a name that ends in `_`). */
const checkFields = (record: JsonObject): Refusal | undefined => {
  for (const key of Object.keys(record)) {
    const kind = FIELD_KINDS.get(key);
    if (kind === undefined) {
      if (key.endsWith('_')) return ['unknown-name', key.slice(0, 64), 'no field that must be understood'];
      continue;
    }
    if (typeof record[key] !== kind) return ['wrong-type', key, `a ${kind}`];
    if (kind === 'number' && !Number.isFinite(record[key])) return ['not-a-number', key, 'a finite number'];
  }
  return undefined;
};

const takeBase = (record: JsonObject, base: Base): Refusal | undefined => {
  base.name = text(record, 'bn') ?? base.name;
  base.time = number(record, 'bt') ?? base.time;
  base.unit = text(record, 'bu') ?? base.unit;
  base.value = number(record, 'bv') ?? base.value;
  base.sum = number(record, 'bs') ?? base.sum;
  base.version = number(record, 'bver') ?? base.version;
  if (base.version === undefined) return undefined;
  if (Number.isInteger(base.version) && base.version > 0 && base.version <= VERSION) return undefined;
  return ['unknown-version', 'bver', `a version up to ${VERSION}`];
};

/** True where a record only sets base fields: it resolves to nothing. */
const isBaseOnly = (record: JsonObject): boolean =>
  !['n', 'v', 'vs', 'vb', 'vd', 's', 't', 'u'].some((key) => record[key] !== undefined);

const checkValues = (record: JsonObject, sum: number | undefined): Refusal | undefined => {
  const values = ['v', 'vs', 'vb', 'vd'].filter((key) => record[key] !== undefined);
  if (values.length > 1) return ['wrong-shape', values[1] ?? '', 'one value field in a record'];
  if (values.length === 0 && sum === undefined) return ['wrong-shape', '', 'a value or a sum'];
  const octets = text(record, 'vd');
  if (octets !== undefined && !BASE64URL.test(octets)) return ['wrong-shape', 'vd', 'base64url without padding'];
  return undefined;
};

const resolveOne = (record: JsonObject, base: Base, nowSeconds: number): ResolvedRecord | Refusal => {
  const n = base.name + (text(record, 'n') ?? '');
  if (!NAME.test(n)) return ['wrong-shape', 'n', 'a name of A-Z a-z 0-9 - : . / _ that begins with a letter or digit'];
  const ownSum = number(record, 's');
  const s = ownSum === undefined && base.sum === undefined ? undefined : (ownSum ?? 0) + (base.sum ?? 0);
  const refusal = checkValues(record, s);
  if (refusal !== undefined) return refusal;
  const u = text(record, 'u') ?? base.unit;
  const v = number(record, 'v');
  const vs = text(record, 'vs');
  const vb = record.vb;
  const vd = text(record, 'vd');
  const ut = number(record, 'ut');
  const { version } = base;
  return {
    n,
    ...(u === undefined ? {} : { u }),
    t: absoluteTime(base.time + (number(record, 't') ?? 0), nowSeconds),
    ...(v === undefined ? {} : { v: v + (base.value ?? 0) }),
    ...(vs === undefined ? {} : { vs }),
    ...(typeof vb === 'boolean' ? { vb } : {}),
    ...(vd === undefined ? {} : { vd }),
    ...(s === undefined ? {} : { s }),
    ...(ut === undefined ? {} : { ut }),
    ...(version === undefined || version === VERSION ? {} : { bver: version }),
  };
};

const isRefusal = (outcome: ResolvedRecord | Refusal): outcome is Refusal => Array.isArray(outcome);

const refusePack = ([code, where, expected]: Refusal, index?: number): ResolvedPack => ({
  records: [],
  positions: [],
  failures: [{ code, where: index === undefined ? where : `[${index}]${where === '' ? '' : `.${where}`}`, expected }],
});

/**
 * Resolves a SenML pack as RFC 8428 section 4.6 says. A pack that breaks the RFC is refused as a whole: later records
 * rest on the base fields of earlier ones.
 * @param pack the parsed JSON, or CBOR with its labels already put into the names of JSON
 * @param nowSeconds the time of receipt, Unix seconds, for relative times
 */
export const resolveSenml = (pack: unknown, nowSeconds: number): ResolvedPack => {
  if (!Array.isArray(pack)) return refusePack(['wrong-shape', '', 'an array of records']);
  if (pack.length === 0) return refusePack(['wrong-shape', '', 'at least one record']);
  if (pack.length > MAX_SENML_RECORDS) return refusePack(['too-large', '', `at most ${MAX_SENML_RECORDS} records`]);
  const base: Base = { name: '', time: 0, unit: undefined, value: undefined, sum: undefined, version: undefined };
  const resolved: { readonly record: ResolvedRecord; readonly index: number }[] = [];
  for (const [index, record] of pack.entries()) {
    if (!isJsonObject(record)) return refusePack(['wrong-shape', '', 'a record'], index);
    const refusal = checkFields(record) ?? takeBase(record, base);
    if (refusal !== undefined) return refusePack(refusal, index);
    if (isBaseOnly(record) && base.sum === undefined) continue;
    const outcome = resolveOne(record, base, nowSeconds);
    if (isRefusal(outcome)) return refusePack(outcome, index);
    resolved.push({ record: outcome, index });
  }
  resolved.sort((one, other) => one.record.t - other.record.t);
  return {
    records: resolved.map(({ record }) => record),
    positions: resolved.map(({ index }) => index),
    failures: [],
  };
};
