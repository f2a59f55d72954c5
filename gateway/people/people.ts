import type { FastifyInstance } from 'fastify';
import type { Access } from '../api/ports.ts';
import type { Route } from '../api/seam/route.ts';
import { loopbackAccess, noAccess } from '../api/security/access.ts';
import type { Clock } from '../broker/clock.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { sessionIdOf, useCookies } from './cookie.ts';
import type { Locks } from './locks.ts';
import { createLogIn } from './log-in.ts';
import { logInLimits } from './log-in-limits.ts';
import { sessionRoutes } from './routes.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { sessionsFile } from './sessions-file.ts';
import { openUsers, type Users } from './users.ts';

export interface PeopleOptions {
  /** The data directory. */
  readonly directory: string;
  readonly security: VenueConfig['security'];
  readonly log: Log;
  readonly locks: Pick<Locks, 'isLocked'>;
  /** Timers, and monotonic time. */
  readonly clock: Clock;
  /** Unix milliseconds of the real world: sessions outlast a restart. */
  nowMs(): number;
}

/** Who may use the gateway over HTTP. */
export interface People {
  /** To be called before the server listens: it learns to read cookies. */
  prepare(server: FastifyInstance): void;
  readonly access: Access;
  /** Logging in and out. */
  readonly routes: readonly Route[];
  count(): number;
  /** Reads the users again if their file has changed; it is looked at every second anyway. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** How often sessions that are over are forgotten, and when others were last used is kept. */
const TIDY_EVERY_MS = 60_000;

const sessionAccess = (sessions: Sessions): Access => ({
  identify: (request) => {
    const id = sessionIdOf(request);
    const user = id === undefined ? undefined : sessions.find(id)?.user;
    return user === undefined ? undefined : { name: user.name, role: user.role };
  },
});

/** Who may ask without a log-in: this machine, where the venue file says so, and only if there never were users. */
const anonymousAccess = (users: Users, security: VenueConfig['security']): Access => {
  if (security.anonymous !== 'loopback') return noAccess;
  let hadUsers = users.count() > 0;
  users.onChange(() => {
    hadUsers ||= users.count() > 0;
  });
  return { identify: (request) => (hadUsers ? undefined : loopbackAccess.identify(request)) };
};

/** Runs `task` again and again; answers how to end it. */
const every = (ms: number, clock: Clock, task: () => void): (() => void) => {
  let cancel = clock.after(ms, function run() {
    task();
    cancel = clock.after(ms, run);
  });
  return () => cancel();
};

/** Rejects with a StartError where the users cannot be read. */
export const openPeople = async ({ directory, security, locks, log, clock, nowMs }: PeopleOptions): Promise<People> => {
  const users = await openUsers(directory, log, clock);
  const file = sessionsFile(directory, log);
  const limits = { idleMs: security.sessions.idleHours * HOUR_MS, maxMs: security.sessions.maxHours * HOUR_MS };
  const sessions: Sessions = createSessions({
    ...limits,
    users,
    nowMs,
    kept: await file.load(),
    onChange: () => file.save(sessions.list),
  });
  const sweep = (): void => {
    for (const user of sessions.sweep()) log.info({ user }, 'session over');
  };
  users.onChange(sweep);
  const stopTidying = every(TIDY_EVERY_MS, clock, () => {
    sweep();
    if (sessions.list().length > 0) file.save(sessions.list);
  });
  const byCookie = sessionAccess(sessions);
  const anonymous = anonymousAccess(users, security);
  const logIn = createLogIn({ users, sessions, limits: logInLimits(clock.now), locks, log, clock });
  return {
    prepare: useCookies,
    access: { identify: (request) => byCookie.identify(request) ?? anonymous.identify(request) },
    routes: sessionRoutes(logIn, sessions, limits.maxMs / 1000, (user) => log.info({ user }, 'logged out')),
    count: users.count,
    refresh: users.refresh,
    stop: async () => {
      users.stop();
      stopTidying();
      if (sessions.list().length > 0) file.save(sessions.list);
      await file.idle();
    },
  };
};
