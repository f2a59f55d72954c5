import type { DecodeFailure } from '../model/sample.ts';

/** Larger payloads are refused unread: parsing a megabyte would hold up everybody else's alarms. */
export const MAX_JSON_BYTES = 256 * 1024;

/** Deeper nesting than any supported format uses. */
export const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CASE_BIT = 0x20;

/** True if brackets nest deeper than MAX_DEPTH. Strings are skipped; says nothing about validity otherwise. */
const nestsTooDeep = (payload: Uint8Array): boolean => {
  let depth = 0;
  for (let at = 0; at < payload.length; at += 1) {
    const byte = payload[at] ?? 0;
    if (byte === QUOTE) {
      at += 1;
      while (at < payload.length && payload[at] !== QUOTE) at += payload[at] === BACKSLASH ? 2 : 1;
      continue;
    }
    // '[' 0x5b and '{' 0x7b, ']' 0x5d and '}' 0x7d differ in one bit.
    const folded = byte | CASE_BIT;
    if (folded === 0x7b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (folded === 0x7d) depth -= 1;
  }
  return false;
};

/** A Buffer over the same bytes, without a copy. */
export const bufferOf = (payload: Uint8Array): Buffer =>
  Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);

/** Plain text of a payload, trimmed; undefined beyond `maxBytes`. */
export const parseText = (payload: Uint8Array, maxBytes = 256): string | undefined =>
  payload.length > maxBytes ? undefined : bufferOf(payload).toString('utf8').trim();

/** The JSON value, or undefined (which JSON cannot say) with the reason in `failures`. */
export const parseJson = (payload: Uint8Array, failures: DecodeFailure[]): unknown => {
  if (payload.length > MAX_JSON_BYTES) {
    failures.push({ code: 'too-large', where: '', expected: `at most ${MAX_JSON_BYTES} bytes` });
    return undefined;
  }
  // Whatever is shorter cannot close as many brackets as it would have to open.
  if (payload.length > 2 * MAX_DEPTH && nestsTooDeep(payload)) {
    failures.push({ code: 'not-json', where: '', expected: `JSON nested at most ${MAX_DEPTH} deep` });
    return undefined;
  }
  try {
    return JSON.parse(bufferOf(payload).toString('utf8'));
  } catch {
    failures.push({ code: 'not-json', where: '', expected: 'JSON' });
    return undefined;
  }
};

/**
 * The JSON value without the check of nesting, or undefined for anything that `parseJson` would refuse or that merely
 * failed: ask `parseJson` for the reason. For formats that are flat and whose fields are checked one by one.
 */
export const parseFlatJson = (payload: Uint8Array): unknown => {
  if (payload.length > MAX_JSON_BYTES) return undefined;
  try {
    return JSON.parse(bufferOf(payload).toString('utf8'));
  } catch {
    return undefined;
  }
};

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON object, or undefined with the reason in `failures`. */
export const parseJsonObject = (payload: Uint8Array, failures: DecodeFailure[]): JsonObject | undefined => {
  const value = parseJson(payload, failures);
  if (value === undefined) return undefined;
  if (isJsonObject(value)) return value;
  failures.push({ code: 'wrong-shape', where: '', expected: 'a JSON object' });
  return undefined;
};
