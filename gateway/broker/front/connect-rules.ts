import type { PacketSpan } from '../../../ingest/sources/mqtt/packets.ts';
import type { Violation } from './packet-rules.ts';
import { isText, isTopicName } from './text.ts';

const USER_NAME = 0x80;
const PASSWORD = 0x40;
const WILL_RETAIN = 0x20;
const WILL_QOS = 0x18;
const WILL = 0x04;
const CLEAN = 0x02;
const RESERVED = 0x01;

/** CONNECT, MQTT 3.1.1 section 3.1 (and 3.1, whose name is `MQIsdp` and level 3). */
export const connectViolation = (bytes: Buffer, span: PacketSpan): Violation | undefined => {
  const nameEnd = fieldEnd(bytes, span.body, span.end);
  if (nameEnd === -1 || nameEnd + 4 > span.end) return 'bad-connect';
  const name = bytes.toString('latin1', span.body + 2, nameEnd);
  if (name !== 'MQTT' && name !== 'MQIsdp') return 'bad-connect';
  // A bridge (mosquitto's `try_private`) sets the top bit of the level.
  const level = (bytes[nameEnd] ?? 0) & 0x7f;
  if (level !== (name === 'MQTT' ? 4 : 3)) return 'unsupported-level'; // [MQTT-3.1.2-2]
  const flags = bytes[nameEnd + 1] ?? 0;
  return flagsViolation(flags) ?? payloadViolation(bytes, nameEnd + 4, span.end, flags, level);
};

/** Keep-alive of a well-formed CONNECT, seconds; 0: none. */
export const keepAliveSeconds = (bytes: Buffer, span: PacketSpan): number =>
  bytes.readUInt16BE(fieldEnd(bytes, span.body, span.end) + 2);

const flagsViolation = (flags: number): Violation | undefined => {
  if ((flags & RESERVED) !== 0) return 'bad-flags'; // [MQTT-3.1.2-3]
  if ((flags & WILL) === 0 && (flags & (WILL_QOS | WILL_RETAIN)) !== 0) return 'bad-flags'; // [MQTT-3.1.2-13], -15
  if ((flags & WILL_QOS) === WILL_QOS) return 'bad-qos'; // [MQTT-3.1.2-14]
  if ((flags & PASSWORD) !== 0 && (flags & USER_NAME) === 0) return 'bad-flags'; // [MQTT-3.1.2-22]
  return undefined;
};

const payloadViolation = (
  bytes: Buffer,
  from: number,
  end: number,
  flags: number,
  level: number,
): Violation | undefined => {
  let at = fieldEnd(bytes, from, end);
  if (at === -1) return 'bad-connect';
  if (!isText(bytes, from + 2, at)) return 'bad-text';
  // [MQTT-3.1.3-8]; MQTT 3.1 wants one to 23 characters always.
  if (at === from + 2 && ((flags & CLEAN) === 0 || level === 3)) return 'client-id-required';
  if ((flags & WILL) !== 0) {
    const topicEnd = fieldEnd(bytes, at, end);
    if (topicEnd === -1) return 'bad-connect';
    if (!isTopicName(bytes, at + 2, topicEnd)) return 'bad-topic';
    at = fieldEnd(bytes, topicEnd, end);
  }
  if (at !== -1 && (flags & USER_NAME) !== 0) {
    const nameEnd = fieldEnd(bytes, at, end);
    if (nameEnd !== -1 && !isText(bytes, at + 2, nameEnd)) return 'bad-text';
    at = nameEnd;
  }
  if (at !== -1 && (flags & PASSWORD) !== 0) at = fieldEnd(bytes, at, end);
  return at === end ? undefined : 'bad-connect';
};

/** End of the length-prefixed field at `at`, or -1 if it does not fit. */
const fieldEnd = (bytes: Buffer, at: number, end: number): number => {
  if (at + 2 > end) return -1;
  const fieldStop = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  return fieldStop > end ? -1 : fieldStop;
};
