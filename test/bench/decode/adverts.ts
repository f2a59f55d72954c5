import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Badges, NO_BADGES, startBadgeMemory } from '../../../ingest/decoders/ble/badges.ts';
import { decodeRadioFrame } from '../../../ingest/decoders/ble/radio.ts';
import type { Frame } from '../../../ingest/model/frame.ts';
import { ARRIVED_MS } from './frames.ts';

/** Adverts of one format, as our own radio hands them over, and what the same bytes cost without us. */
export interface AdvertFormat {
  readonly name: string;
  readonly yardstick: string;
  frames(): readonly Frame[];
  /** Samples of one frame. */
  decode(frame: Frame): number;
  bare(frame: Frame): void;
}

const TAGS = 256;
const KEY = Buffer.from('231d39c1d7cc1ab1aee224cd096db932', 'hex');

const byte = (value: number): string => value.toString(16).padStart(2, '0');

const macOf = (tag: number): string => `F4:1F:0C:28:CB:${byte(tag).toUpperCase()}`;

const frameOf = (tag: number, data: Buffer): Frame => ({
  source: 'hci0',
  transport: 'ble',
  address: macOf(tag),
  payload: data,
  arrivedMs: ARRIVED_MS,
  retained: false,
  rssiDbm: -60 - (tag % 30),
});

const framesOf = (dataOf: (tag: number) => Buffer): readonly Frame[] =>
  Array.from({ length: TAGS }, (_, tag) => frameOf(tag, dataOf(tag)));

const withService = (service: Buffer): Buffer =>
  Buffer.concat([Buffer.from([2, 1, 6, service.length + 3, 0x16, 0xd2, 0xfc]), service]);

/** Packet id, battery, temperature, humidity. */
const objectsOf = (tag: number): Buffer => Buffer.from(`00${byte(tag)}015d02${byte(tag)}0903bf13`, 'hex');

const nonceOf = (tag: number, counter: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`f41f0c28cb${byte(tag)}`, 'hex'), Buffer.from([0xd2, 0xfc, 0x41]), counter]);

const encryptedOf = (tag: number): Buffer => {
  const counter = Buffer.from([tag, 1, 0, 0]);
  const cipher = createCipheriv('aes-128-ccm', KEY, nonceOf(tag, counter), { authTagLength: 4 });
  const text = Buffer.concat([cipher.update(objectsOf(tag)), cipher.final()]);
  return withService(Buffer.concat([Buffer.from([0x41]), text, counter, cipher.getAuthTag()]));
};

/** Takes the AD structures apart, as any decoder must. */
const splitStructures = ({ payload }: Frame): void => {
  const structures: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += (payload[at] ?? 0) + 1) {
    structures.push(payload.subarray(at + 1, at + 1 + (payload[at] ?? 0)));
  }
};

const decryptOnly = ({ payload, address }: Frame): void => {
  const end = payload.length;
  const nonce = nonceOf(Number.parseInt(address.slice(-2), 16), Buffer.from(payload.subarray(end - 8, end - 4)));
  const decipher = createDecipheriv('aes-128-ccm', KEY, nonce, { authTagLength: 4 });
  decipher.setAuthTag(payload.subarray(end - 4));
  decipher.update(payload.subarray(8, end - 8));
  decipher.final();
};

/** Without a past: else the second round would be nothing but repetitions, which nobody decrypts. */
const KEYED: Badges = { of: () => ({ memory: startBadgeMemory(), key: KEY, explains: false }) };

const samplesWith =
  (badges: Badges) =>
  (frame: Frame): number =>
    decodeRadioFrame(frame, badges).samples.length;

export const ADVERT_FORMATS: readonly AdvertFormat[] = [
  {
    name: 'bthome',
    yardstick: 'AD structures split',
    frames: () => framesOf((tag) => withService(Buffer.concat([Buffer.from([0x40]), objectsOf(tag)]))),
    decode: samplesWith(NO_BADGES),
    bare: splitStructures,
  },
  {
    name: 'bthome-encrypted',
    yardstick: 'node:crypto aes-128-ccm',
    frames: () => framesOf(encryptedOf),
    decode: samplesWith(KEYED),
    bare: decryptOnly,
  },
  {
    name: 'ruuvi5',
    yardstick: 'AD structures split',
    frames: () =>
      framesOf((tag) =>
        Buffer.from(`0201061bff99040512fc5394c37c0004fffc040cac3642${byte(tag)}cdf41f0c28cb${byte(tag)}`, 'hex'),
      ),
    decode: samplesWith(NO_BADGES),
    bare: splitStructures,
  },
];
