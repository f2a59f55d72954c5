import { Decoder } from 'cbor-x';

/** One record as RFC 8428 section 4.6 resolves it: base name and base time filled in. */
export interface ResolvedRecord {
  readonly name: string;
  readonly timeSeconds: number;
  readonly unit: string | undefined;
  readonly value: number | boolean | string;
}

const decoder = new Decoder({ mapsAsObjects: false, useRecords: false });

/** RFC 8428 table 4, written out a second time. */
const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [-2, 'bn'],
  [-3, 'bt'],
  [0, 'n'],
  [1, 'u'],
  [2, 'v'],
  [3, 'vs'],
  [4, 'vb'],
]);

const rawRecords = (payload: Uint8Array): readonly ReadonlyMap<string, unknown>[] => {
  if (payload[0] === 0x5b) {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (!Array.isArray(parsed)) throw new Error('not an array');
    return parsed.map((record: object) => new Map<string, unknown>(Object.entries(record)));
  }
  const parsed: unknown = decoder.decode(Buffer.from(payload));
  if (!Array.isArray(parsed)) throw new Error('not an array');
  return parsed.map((record: unknown) => {
    if (!(record instanceof Map)) throw new Error('not a map');
    return new Map([...record].map(([key, value]): [string, unknown] => [NAMES.get(key) ?? `?${key}`, value]));
  });
};

const KNOWN = new Set(['bn', 'bt', 'n', 'u', 'v', 'vs', 'vb']);

/** Reads a pack strictly: throws on anything that RFC 8428 or the simulator's contract does not allow. */
export const readPack = (payload: Uint8Array): readonly ResolvedRecord[] => {
  let baseName = '';
  let baseTime = 0;
  return rawRecords(payload).map((record) => {
    for (const key of record.keys()) if (!KNOWN.has(key)) throw new Error(`unknown field ${key}`);
    baseName = String(record.get('bn') ?? baseName);
    baseTime = Number(record.get('bt') ?? baseTime);
    const values = ['v', 'vs', 'vb'].flatMap((key) => (record.has(key) ? [record.get(key)] : []));
    const [value] = values;
    const isScalar = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
    if (values.length !== 1 || !isScalar) throw new Error('needs exactly one value');
    const unit = record.get('u');
    const name = `${baseName}${String(record.get('n'))}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/.test(name)) throw new Error(`bad name ${name}`);
    return { name, timeSeconds: baseTime, unit: unit === undefined ? undefined : String(unit), value };
  });
};

/** Values by name without the device: `{ 'acceleration/x': 1.2, … }`. */
export const valuesOf = (payload: Uint8Array): ReadonlyMap<string, number | boolean | string> =>
  new Map(readPack(payload).map(({ name, value }) => [name.slice(name.indexOf('/') + 1), value]));

export const numberIn = (values: ReadonlyMap<string, number | boolean | string>, name: string): number => {
  const value = values.get(name);
  if (typeof value !== 'number') throw new Error(`no number ${name}`);
  return value;
};
