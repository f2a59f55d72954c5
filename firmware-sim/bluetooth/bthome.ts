import { createCipheriv } from 'node:crypto';
import type { SenmlRecord } from '../senml.ts';

/** BTHome v2, bthome.io/format: service data under this UUID, objects in the order of their ids, little endian. */
const SERVICE_UUID = Buffer.of(0xd2, 0xfc);
const PLAIN = 0x40;
const ENCRYPTED = 0x41;
const MIC_BYTES = 4;

const PRESS = { single: 0x01, double: 0x02, long: 0x04 } as const;

const integer = (value: number, bytes: 1 | 2 | 4, isSigned: boolean): Buffer => {
  const [low, high] = isSigned ? [-(2 ** (8 * bytes - 1)), 2 ** (8 * bytes - 1) - 1] : [0, 2 ** (8 * bytes) - 1];
  const fitted = Math.max(low, Math.min(high, Math.round(value)));
  const buffer = Buffer.alloc(bytes);
  if (isSigned) buffer.writeIntLE(fitted, 0, bytes);
  else buffer.writeUIntLE(fitted, 0, bytes);
  return buffer;
};

/** An object of the format: its id and its bytes. */
type Coded = readonly [id: number, bytes: Buffer];

/** What a device measured, as an object; undefined: the format has none for it. */
const objectOf = ({ n, v = 0, vb }: SenmlRecord): Coded | undefined => {
  switch (n) {
    case 'battery':
      return [0x01, integer(v, 1, false)];
    case 'temperature':
      return [0x02, integer(v * 100, 2, true)];
    case 'humidity':
      return [0x03, integer(v * 100, 2, false)];
    case 'current':
      return [0x43, integer(v * 1000, 2, false)];
    // Axes have no names: x, y and z are the first, second and third of the same id.
    case 'acceleration/x':
    case 'acceleration/y':
    case 'acceleration/z':
      return [0x63, integer(v * 1e6, 4, true)];
    // One button: held for help, pressed once to check in, twice to cancel.
    case 'sos':
      return vb === true ? [0x3a, Buffer.of(PRESS.long)] : undefined;
    case 'checkin':
      return [0x3a, Buffer.of(PRESS.single)];
    case 'cancel':
      return [0x3a, Buffer.of(PRESS.double)];
    default:
      return undefined;
  }
};

const joined = (objects: readonly Coded[]): Buffer =>
  Buffer.concat(
    objects.toSorted(([left], [right]) => left - right).map(([id, bytes]) => Buffer.concat([Buffer.of(id), bytes])),
  );

/** The objects of a pack; undefined where the format has words for none of it. */
export const bthomeObjects = (
  records: readonly SenmlRecord[],
  packetId: number,
  maxBytes: number,
): Buffer | undefined => {
  const objects = records.map(objectOf).filter((object) => object !== undefined);
  if (objects.length === 0) return undefined;
  const packet: Coded = [0x00, Buffer.of(packetId & 0xff)];
  const all = joined([packet, ...objects]);
  if (all.length <= maxBytes) return all;
  // A legacy advert has no room for all of it: the battery goes out instead of the rest, now and then.
  const isBattery = ([id]: Coded): boolean => id === 0x01;
  const kept = packetId % BATTERY_EVERY === 0 ? objects.filter(isBattery) : objects.filter((one) => !isBattery(one));
  return joined([packet, ...kept]);
};

const BATTERY_EVERY = 8;

export interface BthomeKey {
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** `AA:BB:CC:DD:EE:FF` */
  readonly address: string;
  /** Counts every new message. */
  readonly counter: number;
}

/** The service data, UUID first; with a key as bthome.io/encryption has it: AES-CCM, the counter and a MIC of 4 bytes. */
export const bthomeServiceData = (objects: Uint8Array, secret: BthomeKey | undefined): Buffer => {
  if (secret === undefined) return Buffer.concat([SERVICE_UUID, Buffer.of(PLAIN), objects]);
  const mac = Buffer.from(secret.address.replaceAll(':', ''), 'hex');
  const counter = Buffer.alloc(4);
  counter.writeUInt32LE(secret.counter >>> 0);
  const nonce = Buffer.concat([mac, SERVICE_UUID, Buffer.of(ENCRYPTED), counter]);
  const cipher = createCipheriv('aes-128-ccm', secret.key, nonce, { authTagLength: MIC_BYTES });
  const sealed = Buffer.concat([cipher.update(objects), cipher.final()]);
  return Buffer.concat([SERVICE_UUID, Buffer.of(ENCRYPTED), sealed, counter, cipher.getAuthTag()]);
};
