import type net from 'node:net';
import { publishPacket } from '../packets.ts';
import { type BenchDevice, payloadsOf, topicOf } from '../venue.ts';

/** What one connection publishes, in one piece of memory: it writes slices of it, round and round. */
export interface PacketStream {
  readonly socket: net.Socket;
  /** Publishes the next so many messages. */
  send(count: number): void;
  /** All of it at once, for a flood. */
  readonly bytes: Buffer;
}

/**
 * @param devices whose messages this connection carries, as a bridge does
 * @param qos at 1, the packet ids count the stream's packets from 1
 */
export const packetStream = (
  socket: net.Socket,
  devices: readonly BenchDevice[],
  seed: number,
  qos: 0 | 1 = 0,
): PacketStream => {
  const payloads = devices.map((device, at) => payloadsOf(device, seed + at));
  const variants = Math.max(0, ...payloads.map((list) => list.length));
  const packets: Buffer[] = [];
  for (let at = 0; at < variants; at += 1) {
    devices.forEach(({ id }, index) => {
      const messageId = qos === 0 ? undefined : packets.length + 1;
      packets.push(publishPacket(topicOf(id), payloads[index]?.[at] ?? '', messageId));
    });
  }
  const bytes = Buffer.concat(packets);
  const offsets = new Uint32Array(packets.length + 1);
  packets.forEach((packet, at) => {
    offsets[at + 1] = (offsets[at] ?? 0) + packet.length;
  });
  let next = 0;
  const send = (count: number): void => {
    for (let left = count; left > 0; ) {
      const until = Math.min(packets.length, next + left);
      socket.write(bytes.subarray(offsets[next], offsets[until]));
      left -= until - next;
      next = until % packets.length;
    }
  };
  return { socket, send, bytes };
};
