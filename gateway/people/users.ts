import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../broker/clock.ts';
import type { Log } from '../log.ts';
import { StartError } from '../start-error.ts';
import { nameKey } from './names.ts';
import { USERS_FILE, USERS_FILE_BYTES_MAX, type User, usersOf } from './users-file.ts';

/** A user, and what changes with its role and password: a session holds on to it. */
export interface Account {
  readonly user: User;
  readonly stamp: string;
}

/** The users of the gateway, as the file says now. */
export interface Users {
  count(): number;
  find(name: string): Account | undefined;
  /** Reads the file if it has changed. What cannot be used is logged, and the users known so far stay. */
  refresh(): Promise<void>;
  /** Called after users have changed. */
  onChange(listener: () => void): void;
  stop(): void;
}

/**
 * How soon a change is noticed where nobody tells of it (a log-in looks by itself). Not by `fs.watchFile`: what is
 * written before its own first look, it never tells of.
 */
const LOOK_EVERY_MS = 1_000;

const GROUP_OR_OTHERS = 0o077;

interface FileState {
  /** Differs whenever the file was replaced or written. */
  readonly version: string;
  readonly text: string;
  readonly isPrivate: boolean;
}

const ABSENT: FileState = { version: 'absent', text: '', isPrivate: true };

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const read = async (file: FileHandle, known: string): Promise<FileState | undefined> => {
  const { ino, size, mtimeMs, mode } = await file.stat();
  const version = `${ino}:${size}:${mtimeMs}`;
  if (version === known) return undefined;
  if (size > USERS_FILE_BYTES_MAX) throw new Error(`larger than ${USERS_FILE_BYTES_MAX} bytes`);
  return { version, text: await file.readFile('utf8'), isPrivate: (mode & GROUP_OR_OTHERS) === 0 };
};

/** The file, unless it is the version that is known. */
const look = async (path: string, known: string): Promise<FileState | undefined> => {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    if (isAbsent(error)) return known === ABSENT.version ? undefined : ABSENT;
    throw error;
  }
  try {
    return await read(file, known);
  } finally {
    await file.close();
  }
};

const accountOf = (user: User): Account => ({
  user,
  stamp: createHash('sha256')
    .update(JSON.stringify([user.name, user.role, user.password]))
    .digest('base64url'),
});

type Accounts = ReadonlyMap<string, Account>;

const accountsOf = (state: FileState): Accounts | string => {
  if (state === ABSENT) return 'the file is gone';
  const file = usersOf(state.text);
  if (!file.ok) return `${file.reason}: ${file.detail}`;
  return new Map(file.users.map((user) => [nameKey(user.name), accountOf(user)]));
};

const unusable = (path: string, why: string): StartError =>
  new StartError(
    `无法启动：用户文件 ${path} 不可用（${why}）。请从备份恢复；删除它会失去所有用户。\n` +
      `cannot start: the users file ${path} is not usable (${why}). Restore it from a backup; without it there are no users.`,
  );

/** Looks at the file again and again, one look at a time; answers `refresh`. */
const follow = (
  path: string,
  first: FileState,
  log: Log,
  take: (accounts: Accounts) => void,
): (() => Promise<void>) => {
  let known = first.version;
  let running: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  const refresh = async (): Promise<void> => {
    const state = await look(path, known);
    if (state === undefined) return;
    known = state.version;
    if (!state.isPrivate) log.warn({ path }, 'the users file can be read by other users of this machine: chmod 600 it');
    const accounts = accountsOf(state);
    if (typeof accounts === 'string') log.error({ path, why: accounts }, 'users file not usable; known users stay');
    else take(accounts);
  };
  const lookOnce = (): Promise<void> =>
    refresh().catch((error: unknown) => log.error({ path, error }, 'users file not readable; known users stay'));
  return () => {
    // A look that has begun may not see what was written just before this call: the next one does, for all that wait.
    queued ??= running.then(() => {
      queued = undefined;
      running = lookOnce();
      return running;
    });
    return queued;
  };
};

/** Rejects with a StartError where there is a file and it cannot be used; none at all means that there are no users. */
export const openUsers = async (directory: string, log: Log, timers: Pick<Clock, 'after'>): Promise<Users> => {
  const path = join(directory, USERS_FILE);
  const first = await look(path, '').catch((error: unknown) => {
    throw unusable(path, error instanceof Error ? error.message : String(error));
  });
  const state = first ?? ABSENT;
  const initial = state === ABSENT ? new Map<string, Account>() : accountsOf(state);
  if (typeof initial === 'string') throw unusable(path, initial);
  if (!state.isPrivate) log.warn({ path }, 'the users file can be read by other users of this machine: chmod 600 it');

  let accounts: Accounts = initial;
  const listeners: (() => void)[] = [];
  const refresh = follow(path, state, log, (next) => {
    accounts = next;
    log.info({ users: next.size }, 'users read again');
    for (const listener of listeners) listener();
  });
  let isStopped = false;
  let cancel = (): void => undefined;
  const lookLater = (): void => {
    if (!isStopped) cancel = timers.after(LOOK_EVERY_MS, () => void refresh().then(lookLater));
  };
  lookLater();
  return {
    count: () => accounts.size,
    find: (name) => accounts.get(nameKey(name)),
    refresh,
    onChange: (listener) => {
      listeners.push(listener);
    },
    stop: () => {
      isStopped = true;
      cancel();
    },
  };
};
