import { createCipheriv } from 'node:crypto';
import { type Badges, createBadges } from '../../../../ingest/decoders/ble/badges.ts';
import { decodeRadioFrame } from '../../../../ingest/decoders/ble/radio.ts';
import { createMemories, type Memories } from '../../../../ingest/decoders/memories.ts';
import type { Frame } from '../../../../ingest/model/frame.ts';
import type { Decoded } from '../../../../ingest/model/sample.ts';
import { ARRIVED_MS } from '../decoding.ts';

export const MAC = 'A4:C1:38:8D:18:B2';

export const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'));

/** Advertising data of one service data structure, behind the flags that every advert begins with. */
export const serviceAdvert = (uuid: string, service: string): string => {
  const structure = `16${uuid.slice(2)}${uuid.slice(0, 2)}${service}`;
  return `020106${(structure.length / 2).toString(16).padStart(2, '0')}${structure}`;
};

export const bthome = (service: string): string => serviceAdvert('fcd2', service);

export interface Hall {
  readonly memories: Memories;
  readonly badges: Badges;
  /** @param atSeconds after the beginning */
  hear(receiver: string, digits: string, atSeconds?: number, mac?: string): Decoded;
}

/** Radios of ours in one hall, with the badges that are registered there. */
export const hallOf = (
  keys: Readonly<Record<string, string>> = {},
  macs: readonly string[] = [MAC],
  memories = createMemories(),
): Hall => {
  const known = new Set([...macs, ...Object.keys(keys)]);
  const badges = createBadges({
    memories,
    idOf: (_, mac) => (known.has(mac) ? mac : undefined),
    keys: new Map(Object.entries(keys).map(([mac, digits]) => [mac, hex(digits)])),
  });
  return {
    memories,
    badges,
    hear: (receiver, digits, atSeconds = 0, mac = MAC) =>
      decodeRadioFrame(radioFrame(receiver, mac, hex(digits), ARRIVED_MS + atSeconds * 1000), badges),
  };
};

export const radioFrame = (source: string, mac: string, payload: Uint8Array, arrivedMs = ARRIVED_MS): Frame => ({
  source,
  transport: 'ble',
  address: mac,
  payload,
  arrivedMs,
  retained: false,
  rssiDbm: -60,
});

/** The service data of an encrypted BTHome advert, made as bthome.io/encryption says. */
export const encrypted = (keyHex: string, mac: string, counter: number, objects: string, info = 0x41): string => {
  const counterBytes = Buffer.alloc(4);
  counterBytes.writeUInt32LE(counter);
  const nonce = Buffer.concat([hex(mac.replaceAll(':', '')), Buffer.from([0xd2, 0xfc, info]), counterBytes]);
  const cipher = createCipheriv('aes-128-ccm', hex(keyHex), nonce, { authTagLength: 4 });
  const text = Buffer.concat([cipher.update(hex(objects)), cipher.final()]);
  return Buffer.concat([Buffer.from([info]), text, counterBytes, cipher.getAuthTag()]).toString('hex');
};
