import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

const DOUBLE = 10;
const NAMES = ['Temperature', 'Line 1/Current'];

const payload = (seq: number, values: readonly number[], isBirth: boolean): Uint8Array => {
  const stampMs = 1_767_225_600_000 + seq;
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).uint64(stampMs);
  for (const [alias, value] of values.entries()) {
    writer.tag(2, WireType.LengthDelimited).fork();
    if (isBirth) writer.tag(1, WireType.LengthDelimited).string(NAMES[alias] ?? '');
    writer.tag(2, WireType.Varint).uint64(alias).tag(3, WireType.Varint).uint64(stampMs);
    if (isBirth) writer.tag(4, WireType.Varint).uint32(DOUBLE);
    writer.tag(13, WireType.Bit64).double(value).join();
  }
  writer.tag(3, WireType.Varint).uint64(seq);
  return writer.finish();
};

const valuesOf = (node: number, step: number): readonly number[] => [18 + node / 10 + step / 100, node / 8];

export const sparkplugBirth = (node: number): Uint8Array => payload(255, valuesOf(node, 0), true);

/** Data by alias, of a temperature and a current. */
export const sparkplugData = (node: number, step: number): Uint8Array => payload(step, valuesOf(node, step), false);
