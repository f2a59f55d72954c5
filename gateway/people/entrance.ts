import { loopbackAccess, noAccess } from '../api/security/access.ts';
import type { ApiOptions } from '../api/server.ts';
import type { Clock } from '../broker/clock.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { httpTransport } from '../tls/http-transport.ts';
import { listenRefusal } from './admission.ts';
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
  readonly api: Pick<ApiOptions, 'access' | 'routes' | 'prepare' | 'hosts' | 'serverFactory'>;
  /** Reads users and certificates again; what is wrong with certificates comes back, the old ones stay in use. */
  reload(): readonly Error[];
  /** By name, for the health of the gateway. */
  problems(): readonly string[];
  stop(): Promise<void>;
}

const withoutUsers = ({ config }: EntranceOptions): Entrance => ({
  api: { access: config.security.anonymous === 'loopback' ? loopbackAccess : noAccess },
  reload: () => [],
  problems: () => [],
  stop: async () => undefined,
});

/** Rejects with a StartError where it would be unsafe to listen, or where users or certificates cannot be used. */
export const openEntrance = async (options: EntranceOptions): Promise<Entrance> => {
  const { config, directory, log, clock, nowMs } = options;
  if (directory === undefined) {
    const refusal = listenRefusal(config, 0);
    if (refusal !== undefined) throw refusal;
    return withoutUsers(options);
  }
  const people = await openPeople({ directory, security: config.security, log, clock, nowMs });
  try {
    const refusal = listenRefusal(config, people.count());
    if (refusal !== undefined) throw refusal;
    const transport = httpTransport({ config, directory, log, timers: clock, nowMs });
    const { access, routes } = people;
    const { hosts, serverFactory, problems } = transport;
    return {
      api: {
        access,
        routes,
        hosts,
        serverFactory,
        prepare: (server) => {
          people.prepare(server);
          transport.prepare(server);
        },
      },
      reload: () => {
        void people.refresh();
        return transport.reload();
      },
      problems,
      stop: people.stop,
    };
  } catch (error) {
    await people.stop();
    throw error;
  }
};
