import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyServerFactory } from 'fastify';
import type { Registry as MetricsRegistry } from 'prom-client';
import { DEFAULT_LIMITS } from '../broker/limits.ts';
import type { ConsoleFiles } from './console/files.ts';
import { serveConsole } from './console/serve.ts';
import type { FollowUpView, FrozenView, Health, LoadSummary, ResponseView, Status } from './contract.ts';
import type { Inbox } from './ingest/inbox.ts';
import { makeIngestRoute, mountIngest } from './ingest/mount.ts';
import { lookUps } from './look-ups.ts';
import { createMetrics, type MetricsPage } from './metrics/page.ts';
import { openApiRoute } from './openapi/document.ts';
import type { Access, AlarmHistory, AlarmRecord } from './ports.ts';
import { recentAlarms } from './recent-alarms.ts';
import { recentEvents } from './recent-events.ts';
import { peopleRoutes, type RoutesOptions } from './routes/index.ts';
import { admitByRole } from './seam/admission.ts';
import { createHttpServer } from './seam/http-server.ts';
import { mountRoutes } from './seam/mount.ts';
import type { Route } from './seam/route.ts';
import { firstAccess } from './security/access.ts';
import { clientAccess, tokens } from './security/tokens.ts';
import { createHub, type Hub } from './stream/hub.ts';
import { eventLog } from './stream/log.ts';
import { createPulse } from './stream/pulse.ts';
import { iso } from './views/device.ts';

export interface ApiOptions
  extends Omit<RoutesOptions, 'hub' | 'metrics' | 'past' | 'record' | 'history' | 'lookedUp'> {
  /** Takes out those who are locked; absent: nobody is. */
  readonly guard?: (access: Access) => Access;
  /** Absent: nothing is kept, and history says so. */
  readonly history?: RoutesOptions['history'];
  /** Absent: the alarms of this run, in memory. */
  readonly past?: AlarmHistory | undefined;
  /** Absent: the events of this run, in memory. */
  readonly record?: AlarmRecord | undefined;
  /** Where posts of devices go: the source `http` is behind it. */
  readonly inbox: Inbox;
  /** Absent: a page that says that it was not built. */
  readonly console?: ConsoleFiles;
  /** How the response plan is carried out. */
  readonly response?: {
    listen(listener: (view: ResponseView) => void): () => void;
    frozenViews(): readonly FrozenView[];
    followUpViews(): readonly FollowUpView[];
  };
  /** How many alarms there are for people. */
  readonly load?: { summary(): LoadSummary };
  /** Routes of others: logging in and out. */
  readonly routes?: readonly Route[];
  /** Adds to the metrics what others measure. */
  readonly measure?: (registry: MetricsRegistry) => void;
  /** Called with the server before anything is mounted. */
  readonly prepare?: (server: FastifyInstance) => void;
  /** Names that may stand in `Host` beside those of this machine. */
  readonly hosts?: readonly string[];
  readonly serverFactory?: FastifyServerFactory | undefined;
}

/** The HTTP side, ready to listen. `server.close()` ends all of it. */
export interface Api {
  readonly server: FastifyInstance;
  /** For health and metrics. */
  counters(): Health['counters'];
  levels(): Health['counters'];
}

/** Told each second: more than a person works on at once. */
const FOLLOW_UPS_SHOWN = 20;

const statusOf = ({ health, clock, response, load }: ApiOptions): Status => {
  const { status, problems, openAlarms } = health();
  const frozen = response?.frozenViews() ?? [];
  const followUps = (response?.followUpViews() ?? [])
    .filter(({ state }) => state !== 'done')
    .slice(0, FOLLOW_UPS_SHOWN);
  return {
    now: iso(clock.now()),
    status,
    problems,
    openAlarms,
    ...(frozen.length === 0 ? {} : { frozen }),
    ...(followUps.length === 0 ? {} : { followUps }),
    ...(load === undefined ? {} : { load: load.summary() }),
  };
};

const makeHub = (options: ApiOptions): Hub => {
  const log = eventLog(randomBytes(6).toString('hex'));
  const pulse = createPulse(options, log, () => statusOf(options));
  const { hotPath, timers, response } = options;
  return createHub({
    log,
    pulse,
    events: hotPath.events,
    preAlarms: hotPath.preAlarms,
    responses: response?.listen,
    timers,
  });
};

/** By the route as it is written, not as it was asked for: addresses of strangers are no labels. */
const countAnswers = (server: FastifyInstance, metrics: MetricsPage): void => {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    metrics.answered(route, request.method, reply.statusCode);
    done();
  });
};

/**
 * The HTTP side of the gateway. What it answers of the present is read from memory; for the past it asks the store,
 * a few questions at a time, and never waits long.
 */
export const createApi = (options: ApiOptions): Api => {
  const { hotPath, log, timers, registry, inbox, hosts = [], serverFactory, routes: others = [] } = options;
  const server = createHttpServer({ log, hosts: new Set(hosts), serverFactory });
  const metrics = createMetrics(options, options.health);
  const hub = makeHub(options);
  const recent = recentAlarms(hotPath.events);
  const recentRecord = recentEvents(hotPath.events);
  const known = tokens(registry);
  const anyone = firstAccess([options.access, clientAccess(known)]);
  const access = options.guard?.(anyone) ?? anyone;

  const { history, past = recent, record = recentRecord } = options;
  const lookedUp = lookUps(options);
  const routes = [...peopleRoutes({ ...options, access, history, past, record, hub, metrics, lookedUp }), ...others];
  const ingest = makeIngestRoute({ registry, inbox, timers, intake: hotPath.intake, rate: DEFAULT_LIMITS });
  countAnswers(server, metrics);
  options.prepare?.(server);
  mountRoutes(server, [...routes, openApiRoute([...routes, ingest])], admitByRole(access));
  mountIngest(server, ingest, known, options);
  serveConsole(server, options.console ?? new Map());

  server.addHook('preClose', async () => hub.stop());
  server.addHook('onClose', async () => {
    recent.stop();
    recentRecord.stop();
    metrics.stop();
  });
  let droppedConnections = 0;
  server.server.on('drop', () => {
    droppedConnections += 1;
  });
  return {
    server,
    counters: () => ({ http: { droppedConnections }, stream: { ...hub.counters } }),
    levels: () => ({ stream: { clients: hub.clients } }),
  };
};
