import { Encoder } from 'cbor-x';

/** One SenML record: exactly one of `v`, `vb`, `vs` is set (RFC 8428 section 4.2). */
export interface SenmlRecord {
  readonly n: string;
  readonly u?: string;
  readonly v?: number;
  readonly vb?: boolean;
  readonly vs?: string;
}

/** What a device sends at one moment; the records share its base name and base time. */
export interface Pack {
  readonly device: string;
  /** The device's own clock, Unix milliseconds. */
  readonly stampMs: number;
  readonly records: readonly SenmlRecord[];
}

export type Format = 'cbor' | 'json';

/** RFC 8428 section 6, table 4: the integer labels that replace names in CBOR. */
const LABEL = { bn: -2, bt: -3, n: 0, u: 1, v: 2, vs: 3, vb: 4 } as const;

/**
 * Plain RFC 8949: definite lengths, integer keys (Map objects), no cbor-x record extension. A device encodes the
 * shortest exact form of a number, so floats stay 64 bits wide and whole numbers become integers.
 */
const encoder = new Encoder({ useRecords: false, mapsAsObjects: false, variableMapSize: true });

export const numeric = (n: string, u: string, v: number, decimals: number): SenmlRecord => {
  const factor = 10 ** decimals;
  return { n, u, v: Math.round(v * factor) / factor };
};

export const flag = (n: string, vb: boolean): SenmlRecord => ({ n, vb });

const cborRecord = (record: SenmlRecord): Map<number, string | number | boolean> => {
  const map = new Map<number, string | number | boolean>([[LABEL.n, record.n]]);
  if (record.u !== undefined) map.set(LABEL.u, record.u);
  if (record.v !== undefined) map.set(LABEL.v, record.v);
  if (record.vs !== undefined) map.set(LABEL.vs, record.vs);
  if (record.vb !== undefined) map.set(LABEL.vb, record.vb);
  return map;
};

/** The bytes of a pack. Base name and base time stand in the first record (RFC 8428 section 4.1). */
export const encodePack = (pack: Pack, format: Format): Uint8Array => {
  const baseName = `${pack.device}/`;
  const baseTime = Math.round(pack.stampMs) / 1000;
  if (format === 'json') {
    const [first, ...rest] = pack.records;
    return new TextEncoder().encode(JSON.stringify([{ bn: baseName, bt: baseTime, ...first }, ...rest]));
  }
  const maps = pack.records.map((record, index) =>
    index > 0
      ? cborRecord(record)
      : new Map<number, string | number | boolean>([[LABEL.bn, baseName], [LABEL.bt, baseTime], ...cborRecord(record)]),
  );
  // cbor-x hands out slices of one large buffer: a copy keeps a queued message its own size.
  return Uint8Array.from(encoder.encode(maps));
};
