import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * A metric as it stands in the message. `int` holds both of uint32 and uint64: what it means is the datatype's matter.
 */
export interface SparkplugMetric {
  name: string | undefined;
  /** An unsigned 64-bit number, in decimal. */
  alias: string | undefined;
  /** Unix milliseconds. */
  timestampMs: number | undefined;
  datatype: number;
  isHistorical: boolean;
  isNull: boolean;
  /** Property `engUnit`; '' where there is none. */
  unit: string;
  value: SparkplugValue | undefined;
}

export type SparkplugValue =
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float' | 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  /** Bytes, data sets, templates. */
  | { readonly type: 'other' };

export interface SparkplugPayload {
  timestampMs: number | undefined;
  /** 0 to 255, as sent; undefined where absent, as in a death certificate. */
  seq: number | undefined;
  readonly metrics: SparkplugMetric[];
  /** The message had more metrics than are read. */
  isCut: boolean;
}

/** More than an edge node's packet of 64 KiB holds. */
const METRICS_MAX = 10_000;

const big = (value: bigint | string): bigint => (typeof value === 'bigint' ? value : BigInt(value));

/** Field number and wire type in one number, as on the wire (Protocol Buffers, "Message Structure"). */
const tag = (field: number, type: WireType): number => (field << 3) | type;

/** Reads every field of a message; `take` answers false for one that it leaves, which is then skipped. */
const readFields = (bytes: Uint8Array, take: (tagged: number, reader: BinaryReader) => boolean): void => {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (!take(tag(field, type), reader)) reader.skip(type, field);
  }
};

const STRING_VALUE = tag(8, WireType.LengthDelimited);
const KEYS = tag(1, WireType.LengthDelimited);
const VALUES = tag(2, WireType.LengthDelimited);

/** A PropertyValue's text; '' for one of another type. */
const readPropertyText = (bytes: Uint8Array): string => {
  let text = '';
  readFields(bytes, (tagged, reader) => {
    if (tagged !== STRING_VALUE) return false;
    text = reader.string();
    return true;
  });
  return text;
};

/** The text of property `engUnit` of a PropertySet: keys and values stand in two lists of the same order. */
const readUnit = (bytes: Uint8Array): string => {
  let keys = 0;
  let at = -1;
  const values: Uint8Array[] = [];
  readFields(bytes, (tagged, reader) => {
    if (tagged === KEYS) {
      if (reader.string().toLowerCase() === 'engunit') at = keys;
      keys += 1;
    } else if (tagged === VALUES) values.push(reader.bytes());
    else return false;
    return true;
  });
  const value = values[at];
  return value === undefined ? '' : readPropertyText(value);
};

type ReadField<Target> = (target: Target, reader: BinaryReader) => void;

const OTHER: SparkplugValue = { type: 'other' };

const readOther: ReadField<SparkplugMetric> = (metric, reader) => {
  reader.bytes();
  metric.value = OTHER;
};

/** Sparkplug 3.0 section 6.4.1, message Metric. */
const METRIC_FIELDS: ReadonlyMap<number, ReadField<SparkplugMetric>> = new Map<number, ReadField<SparkplugMetric>>([
  [tag(1, WireType.LengthDelimited), (metric, reader) => (metric.name = reader.string())],
  [tag(2, WireType.Varint), (metric, reader) => (metric.alias = String(reader.uint64()))],
  [tag(3, WireType.Varint), (metric, reader) => (metric.timestampMs = Number(reader.uint64()))],
  [tag(4, WireType.Varint), (metric, reader) => (metric.datatype = reader.uint32())],
  [tag(5, WireType.Varint), (metric, reader) => (metric.isHistorical = reader.bool())],
  [tag(7, WireType.Varint), (metric, reader) => (metric.isNull = reader.bool())],
  [tag(9, WireType.LengthDelimited), (metric, reader) => (metric.unit = readUnit(reader.bytes()))],
  // int_value is a uint32; what carries more bits in it is read like long_value.
  [tag(10, WireType.Varint), (metric, reader) => (metric.value = { type: 'int', value: big(reader.uint64()) })],
  [tag(11, WireType.Varint), (metric, reader) => (metric.value = { type: 'int', value: big(reader.uint64()) })],
  [tag(12, WireType.Bit32), (metric, reader) => (metric.value = { type: 'float', value: reader.float() })],
  [tag(13, WireType.Bit64), (metric, reader) => (metric.value = { type: 'double', value: reader.double() })],
  [tag(14, WireType.Varint), (metric, reader) => (metric.value = { type: 'boolean', value: reader.bool() })],
  [tag(15, WireType.LengthDelimited), (metric, reader) => (metric.value = { type: 'string', value: reader.string() })],
  [tag(16, WireType.LengthDelimited), readOther],
  [tag(17, WireType.LengthDelimited), readOther],
  [tag(18, WireType.LengthDelimited), readOther],
]);

const readMetric = (bytes: Uint8Array): SparkplugMetric => {
  const metric: SparkplugMetric = {
    name: undefined,
    alias: undefined,
    timestampMs: undefined,
    datatype: 0,
    isHistorical: false,
    isNull: false,
    unit: '',
    value: undefined,
  };
  readFields(bytes, (tagged, reader) => {
    const read = METRIC_FIELDS.get(tagged);
    read?.(metric, reader);
    return read !== undefined;
  });
  return metric;
};

const PAYLOAD_TIMESTAMP = tag(1, WireType.Varint);
const PAYLOAD_METRIC = tag(2, WireType.LengthDelimited);
const PAYLOAD_SEQ = tag(3, WireType.Varint);

/** A Sparkplug B payload (Sparkplug 3.0 section 6.4.1), or undefined for bytes that are not one. */
export const readPayload = (bytes: Uint8Array): SparkplugPayload | undefined => {
  const payload: SparkplugPayload = { timestampMs: undefined, seq: undefined, metrics: [], isCut: false };
  try {
    readFields(bytes, (tagged, reader) => {
      if (tagged === PAYLOAD_METRIC && payload.metrics.length < METRICS_MAX) {
        payload.metrics.push(readMetric(reader.bytes()));
      } else if (tagged === PAYLOAD_TIMESTAMP) payload.timestampMs = Number(reader.uint64());
      else if (tagged === PAYLOAD_SEQ) payload.seq = Number(reader.uint64());
      else {
        payload.isCut ||= tagged === PAYLOAD_METRIC;
        return false;
      }
      return true;
    });
  } catch {
    return undefined;
  }
  return payload;
};

const BOOLEAN = 11;

/** The command that makes an edge node tell everything anew: `Node Control/Rebirth` true (section 6.4.20). */
export const rebirthCommand = (atMs: number): Uint8Array => {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).uint64(Math.max(0, Math.trunc(atMs)));
  writer.tag(2, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).string('Node Control/Rebirth');
  writer.tag(3, WireType.Varint).uint64(Math.max(0, Math.trunc(atMs)));
  writer.tag(4, WireType.Varint).uint32(BOOLEAN);
  writer.tag(14, WireType.Varint).bool(true);
  writer.join();
  return writer.finish();
};
