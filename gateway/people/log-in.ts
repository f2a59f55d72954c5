import type { Clock } from '../broker/clock.ts';
import { throttledWarnings } from '../broker/log.ts';
import type { Log } from '../log.ts';
import type { Locks } from './locks.ts';
import type { LogInLimits } from './log-in-limits.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { isPassword } from './password.ts';
import type { Sessions } from './sessions.ts';
import type { Account, Users } from './users.ts';

/** A session, or why there is none. */
export type LogInOutcome =
  | { readonly id: string; readonly account: Account }
  | { readonly refused: 'wrong-password' | 'account-locked' }
  | { readonly refused: 'too-many-requests' | 'too-busy'; readonly retryAfterSeconds: number };

export type LogIn = (address: string, name: string, password: string) => Promise<LogInOutcome>;

export interface LogInOptions {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly limits: LogInLimits;
  readonly locks: Pick<Locks, 'isLocked'>;
  readonly log: Log;
  readonly clock: Clock;
}

/** A hash takes a processor for half a second: they come one after the other, so that alarms have the other one. */
const WAITING_MAX = 32;
const BUSY_SECONDS = 5;

/**
 * The order of policy: whoever guesses is slowed down, the queue is bounded, the users are those of this moment, and only
 * then is the password looked at. Who asks for a user that does not exist is told the same, after as long.
 */
export const createLogIn = ({ users, sessions, limits, locks, log, clock }: LogInOptions): LogIn => {
  const warn = throttledWarnings(log, clock);
  const inTurn = oneAtATime(WAITING_MAX);
  const check = async (name: string, password: string): Promise<Account | undefined> => {
    await users.refresh();
    const account = users.find(name);
    const isRight = await isPassword(password, account?.user.password);
    // Whoever was changed meanwhile is not let in with what was true before.
    return isRight && users.find(name)?.stamp === account?.stamp ? account : undefined;
  };
  return async (address, name, password) => {
    // A name that nobody has may be a password that was typed into the wrong field: it is not logged.
    const user = users.find(name)?.user.name ?? '(unknown)';
    const waitMs = limits.admit(address, name);
    if (waitMs > 0) {
      warn(`slow ${address} ${user}`, { address, user }, 'log-in refused: too many tries');
      return { refused: 'too-many-requests', retryAfterSeconds: Math.ceil(waitMs / 1000) };
    }
    const checking = inTurn(() => check(name, password));
    if (checking === undefined) {
      warn('busy', { address, user }, 'log-in refused: too many at once');
      return { refused: 'too-busy', retryAfterSeconds: BUSY_SECONDS };
    }
    const account = await checking;
    if (account === undefined) {
      warn(`wrong ${address} ${user}`, { address, user }, 'log-in refused: unknown user or wrong password');
      return { refused: 'wrong-password' };
    }
    limits.succeeded(address, name);
    // Told to whoever has the password only.
    if (locks.isLocked(account.user.name)) {
      warn(`locked ${address} ${user}`, { address, user }, 'log-in refused: the account is locked');
      return { refused: 'account-locked' };
    }
    log.info({ address, user: account.user.name, role: account.user.role }, 'logged in');
    return { id: sessions.start(account), account };
  };
};
