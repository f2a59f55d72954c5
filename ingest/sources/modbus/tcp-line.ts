import type { Socket } from 'node:net';
import { createClient, readBy } from './client.ts';
import type { Answer, Line } from './line.ts';

const LOST: Answer = { type: 'lost' };

/**
 * A bus behind a connected socket. Here the library tells late answers by their transaction (Modbus Messaging on TCP/IP
 * V1.0b, 4.2) and drops them; what a converter behind the socket mixes up, the schedule guards against.
 */
export const tcpLine = async (socket: Socket, port: number): Promise<Line> => {
  const client = createClient();
  await client.linkTCP(socket, { port });
  const gone = new Promise<Answer>((resolve) => socket.once('close', () => resolve(LOST)));
  return {
    read: (poll) => Promise.race([readBy(client, poll), gone]),
    strayBytes: 0,
    release: () => client.destroy(() => undefined),
  };
};
