import { loopbackAccess, noAccess } from '../api/security/access.ts';
import type { ApiOptions } from '../api/server.ts';
import type { Clock } from '../broker/clock.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { StartError } from '../start-error.ts';
import { httpTransport } from '../tls/http-transport.ts';
import { listenRefusal } from './admission.ts';
import { type Locks, openLocks } from './locks.ts';
import { locksPath } from './locks-file.ts';
import { openPeople } from './people.ts';

export interface EntranceOptions {
  readonly config: VenueConfig;
  /** The data directory; absent: there are no users and no certificates of the venue (demo and simulation). */
  readonly directory?: string | undefined;
  readonly log: Log;
  readonly clock: Clock;
  /** Unix milliseconds. */
  nowMs(): number;
}

/** How people come to the HTTP side: who they are, and over what. */
export interface Entrance {
  readonly api: Pick<ApiOptions, 'access' | 'guard' | 'routes' | 'prepare' | 'hosts' | 'serverFactory'>;
  /** Locks an account until an engineer unlocks it. */
  lock(account: string): void;
  /** Reads users and certificates again; what is wrong with certificates comes back, the old ones stay in use. */
  reload(): readonly Error[];
  /** By name, for the health of the gateway. */
  problems(): readonly string[];
  stop(): Promise<void>;
}

const withoutUsers = ({ config }: EntranceOptions, { guard, lock }: Locks): Entrance => ({
  api: { access: config.security.anonymous === 'loopback' ? loopbackAccess : noAccess, guard },
  lock,
  reload: () => [],
  problems: () => [],
  stop: async () => undefined,
});

const locksUnusable = (directory: string, error: unknown): StartError => {
  const why = error instanceof Error ? error.message : String(error);
  const path = locksPath(directory);
  return new StartError(
    `无法启动：锁定账号文件 ${path} 不可用（${why}）。请从备份恢复；删除它会解锁所有账号。\n` +
      `cannot start: the file of locked accounts ${path} is not usable (${why}). Restore it from a backup; without it every account is unlocked.`,
  );
};

/** Rejects with a StartError where it would be unsafe to listen, or where users or certificates cannot be used. */
export const openEntrance = async (options: EntranceOptions): Promise<Entrance> => {
  const { config, directory, log, clock, nowMs } = options;
  if (directory === undefined) {
    const refusal = listenRefusal(config, 0);
    if (refusal !== undefined) throw refusal;
    return withoutUsers(options, await openLocks({ log, clock, nowMs }));
  }
  const locks = await openLocks({ directory, log, clock, nowMs }).catch((error: unknown) => {
    throw locksUnusable(directory, error);
  });
  const people = await openPeople({ directory, security: config.security, locks, log, clock, nowMs });
  try {
    const refusal = listenRefusal(config, people.count());
    if (refusal !== undefined) throw refusal;
    const transport = httpTransport({ config, directory, log, timers: clock, nowMs });
    const { access, routes } = people;
    const { hosts, serverFactory, problems } = transport;
    return {
      api: {
        access,
        guard: locks.guard,
        routes,
        hosts,
        serverFactory,
        prepare: (server) => {
          people.prepare(server);
          transport.prepare(server);
        },
      },
      lock: locks.lock,
      reload: () => {
        void people.refresh();
        return transport.reload();
      },
      problems,
      stop: async () => {
        locks.stop();
        await people.stop();
      },
    };
  } catch (error) {
    locks.stop();
    await people.stop();
    throw error;
  }
};
