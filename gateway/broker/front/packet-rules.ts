import type { PacketSpan } from '../../../ingest/sources/mqtt/packets.ts';
import { connectViolation } from './connect-rules.ts';
import { isTopicFilter, isTopicName } from './text.ts';

/** Control packet types (MQTT 3.1.1 table 2.1). */
export const CONNECT = 1;
export const PUBLISH = 3;
const PINGREQ = 12;

/** Why a connection is closed. `unsupported-level` and `client-id-required` are answered with a CONNACK first. */
export type Violation =
  | 'not-connect-first'
  | 'second-connect'
  | 'unsupported-level'
  | 'client-id-required'
  | 'bad-connect'
  | 'bad-flags'
  | 'bad-length'
  | 'bad-topic'
  | 'bad-text'
  | 'bad-qos'
  | 'no-packet-id'
  | 'server-packet'
  | 'packet-too-large';

/**
 * What is wrong with a complete packet, beside what aedes and mqtt-packet themselves refuse. They accept an empty
 * client id with clean session 0, U+0000 in names, packet id 0, an empty UNSUBSCRIBE, and bytes left over.
 */
export const packetViolation = (bytes: Buffer, span: PacketSpan, connectSeen: boolean): Violation | undefined => {
  const type = span.first >> 4;
  if (type === PUBLISH && connectSeen) return publishViolation(bytes, span);
  return headerViolation(span.first, connectSeen) ?? bodyViolation(type, bytes, span);
};

/** What the first byte alone tells, so that a packet nobody may send is refused before the rest of it has come. */
export const headerViolation = (first: number, connectSeen: boolean): Violation | undefined => {
  const type = first >> 4;
  if (type === CONNECT && connectSeen) return 'second-connect';
  if (type !== CONNECT && !connectSeen) return 'not-connect-first';
  if (type === PUBLISH) return publishFlagsViolation(first);
  const flags = CLIENT_PACKET_FLAGS[type];
  if (flags === undefined) return 'server-packet';
  return (first & 0x0f) === flags ? undefined : 'bad-flags';
};

/** The fixed flags of what a client may send (table 2.2); absent: only a server sends it, or it is reserved. */
const CLIENT_PACKET_FLAGS: readonly (number | undefined)[] = [
  undefined,
  0,
  undefined,
  undefined,
  0,
  0,
  2,
  0,
  2,
  undefined,
  2,
  undefined,
  0,
  undefined,
  0,
  undefined,
];

const bodyViolation = (type: number, bytes: Buffer, span: PacketSpan): Violation | undefined => {
  const length = span.end - span.body;
  switch (type) {
    case CONNECT:
      return connectViolation(bytes, span);
    case 8:
      return filtersViolation(bytes, span, 1);
    case 10:
      return filtersViolation(bytes, span, 0);
    case PINGREQ:
    case 14:
      return length === 0 ? undefined : 'bad-length';
    default:
      if (length !== 2) return 'bad-length';
      return hasPacketId(bytes, span.body) ? undefined : 'no-packet-id';
  }
};

const publishFlagsViolation = (first: number): Violation | undefined => {
  const qos = (first >> 1) & 3;
  if (qos === 3) return 'bad-qos'; // [MQTT-3.3.1-4]
  return qos === 0 && (first & 8) !== 0 ? 'bad-flags' : undefined; // [MQTT-3.3.1-2]
};

const publishViolation = (bytes: Buffer, span: PacketSpan): Violation | undefined => {
  const flags = publishFlagsViolation(span.first);
  if (flags !== undefined) return flags;
  const idBytes = (span.first & 0x06) === 0 ? 0 : 2;
  const topic = span.body + 2;
  if (topic + idBytes > span.end) return 'bad-length';
  const topicEnd = topic + uint16(bytes, span.body);
  if (topicEnd + idBytes > span.end) return 'bad-length';
  if (!isTopicName(bytes, topic, topicEnd)) return 'bad-topic';
  return idBytes === 0 || hasPacketId(bytes, topicEnd) ? undefined : 'no-packet-id';
};

/** SUBSCRIBE (one QoS byte after each filter) and UNSUBSCRIBE: at least one filter [MQTT-3.8.3-3], [MQTT-3.10.3-2]. */
const filtersViolation = (bytes: Buffer, span: PacketSpan, qosBytes: 0 | 1): Violation | undefined => {
  if (span.end - span.body < 5 + qosBytes) return 'bad-length';
  if (!hasPacketId(bytes, span.body)) return 'no-packet-id';
  for (let at = span.body + 2; at < span.end; ) {
    const filterEnd = at + 2 + uint16(bytes, at);
    if (at + 2 > span.end || filterEnd + qosBytes > span.end) return 'bad-length';
    if (!isTopicFilter(bytes, at + 2, filterEnd)) return 'bad-topic';
    if (qosBytes === 1 && (bytes[filterEnd] ?? 3) > 2) return 'bad-qos'; // [MQTT-3.8.3-4]
    at = filterEnd + qosBytes;
  }
  return undefined;
};

/** [MQTT-2.3.1-1]: a packet id is never 0. */
const hasPacketId = (bytes: Buffer, at: number): boolean => uint16(bytes, at) !== 0;

const uint16 = (bytes: Buffer, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
