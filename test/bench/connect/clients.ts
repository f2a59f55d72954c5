import net from 'node:net';
import { z } from 'zod';
import { answerQuestions } from '../child.ts';
import { monotonicUs, sleep } from '../measure.ts';
import { callForHelp, type HelpTime } from '../pipeline/help.ts';
import { CONNACK, connectPacket, SUBACK, subscribePacket } from '../pipeline/packets.ts';
import { DEVICE_LIST, VENUE_ID } from '../pipeline/venue.ts';

const questionSchema = z.strictObject({ do: z.enum(['connect', 'drop', 'storm']), port: z.number() });

const CALLS_EVERY = 50;
const badgesAt = (rest: number): readonly string[] =>
  DEVICE_LIST.filter(({ profile }, index) => profile === 'badge' && index % CALLS_EVERY === rest).map(({ id }) => id);

/** Badges that call for help as soon as they are connected. */
const callers = new Set(badgesAt(0));
/** Badges that call for help by way of a bridge that is connected all the time. */
const bridged = badgesAt(CALLS_EVERY / 2);
const BRIDGED_CALL_EVERY_MS = 20;
const RETRY_MS = 500;
const AT_EASE = 200;
const TIMEOUT_MS = 120_000;
const FIRST_PORT = 10_000;

let sockets: net.Socket[] = [];
let round = 0;

type Called = (call: HelpTime) => void;

interface From {
  readonly localAddress: string;
  readonly localPort: number;
}

/**
 * A source address for each round and try: ports of the last one may not be free yet. Ports below those that the kernel
 * chooses from: its search among thousands in use took a millisecond each, and nobody spoke for ten seconds.
 */
const sourceOf = (index: number, tries: number): From => ({
  localAddress: `127.${round}.${tries >> 8}.${1 + (tries & 255)}`,
  localPort: FIRST_PORT + index,
});

/**
 * Connects one client and subscribes it to its commands, as a device does after the power comes back. `called`: told
 * of its call for help, where it is to make one.
 */
const open = (port: number, id: string, from: From, called: Called | undefined): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, ...from, noDelay: true });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${id} was closed`)));
    socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === CONNACK) {
        called?.(callForHelp(socket, id));
        socket.write(subscribePacket(`muster/${VENUE_ID}/down/${id}`));
      }
      if (bytes.includes(SUBACK)) resolve(socket);
    });
    socket.write(connectPacket(id));
  });

/** A device that is thrown out comes again. */
const openAtLast = async (port: number, id: string, index: number, called: Called | undefined) => {
  for (let tries = 0; ; tries += 1) {
    try {
      return { socket: await open(port, id, sourceOf(index, tries), called), tries };
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

/** `atOnce`: how many try at the same time. `calling`: whether the callers among them call. */
const connectAll = async (port: number, atOnce: number, calling: boolean) => {
  round += 1;
  const calls = new Map<string, number>();
  // They count from the first time that a device could make one.
  const called: Called = ([device, us]) => {
    if (!calls.has(device)) calls.set(device, us);
  };
  const startedUs = monotonicUs();
  const opened: Awaited<ReturnType<typeof openAtLast>>[] = [];
  for (let at = 0; at < DEVICE_LIST.length; at += atOnce) {
    const some = DEVICE_LIST.slice(at, at + atOnce).map(({ id }, index) =>
      openAtLast(port, id, at + index, calling && callers.has(id) ? called : undefined),
    );
    opened.push(...(await within(Promise.all(some))));
  }
  const seconds = (monotonicUs() - startedUs) / 1e6;
  sockets = opened.map(({ socket }) => socket);
  const retries = opened.reduce((sum, { tries }) => sum + tries, 0);
  return { seconds, calls: [...calls], retries };
};

const storm = async (port: number) => {
  const bridge = await open(port, 'bridge', { localAddress: '127.0.0.1', localPort: FIRST_PORT - 1 }, undefined);
  const bridgedCalls: HelpTime[] = [];
  const calling = async (): Promise<void> => {
    for (const id of bridged) {
      bridgedCalls.push(callForHelp(bridge, id));
      await sleep(BRIDGED_CALL_EVERY_MS);
    }
  };
  const [{ calls, ...rest }] = await Promise.all([connectAll(port, DEVICE_LIST.length, true), calling()]);
  bridge.destroy();
  return { ...rest, calls: [...calls, ...bridgedCalls] };
};

answerQuestions(async (raw) => {
  const question = questionSchema.parse(raw);
  if (question.do === 'connect') return connectAll(question.port, AT_EASE, false);
  if (question.do === 'storm') return storm(question.port);
  // As when the power of the access points fails: no good-bye.
  for (const socket of sockets) {
    socket.removeAllListeners().on('error', () => undefined);
    socket.resetAndDestroy();
  }
  sockets = [];
  return {};
});
