import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A metric as a test writes it; the value under the name of its field in the specification. */
export interface WrittenMetric {
  readonly name?: string;
  readonly alias?: number;
  readonly timestampMs?: number;
  readonly datatype?: number;
  readonly isHistorical?: boolean;
  readonly isNull?: boolean;
  readonly unit?: string;
  readonly int?: number;
  readonly long?: bigint;
  readonly float?: number;
  readonly double?: number;
  readonly boolean?: boolean;
  readonly string?: string;
}

const properties = (writer: BinaryWriter, unit: string): void => {
  writer.tag(9, WireType.LengthDelimited).fork();
  for (const key of ['quality', 'engUnit']) writer.tag(1, WireType.LengthDelimited).string(key);
  writer.tag(2, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).uint32(3).tag(3, WireType.Varint).uint32(192).join();
  writer.tag(2, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).uint32(12).tag(8, WireType.LengthDelimited).string(unit).join();
  writer.join();
};

const write = (writer: BinaryWriter, metric: WrittenMetric): void => {
  const { name, alias, timestampMs, datatype, isHistorical, isNull, unit } = metric;
  writer.tag(2, WireType.LengthDelimited).fork();
  if (name !== undefined) writer.tag(1, WireType.LengthDelimited).string(name);
  if (alias !== undefined) writer.tag(2, WireType.Varint).uint64(alias);
  if (timestampMs !== undefined) writer.tag(3, WireType.Varint).uint64(timestampMs);
  if (datatype !== undefined) writer.tag(4, WireType.Varint).uint32(datatype);
  if (isHistorical !== undefined) writer.tag(5, WireType.Varint).bool(isHistorical);
  if (isNull !== undefined) writer.tag(7, WireType.Varint).bool(isNull);
  if (unit !== undefined) properties(writer, unit);
  if (metric.int !== undefined) writer.tag(10, WireType.Varint).uint32(metric.int);
  if (metric.long !== undefined) writer.tag(11, WireType.Varint).uint64(metric.long);
  if (metric.float !== undefined) writer.tag(12, WireType.Bit32).float(metric.float);
  if (metric.double !== undefined) writer.tag(13, WireType.Bit64).double(metric.double);
  if (metric.boolean !== undefined) writer.tag(14, WireType.Varint).bool(metric.boolean);
  if (metric.string !== undefined) writer.tag(15, WireType.LengthDelimited).string(metric.string);
  writer.join();
};

/** A payload in Protocol Buffers; `seq` undefined: as in a death certificate. */
export const payload = (
  seq: number | undefined,
  metrics: readonly WrittenMetric[],
  timestampMs = 1_767_225_600_000,
): Uint8Array => {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).uint64(timestampMs);
  for (const metric of metrics) write(writer, metric);
  if (seq !== undefined) writer.tag(3, WireType.Varint).uint64(seq);
  return writer.finish();
};
