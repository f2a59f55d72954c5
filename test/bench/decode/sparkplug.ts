import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

interface Metric {
  readonly name: string;
  readonly value: number;
}

export const metric = (name: string, value: number): Metric => ({ name, value });

const DOUBLE = 10;

/** Data by name, as an edge node sends it that uses no aliases. */
export const sparkplugPayload = (step: number, metrics: readonly Metric[]): Uint8Array => {
  const stampMs = 1_767_225_600_000 + step;
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).uint64(stampMs);
  for (const { name, value } of metrics) {
    writer.tag(2, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(name);
    writer.tag(3, WireType.Varint).uint64(stampMs);
    writer.tag(4, WireType.Varint).uint32(DOUBLE);
    writer.tag(13, WireType.Bit64).double(value);
    writer.join();
  }
  writer.tag(3, WireType.Varint).uint64(step % 256);
  return writer.finish();
};
