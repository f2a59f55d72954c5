import { Decoder } from 'cbor-x';
import type { DecodeFailure } from '../../model/sample.ts';
import { bufferOf, MAX_JSON_BYTES } from '../json.ts';
import { isPlainCbor } from './cbor-shape.ts';

/** RFC 8428 section 6, table 4: integer labels of CBOR and what JSON calls them. */
const LABELS: ReadonlyMap<unknown, string> = new Map([
  [-1, 'bver'],
  [-2, 'bn'],
  [-3, 'bt'],
  [-4, 'bu'],
  [-5, 'bv'],
  [-6, 'bs'],
  [0, 'n'],
  [1, 'u'],
  [2, 'v'],
  [3, 'vs'],
  [4, 'vb'],
  [5, 's'],
  [6, 't'],
  [7, 'ut'],
  [8, 'vd'],
]);

/** Maps as Map: keys of a payload never become property names. */
const decoder = new Decoder({ mapsAsObjects: false, useRecords: false });

const jsonValue = (value: unknown): unknown =>
  // The JSON form of octets, section 4.3; big integers are no sensor values.
  value instanceof Uint8Array ? bufferOf(value).toString('base64url') : value;

/** A CBOR record under the names of JSON. */
const recordOf = (item: unknown): unknown => {
  if (!(item instanceof Map)) return item;
  const record: Record<string, unknown> = {};
  for (const [key, value] of item) {
    const label = LABELS.get(key);
    if (label !== undefined) record[label] = jsonValue(value);
    // Text labels are extensions; only whether they must be understood matters (section 4.4).
    else if (typeof key === 'string' && key.endsWith('_')) record.unknown_ = true;
  }
  return record;
};

/** The records of a SenML CBOR pack under the names of JSON, or undefined with the reason in `failures`. */
export const parseSenmlCbor = (payload: Uint8Array, failures: DecodeFailure[]): unknown => {
  if (payload.length > MAX_JSON_BYTES) {
    failures.push({ code: 'too-large', where: '', expected: `at most ${MAX_JSON_BYTES} bytes` });
    return undefined;
  }
  const refuse = (): undefined => {
    failures.push({ code: 'not-cbor', where: '', expected: 'one CBOR item of definite length, without unknown tags' });
    return undefined;
  };
  if (!isPlainCbor(payload)) return refuse();
  try {
    const item: unknown = decoder.decode(payload);
    return Array.isArray(item) ? item.map(recordOf) : (recordOf(item) ?? null);
  } catch {
    return refuse();
  }
};
