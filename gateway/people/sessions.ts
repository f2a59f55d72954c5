import { createHash, randomBytes } from 'node:crypto';
import type { Account, Users } from './users.ts';

export interface SessionLimits {
  /** Unused for so long, a session ends. */
  readonly idleMs: number;
  /** It ends after so long in any case. */
  readonly maxMs: number;
}

/** A session as it is kept: whoever reads it cannot take it over. */
export interface KeptSession {
  /** SHA-256 of its id, base64url. The id is 256 random bits, so a slow hash would protect nothing more. */
  readonly hash: string;
  readonly user: string;
  /** Of the account when it logged in. */
  readonly stamp: string;
  readonly startedMs: number;
  readonly seenMs: number;
}

export interface Sessions {
  /** Opens one, and answers its id: nothing else knows it. */
  start(account: Account): string;
  /** Whose session it is; undefined: none, over, or its user is gone or changed. */
  find(id: string): Account | undefined;
  end(id: string): void;
  /** Ends those whose time is over or whose user is gone or changed; answers whose they were. */
  sweep(): readonly string[];
  list(): readonly KeptSession[];
}

export interface SessionsOptions extends SessionLimits {
  readonly users: Pick<Users, 'find'>;
  /** Those of the run before. */
  readonly kept: readonly KeptSession[];
  /** Unix milliseconds. */
  nowMs(): number;
  /** Called after one has started or ended. */
  onChange(): void;
}

export const SESSIONS_MAX = 2_000;
const SESSIONS_PER_USER_MAX = 20;

/** Beyond it a stamp of the run before was made by a clock that was wrong. */
const AHEAD_MAX_MS = 300_000;

const ID_BYTES = 32;
/** 32 bytes in base64url, RFC 4648 section 5. */
const ID_PATTERN = /^[A-Za-z0-9_-]{43}$/;

const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

const isOver = ({ startedMs, seenMs }: KeptSession, { idleMs, maxMs }: SessionLimits, nowMs: number): boolean =>
  nowMs - seenMs >= idleMs || nowMs - startedMs >= maxMs || startedMs - nowMs > AHEAD_MAX_MS;

/** Makes room: the session of this user, or else of anybody, that was not used for longest. */
const crowdedOut = (sessions: ReadonlyMap<string, KeptSession>, user: string): string | undefined => {
  const own = [...sessions.values()].filter((session) => session.user === user);
  const crowd = own.length >= SESSIONS_PER_USER_MAX ? own : sessions.size >= SESSIONS_MAX ? [...sessions.values()] : [];
  const [first, ...others] = crowd;
  if (first === undefined) return undefined;
  return others.reduce((oldest, session) => (session.seenMs < oldest.seenMs ? session : oldest), first).hash;
};

/** Log-ins that are open, in memory. */
export const createSessions = (options: SessionsOptions): Sessions => {
  const { users, nowMs, onChange } = options;
  const sessions = new Map<string, KeptSession>(options.kept.slice(-SESSIONS_MAX).map((kept) => [kept.hash, kept]));
  const accountOf = (session: KeptSession): Account | undefined => {
    const account = users.find(session.user);
    return account?.stamp === session.stamp && !isOver(session, options, nowMs()) ? account : undefined;
  };
  const remove = (hash: string): void => {
    if (sessions.delete(hash)) onChange();
  };
  return {
    start: ({ user, stamp }) => {
      const oldest = crowdedOut(sessions, user.name);
      if (oldest !== undefined) sessions.delete(oldest);
      const id = randomBytes(ID_BYTES).toString('base64url');
      const hash = hashOf(id);
      sessions.set(hash, { hash, user: user.name, stamp, startedMs: nowMs(), seenMs: nowMs() });
      onChange();
      return id;
    },
    find: (id) => {
      if (!ID_PATTERN.test(id)) return undefined;
      const hash = hashOf(id);
      const session = sessions.get(hash);
      if (session === undefined) return undefined;
      const account = accountOf(session);
      if (account === undefined) remove(hash);
      else sessions.set(hash, { ...session, seenMs: nowMs() });
      return account;
    },
    end: (id) => remove(hashOf(id)),
    sweep: () => {
      const ended = [...sessions.values()].filter((session) => accountOf(session) === undefined);
      for (const { hash } of ended) sessions.delete(hash);
      if (ended.length > 0) onChange();
      return ended.map(({ user }) => user);
    },
    list: () => [...sessions.values()],
  };
};
