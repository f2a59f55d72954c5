import type { AuthenticateError, Client } from 'aedes';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Warn } from '../log.ts';
import type { Credentials, Identity } from './credentials.ts';
import type { Session } from './session.ts';

const MAX_ADDRESSES = 10_000;
const FREE_FAILURES = 5;
const MAX_DELAY_MS = 5_000;
const FORGET_MS = 300_000;

/** CONNACK return codes, MQTT 3.1.1 table 3.1. */
const BAD_USER_NAME_OR_PASSWORD = 4;
const NOT_AUTHORIZED = 5;

export interface LoginsOptions {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly warn: Warn;
  /** Whether a session under this client id may outlive its connection. */
  mayKeepSession(clientId: string): boolean;
}

type Answer = (error: AuthenticateError | null, success: boolean | null) => void;

/** Lets clients in, or not. */
export class Logins {
  readonly #options: LoginsOptions;
  readonly #delayMs: (address: string) => number;

  constructor(options: LoginsOptions) {
    this.#options = options;
    this.#delayMs = failureDelays(options.clock);
  }

  authenticate(
    known: Credentials,
    session: Session,
    client: Client,
    userName: string | undefined,
    password: Uint8Array | undefined,
    answer: Answer,
  ): void {
    const identity = known.identify({ userName, password, local: session.local });
    if (identity === undefined) {
      this.#refuse(session, userName, answer);
      return;
    }
    session.identify(identity);
    this.#claim(client, identity);
    answer(null, true);
  }

  /**
   * Client ids belong to their credential: without this, whoever knows one secret could throw any device out by
   * connecting with its client id [MQTT-3.1.4-2], or read the queue of its session.
   */
  #claim(client: Client, { name }: Identity): void {
    if (name !== undefined) client.id = `${name}/${client.id}`;
    if (client.clean || this.#options.mayKeepSession(client.id)) return;
    client.clean = true;
    this.#options.warn('sessions', { client: client.id }, 'MQTT session is not kept: too many sessions');
  }

  #refuse({ front }: Session, userName: string | undefined, answer: Answer): void {
    const { clock, counters, warn } = this.#options;
    counters.refusedCredentials += 1;
    const { address } = front;
    warn(`login ${address}`, { address, userName }, 'MQTT login refused: unknown user name or wrong secret');
    const returnCode = userName === undefined ? NOT_AUTHORIZED : BAD_USER_NAME_OR_PASSWORD;
    const error = Object.assign(new Error('login refused'), { returnCode });
    const delayMs = this.#delayMs(address);
    if (delayMs === 0) answer(error, false);
    else clock.after(delayMs, () => answer(error, false));
  }
}

/**
 * Answers wrong credentials ever later, per source address. Right ones are never delayed: behind one address there
 * may be a whole venue, with a badge that calls for help.
 */
const failureDelays = (clock: Clock): ((address: string) => number) => {
  const failures = new Map<string, { count: number; atMs: number }>();
  return (address) => {
    const now = clock.now();
    const before = failures.get(address);
    const count = before !== undefined && now - before.atMs < FORGET_MS ? before.count + 1 : 1;
    failures.delete(address);
    failures.set(address, { count, atMs: now });
    const [oldest] = failures.size > MAX_ADDRESSES ? failures.keys() : [];
    if (oldest !== undefined) failures.delete(oldest);
    return count <= FREE_FAILURES ? 0 : Math.min(MAX_DELAY_MS, 100 * 2 ** Math.min(10, count - FREE_FAILURES));
  };
};
