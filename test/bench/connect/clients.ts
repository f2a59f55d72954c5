import net from 'node:net';
import { z } from 'zod';
import { answerQuestions } from '../child.ts';
import { monotonicUs, sleep } from '../measure.ts';
import { callForHelp, type HelpTime } from '../pipeline/help.ts';
import { CONNACK, connectPacket, SUBACK, subscribePacket } from '../pipeline/packets.ts';
import { DEVICE_LIST, VENUE_ID } from '../pipeline/venue.ts';

const questionSchema = z.strictObject({ do: z.enum(['connect', 'drop', 'storm']), port: z.number() });

/** Badges that call for help as soon as they are connected. */
const CALLS_EVERY = 50;
const callers = new Set(
  DEVICE_LIST.filter(({ profile }, index) => profile === 'badge' && index % CALLS_EVERY === 0).map(({ id }) => id),
);
const RETRY_MS = 500;
const AT_EASE = 200;
const TIMEOUT_MS = 120_000;

let sockets: net.Socket[] = [];
let round = 0;

/** Connects one client and subscribes it to its commands, as a device does after the power comes back. */
const open = (port: number, id: string, localAddress: string, called: (call: HelpTime) => void): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${id} was closed`)));
    socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === CONNACK) {
        if (callers.has(id)) called(callForHelp(socket, id));
        socket.write(subscribePacket(`muster/${VENUE_ID}/down/${id}`));
      }
      if (bytes.includes(SUBACK)) resolve(socket);
    });
    socket.write(connectPacket(id));
  });

/** A device that is thrown out comes again; calls count from the first time that it could make one. */
const openAtLast = async (port: number, id: string, localAddress: string, calls: Map<string, number>) => {
  const called = ([device, us]: HelpTime): void => {
    if (!calls.has(device)) calls.set(device, us);
  };
  for (let tries = 0; ; tries += 1) {
    try {
      return { socket: await open(port, id, localAddress, called), tries };
    } catch {
      await sleep(RETRY_MS * (0.5 + Math.random()));
    }
  }
};

const within = <T>(work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not all connected within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/**
 * `atOnce`: how many try at the same time. Each round has a source address of its own: ports of the last one may not be
 * free yet.
 */
const connectAll = async (port: number, atOnce: number) => {
  round += 1;
  const localAddress = `127.0.0.${1 + round}`;
  const calls = new Map<string, number>();
  const startedUs = monotonicUs();
  const opened: Awaited<ReturnType<typeof openAtLast>>[] = [];
  for (let at = 0; at < DEVICE_LIST.length; at += atOnce) {
    const some = DEVICE_LIST.slice(at, at + atOnce).map(({ id }) => openAtLast(port, id, localAddress, calls));
    opened.push(...(await within(Promise.all(some))));
  }
  const seconds = (monotonicUs() - startedUs) / 1e6;
  sockets = opened.map(({ socket }) => socket);
  const retries = opened.reduce((sum, { tries }) => sum + tries, 0);
  return { seconds, calls: [...calls], retries };
};

answerQuestions(async (raw) => {
  const question = questionSchema.parse(raw);
  if (question.do === 'connect') return connectAll(question.port, AT_EASE);
  if (question.do === 'storm') return connectAll(question.port, DEVICE_LIST.length);
  // As when the power of the access points fails: no good-bye.
  for (const socket of sockets) {
    socket.removeAllListeners().on('error', () => undefined);
    socket.resetAndDestroy();
  }
  sockets = [];
  return {};
});
