import { readFile } from 'node:fs/promises';
import type { Access } from '../api/ports.ts';
import type { Clock } from '../broker/clock.ts';
import type { Log } from '../log.ts';
import { addLock, type Lock, locksOf, locksPath } from './locks-file.ts';
import { nameKey } from './names.ts';

export interface LocksOptions {
  /** The data directory; absent: locks last until the gateway ends. */
  readonly directory?: string | undefined;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Unix milliseconds. */
  nowMs(): number;
}

/** Accounts, of users and of clients of the venue file, that may not do anything over HTTP until they are unlocked. */
export interface Locks {
  /** Counts at once; it is kept a little later. */
  lock(account: string): void;
  isLocked(account: string): boolean;
  /** The same people, without those that are locked. */
  guard(access: Access): Access;
  stop(): void;
}

/** How soon it is noticed that an engineer has unlocked an account, and how often a write is tried again. */
const LOOK_EVERY_MS = 1000;

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Rejects where the file of the run before cannot be used: nobody must be unlocked by a damaged file. */
export const openLocks = async ({ directory, log, clock, nowMs }: LocksOptions): Promise<Locks> => {
  const read = async (): Promise<readonly Lock[]> => {
    if (directory === undefined) return [];
    try {
      return locksOf(await readFile(locksPath(directory), 'utf8'));
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  };
  let kept: ReadonlySet<string> = new Set((await read()).map(({ account }) => nameKey(account)));
  /** Locked, and not yet in the file. */
  const pending = new Map<string, Lock>();
  let isStopped = false;
  let cancel = (): void => undefined;

  const write = (): void => {
    if (directory === undefined) return;
    for (const [key, lock] of pending) {
      kept = new Set(addLock(directory, lock).map(({ account }) => nameKey(account)));
      pending.delete(key);
    }
  };
  const look = async (): Promise<void> => {
    try {
      write();
      kept = new Set((await read()).map(({ account }) => nameKey(account)));
    } catch (error) {
      log.error({ error }, 'locked accounts cannot be read or kept; those known stay locked');
    }
  };
  const lookLater = (): void => {
    if (!isStopped) cancel = clock.after(LOOK_EVERY_MS, () => void look().then(lookLater));
  };
  if (directory !== undefined) lookLater();

  const isLocked = (account: string): boolean => {
    const key = nameKey(account);
    return kept.has(key) || pending.has(key);
  };
  return {
    lock: (account) => {
      if (account === '' || isLocked(account)) return;
      pending.set(nameKey(account), { account, lockedAt: new Date(nowMs()).toISOString() });
      log.warn({ account }, 'account locked: an engineer unlocks it by muster user unlock');
    },
    isLocked,
    guard: (access) => ({
      identify: (request) => {
        const who = access.identify(request);
        // Who has not logged in has no account that could be locked.
        return who === undefined || who.anonymous === true || !isLocked(who.name) ? who : undefined;
      },
    }),
    stop: () => {
      isStopped = true;
      cancel();
      try {
        write();
      } catch (error) {
        log.error({ error }, 'locked accounts could not be kept');
      }
    },
  };
};
