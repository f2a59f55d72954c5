import type { BadgeMemory, CipherMemory } from './badges.ts';

/**
 * How an encrypted packet stands in the order of its counter, which rises with every packet. `fresh`: believed.
 * `late`: never seen, overtaken on another way: its presses count. `echo`: byte for byte one of the last.
 * `replayed`: somebody sends again what he recorded.
 */
export type Order = 'fresh' | 'late' | 'echo' | 'replayed';

const HEARD_KEPT = 16;
const ECHO_MS = 60_000;
const LATE_PACKETS = 8;
const LATE_MS = 10_000;

/**
 * A badge whose battery was changed counts from 0 again (and one that reached 2^32 as well): counters below this are
 * believed although they are behind, as bthome-ble does. Whoever recorded the first hundred packets of an earlier life
 * gains nothing: their integrity codes are remembered.
 */
const REBOOT_BELOW = 100;
const LOW_KEPT = 128;

const isLow = (counter: number): boolean => counter < REBOOT_BELOW;

/** Before it is decrypted: true for one of the last packets, heard by another radio. */
export const isEcho = ({ cipher }: BadgeMemory, counter: number, mic: number, nowMs: number): boolean => {
  const heard = cipher?.heard.find((each) => each[0] === counter && each[1] === mic);
  if (heard === undefined || nowMs - heard[2] > ECHO_MS) return false;
  heard[2] = Math.max(heard[2], nowMs);
  return true;
};

const isOvertaken = ({ last, lastMs, heard }: CipherMemory, counter: number, nowMs: number): boolean =>
  last - counter <= LATE_PACKETS && nowMs - lastMs <= LATE_MS && !heard.some(([each]) => each === counter);

const startCipher = (): CipherMemory => ({ last: -1, lastMs: 0, heard: [], low: [] });

const orderOf = (cipher: CipherMemory, counter: number, mic: number, nowMs: number): Order => {
  if (isLow(counter) && cipher.low.includes(mic)) return 'replayed';
  if (counter > cipher.last) return 'fresh';
  if (isOvertaken(cipher, counter, nowMs)) return 'late';
  return isLow(counter) ? 'fresh' : 'replayed';
};

/** Judges a packet that was decrypted, and remembers it where it is believed. */
export const judgeOrder = (memory: BadgeMemory, counter: number, mic: number, nowMs: number): Order => {
  const cipher = memory.cipher ?? startCipher();
  memory.cipher = cipher;
  const order = orderOf(cipher, counter, mic, nowMs);
  if (order === 'replayed') return order;
  cipher.heard.push([counter, mic, nowMs]);
  if (cipher.heard.length > HEARD_KEPT) cipher.heard.shift();
  if (isLow(counter)) {
    cipher.low.push(mic);
    if (cipher.low.length > LOW_KEPT) cipher.low.shift();
  }
  if (order === 'fresh') {
    cipher.last = counter;
    cipher.lastMs = nowMs;
  }
  return order;
};
