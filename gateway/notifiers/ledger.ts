import type { Text } from '../../rules/rule.ts';
import type { Log } from '../log.ts';
import { TROUBLES, type TroubleCode } from './troubles.ts';

/** `retrying`: it passes by itself. `refused`: somebody has to do something. */
export type ChannelState = 'starting' | 'delivering' | 'retrying' | 'refused';

/** How a channel does. Plain data. */
export interface ChannelStatus {
  readonly id: string;
  readonly state: ChannelState;
  readonly attempts: number;
  readonly delivered: number;
  /** Attempts that came to nothing. */
  readonly failedAttempts: number;
  /** Notices that are not tried any more: not taken, or too old. */
  readonly givenUp: number;
  /** Notices that there was no room for. */
  readonly dropped: number;
  readonly waiting: number;
  /** Age of the oldest notice that waits. */
  readonly oldestSeconds: number;
  /** The last one, also when it is over. */
  readonly lastTrouble?: { readonly code: TroubleCode; readonly text: Text; readonly reason: string };
}

/** Keeps count of what becomes of a channel's notices, and tells people when that changes. */
export interface Ledger {
  attempted(): void;
  delivered(): void;
  failed(state: 'retrying' | 'refused', code: TroubleCode, reason: string): void;
  /** An attempt that says something of its notice alone. */
  rejected(reason: string): void;
  givenUp(code: TroubleCode, fields: object): void;
  dropped(code: TroubleCode, fields: object): void;
  status(waiting: number, oldestSeconds: number): ChannelStatus;
}

export const createLedger = (id: string, log: Log): Ledger => {
  const counts = { attempts: 0, delivered: 0, failedAttempts: 0, givenUp: 0, dropped: 0 };
  let state: ChannelState = 'starting';
  let lastTrouble: ChannelStatus['lastTrouble'];
  const trouble = (code: TroubleCode, reason: string): void => {
    lastTrouble = { code, text: TROUBLES[code], reason };
  };
  const tell = (code: TroubleCode, fields: object): void =>
    log.warn({ notifier: id, code, ...fields, zh: TROUBLES[code].zh }, TROUBLES[code].en);

  return {
    attempted: () => {
      counts.attempts += 1;
    },
    delivered: () => {
      counts.delivered += 1;
      if (state === 'retrying' || state === 'refused') log.info({ notifier: id }, 'the notifier delivers again');
      state = 'delivering';
    },
    failed: (next, code, reason) => {
      counts.failedAttempts += 1;
      const isNews = state !== next || lastTrouble?.code !== code;
      state = next;
      trouble(code, reason);
      if (isNews) tell(code, { reason });
    },
    rejected: (reason) => {
      counts.failedAttempts += 1;
      trouble('rejected', reason);
    },
    givenUp: (code, fields) => {
      counts.givenUp += 1;
      tell(code, fields);
    },
    dropped: (code, fields) => {
      counts.dropped += 1;
      tell(code, fields);
    },
    status: (waiting, oldestSeconds) => ({
      id,
      state,
      ...counts,
      waiting,
      oldestSeconds,
      ...(lastTrouble === undefined ? {} : { lastTrouble }),
    }),
  };
};
