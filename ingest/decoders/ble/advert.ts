import type { Decoded, FailureCode } from '../../model/sample.ts';
import { NOTHING, refused } from '../findings.ts';
import type { Badge, Badges } from './badges.ts';
import { bthomeVersion, includesMac, isEncrypted, readBthomeObjects } from './formats/bthome.ts';
import { counterOf, decryptBthome, ENCRYPTED_BYTES_MIN, micOf } from './formats/bthome-cipher.ts';
import { readEddystone } from './formats/eddystone.ts';
import { readIbeacon } from './formats/ibeacon.ts';
import { readMinew } from './formats/minew.ts';
import { readRuuvi3 } from './formats/ruuvi3.ts';
import { readRuuvi5 } from './formats/ruuvi5.ts';
import { readRuuvi6, readRuuviE1 } from './formats/ruuvi6.ts';
import { macByte } from './mac.ts';
import { noteRest, takeTrigger } from './minew-trigger.ts';
import { fail, hashOf, type Reading, startReading } from './reading.ts';
import { isEcho, judgeOrder } from './replay.ts';
import { type Heard, onlyHeard, refusesPlain, settle } from './settle.ts';
import { type AdvertFormat, AdvertScan } from './structures.ts';

/** An advert as a radio gives it, ours or a gateway's. */
export interface Advert extends Heard {
  /** Advertising data: AD structures (Core Specification Supplement, part A). */
  readonly data: Uint8Array;
}

/** One for all: nothing of it outlives an advert. */
const scan = new AdvertScan();

/** Strangers' adverts that are of no use are not kept, only counted: a full hall sends thousands a second. */
const refuse = (advert: Advert, badge: Badge | undefined, code: FailureCode, expected: string): Decoded =>
  badge === undefined ? onlyHeard(advert) : refused(code, '', expected);

const readRuuvi = (bytes: Uint8Array, from: number, to: number): Reading => {
  switch (bytes[from]) {
    case 3:
      return readRuuvi3(bytes, from, to);
    case 5:
      return readRuuvi5(bytes, from, to);
    case 6:
      return readRuuvi6(bytes, from, to);
    case 0xe1:
      return readRuuviE1(bytes, from, to);
    default: {
      const reading = startReading('ruuvi', 0);
      fail(reading, 'unknown-version', '', 'Ruuvi data format 3, 5, 6 or E1');
      return reading;
    }
  }
};

/** Behind the device information and the MAC address, if there is one; undefined for another device's address. */
const objectsFrom = ({ data, mac }: Advert, info: number, from: number): number | undefined => {
  if (!includesMac(info)) return from + 1;
  // Its last byte comes first.
  for (let index = 0; index < 6; index += 1) {
    if (data[from + 6 - index] !== macByte(mac, index)) return undefined;
  }
  return from + 7;
};

/** Encrypted: only with the key of this badge, and only in the order of its counter. */
const decodeEncrypted = (advert: Advert, badge: Badge | undefined, info: number, from: number, to: number): Decoded => {
  // A stranger's content stays his; that he is there is enough to be offered for registration.
  if (badge === undefined) return settle(startReading('bthome', 8), advert, undefined);
  const { memory, key } = badge;
  const { data, mac, arrivedMs } = advert;
  if (key === undefined) return onlyHeard(advert, [{ code: 'bad-signature', where: '', expected: 'a bindKeyFile' }]);
  if (to - from < ENCRYPTED_BYTES_MIN) return refused('wrong-length', '', 'counter and MIC of encrypted BTHome');
  const counter = counterOf(data, to);
  const mic = micOf(data, to);
  if (isEcho(memory, counter, mic, arrivedMs)) return onlyHeard(advert);
  const plain = decryptBthome(key, mac, info, data, from, to);
  if (plain === undefined) return refused('bad-signature', '', 'encrypted with the bind key of this device');
  const order = judgeOrder(memory, counter, mic, arrivedMs);
  const replayed = 'a counter above the last one';
  if (order === 'replayed') return refused('replayed', 'counter', replayed);
  if (order === 'echo') return onlyHeard(advert);
  const reading = readBthomeObjects(plain, 0, plain.length);
  // Without a packet id the counter has told that it is new.
  if (reading.packet !== undefined) reading.hash = hashOf(plain, 0, plain.length);
  if (order === 'late' && reading.presses === undefined) return refused('replayed', 'counter', replayed);
  return settle(reading, advert, badge, order === 'late');
};

const decodeBthome = (advert: Advert, badge: Badge | undefined, from: number, to: number): Decoded => {
  const { data } = advert;
  const info = data[from] ?? 0;
  if (bthomeVersion(info) !== 2) return refuse(advert, badge, 'unknown-version', 'BTHome version 2');
  const start = objectsFrom(advert, info, from);
  if (start === undefined || start > to) return refuse(advert, badge, 'wrong-device', `the MAC address ${advert.mac}`);
  if (isEncrypted(info)) return decodeEncrypted(advert, badge, info, start, to);
  const reading = readBthomeObjects(data, start, to);
  if (badge !== undefined) reading.hash = hashOf(data, start, to);
  return settleOrRefuse(reading, advert, badge);
};

/** What yielded nothing but failures is no advert of the badge's. */
const settleOrRefuse = (reading: Reading, advert: Advert, badge: Badge | undefined): Decoded => {
  if (reading.failures.length === 0 || !isEmpty(reading)) return settle(reading, advert, badge);
  return badge === undefined ? onlyHeard(advert) : { ...NOTHING, failures: reading.failures };
};

const isEmpty = ({ metrics, others, presses, remarks, packet }: Reading): boolean => {
  for (const _ in metrics) return false;
  return others === undefined && presses === undefined && remarks === undefined && packet === undefined;
};

const readOther = (format: AdvertFormat, bytes: Uint8Array, from: number, to: number): Reading => {
  switch (format) {
    case 'ruuvi':
      return readRuuvi(bytes, from, to);
    case 'minew':
      return readMinew(bytes, from, to);
    case 'eddystone':
      return readEddystone(bytes, from, to);
    default:
      return readIbeacon(bytes, from, to);
  }
};

/** A Ruuvi Air sends everything twice; the short form is left alone where the long one is heard. */
const EXTENDED_HOLDS_MS = 60_000;

const isShortOfExtended = (reading: Reading, { memory }: Badge, nowMs: number): boolean => {
  if (reading.counter === 'ruuvi-e1') memory.extendedMs = nowMs;
  return reading.counter === 'ruuvi6' && nowMs - memory.extendedMs < EXTENDED_HOLDS_MS;
};

const decodeOther = (
  format: AdvertFormat,
  advert: Advert,
  badge: Badge | undefined,
  from: number,
  to: number,
): Decoded => {
  // A beacon's identity alone is of no use from a stranger.
  if (badge === undefined && format === 'ibeacon') return onlyHeard(advert);
  const { data, arrivedMs } = advert;
  const reading = readOther(format, data, from, to);
  if (badge === undefined) {
    if (format === 'eddystone' && reading.packet === undefined) return onlyHeard(advert);
    return settleOrRefuse(reading, advert, badge);
  }
  reading.hash = hashOf(data, from, to);
  if (format === 'minew') noteRest(badge.memory, arrivedMs);
  if (format === 'ibeacon' && reading.failures.length === 0) takeTrigger(reading, badge.memory, arrivedMs);
  return isShortOfExtended(reading, badge, arrivedMs) ? onlyHeard(advert) : settleOrRefuse(reading, advert, badge);
};

/**
 * The way of every advert, whichever radio heard it: find a known format, check whether the badge may speak plainly,
 * read, and keep what is news. Never throws; strangers leave no trace.
 */
export const decodeAdvert = (advert: Advert, badge: Badge | undefined): Decoded => {
  if (!scan.open(advert.data)) {
    return refuse(advert, badge, 'wrong-length', 'AD structures that end within the advertising data');
  }
  const { format, from, to } = scan;
  if (format === undefined) {
    const isAsked = badge?.explains ?? false;
    return isAsked ? refused('wrong-shape', '', 'an advert of a known format') : onlyHeard(advert);
  }
  const isSecret = format === 'bthome' && isEncrypted(advert.data[from] ?? 0);
  const plainRefused = isSecret ? undefined : refusesPlain(badge);
  if (plainRefused !== undefined) return plainRefused;
  if (format === 'bthome') return decodeBthome(advert, badge, from, to);
  return decodeOther(format, advert, badge, from, to);
};

/** The badge of an advert, with the key that came along with the frame where there is one (`muster decode`). */
export const badgeOf = (badges: Badges, kind: string, mac: string, keyHex: string | undefined): Badge | undefined => {
  const badge = badges.of(kind, mac);
  if (badge === undefined || keyHex === undefined || badge.key !== undefined) return badge;
  return { ...badge, key: Buffer.from(keyHex, 'hex') };
};
