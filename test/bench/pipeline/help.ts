import type net from 'node:net';
import { monotonicUs } from '../measure.ts';
import { publishPacket } from './packets.ts';
import { topicOf } from './venue.ts';

export type HelpTime = readonly [device: string, us: number];

/** A call for help at QoS 1; answers when it was published. */
export const callForHelp = (socket: net.Socket, device: string): HelpTime => {
  const us = monotonicUs();
  socket.write(publishPacket(topicOf(device), JSON.stringify([{ n: 'sos', vb: true }]), 1));
  return [device, us];
};
