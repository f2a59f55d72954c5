import net from 'node:net';
import { z } from 'zod';
import { answerQuestions } from '../child.ts';
import { monotonicUs } from '../measure.ts';
import { callForHelp, type HelpTime } from '../pipeline/help.ts';
import { CONNACK, connectPacket, SUBACK, subscribePacket } from '../pipeline/packets.ts';
import { DEVICE_LIST, VENUE_ID } from '../pipeline/venue.ts';

const questionSchema = z.strictObject({ do: z.enum(['connect', 'drop']), port: z.number() });

/** A badge that is worn: every fiftieth calls for help as soon as it is connected. */
const CALLS_EVERY = 50;
const TIMEOUT_MS = 120_000;

let sockets: net.Socket[] = [];
let round = 0;

/** Connects one client and subscribes it to its commands, as a device does after the power comes back. */
const open = (port: number, id: string, localAddress: string, calls: HelpTime[] | undefined): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    socket.on('error', reject);
    socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === CONNACK) {
        if (calls !== undefined) calls.push(callForHelp(socket, id));
        socket.write(subscribePacket(`muster/${VENUE_ID}/down/${id}`));
      }
      if (bytes.includes(SUBACK)) resolve(socket);
    });
    socket.write(connectPacket(id));
  });

const within = <T>(work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not all connected within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** All at once. Each round has a source address of its own: ports of the last one may not be free yet. */
const connectAll = async (port: number) => {
  round += 1;
  const localAddress = `127.0.0.${1 + round}`;
  const calls: HelpTime[] = [];
  const startedUs = monotonicUs();
  sockets = await within(
    Promise.all(
      DEVICE_LIST.map(({ id, profile }, index) =>
        open(port, id, localAddress, profile === 'badge' && index % CALLS_EVERY === 0 ? calls : undefined),
      ),
    ),
  );
  return { seconds: (monotonicUs() - startedUs) / 1e6, calls };
};

answerQuestions(async (raw) => {
  const question = questionSchema.parse(raw);
  if (question.do === 'connect') return connectAll(question.port);
  // As when the power of the access points fails: no good-bye.
  for (const socket of sockets) {
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.resetAndDestroy();
  }
  sockets = [];
  return {};
});
