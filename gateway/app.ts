import { acknowledgements } from './alarms/acknowledgements.ts';
import { badgeBuzz, startRadios } from './alarms/badge-buzz.ts';
import { carryOut, downlink } from './alarms/commands.ts';
import { watchReceivers } from './alarms/deaf-receivers.ts';
import { patienceOf, watchSources } from './alarms/lost-sources.ts';
import { remindOfService } from './alarms/out-of-service.ts';
import { watchItself } from './alarms/self-watch.ts';
import { alarmTopics } from './alarms/topics.ts';
import { consoleDirectory, readConsole } from './api/console/files.ts';
import type { Health } from './api/contract.ts';
import { createInbox } from './api/ingest/inbox.ts';
import { createApi } from './api/server.ts';
import { systemClock } from './broker/clock.ts';
import type { ListenAddress } from './broker/options.ts';
import type { VenueClock } from './clock.ts';
import { badgeMacs } from './config/badge-macs.ts';
import { bindKeysOf } from './config/bind-keys.ts';
import { liveVenue } from './config/live.ts';
import type { Registry } from './config/registry.ts';
import type { VenueConfig } from './config/schema.ts';
import { trustOf } from './config/trust.ts';
import { doorsOf, type HttpAddress, openDoors } from './doors.ts';
import { openRecorder } from './flight/open-recorder.ts';
import { markSources } from './flight/source-marks.ts';
import { healthOf } from './health.ts';
import { createHotPath, type HotPath } from './hot-path.ts';
import type { Log } from './log.ts';
import { startNotifiers } from './notifiers/notifiers.ts';
import { openEntrance } from './people/entrance.ts';
import { openKept } from './recovery/kept.ts';
import { readInThread } from './reload/reader.ts';
import { createReloader, type ReloadMark, type ReloadOutcome, type ReloadRequest } from './reload/reload.ts';
import { createRequests } from './requests.ts';
import { createLoadBoard } from './response/flood/board.ts';
import { namesOf } from './response/reach.ts';
import { responseRoutes } from './response/routes.ts';
import { createResponse } from './response/run.ts';
import { reportItself } from './self-report.ts';
import { figuresOf } from './service-manager/figures.ts';
import type { Figures } from './service-manager/progress.ts';
import { committed, type Sink } from './sinks/sink.ts';
import { createSources } from './sources.ts';
import { asStartError } from './start-error.ts';
import { type Stops, unwind } from './stops.ts';
import { reportVenue } from './venue-report.ts';

export interface AppOptions {
  readonly config: VenueConfig;
  readonly clock: VenueClock;
  readonly log: Log;
  readonly sinks?: readonly Sink[];
  /** Where users and certificates are; absent: nobody can log in. */
  readonly directory?: string;
  /** Where the store is; absent: nothing is kept. */
  readonly storeDirectory?: string;
  /** What a reload reads; absent: there is nothing to read again. */
  readonly venueFile?: string;
  /** Called when the gateway has begun to judge by another configuration. */
  readonly onReload?: (mark: ReloadMark) => void;
}

/** The running gateway. */
export interface App {
  readonly registry: Registry;
  readonly hotPath: HotPath;
  readonly mqtt: readonly ListenAddress[];
  readonly http: HttpAddress;
  health(): Health;
  /** How far it has come, for whoever watches over it. */
  progress(): Figures;
  /** Reads certificate files and users again; what went wrong comes back, the old ones stay in use. */
  reloadCertificates(): readonly Error[];
  /** Reads the venue file again. Undefined: there is none. */
  readonly reload: ((asked: ReloadRequest) => Promise<ReloadOutcome>) | undefined;
  stop(): Promise<void>;
}

/**
 * Puts the gateway together, in a straight line: each part's end goes on a stack the moment it exists, and a failure
 * half-way unwinds through the same stack. Rejects with what went wrong; then nothing is left running.
 */
export const startApp = async (options: AppOptions): Promise<App> => {
  const { config, clock, log, directory, venueFile } = options;
  const stops: Stops = [];
  const startedAtMs = clock.now();
  try {
    const entrance = await openEntrance({ config, directory, log, clock: systemClock, nowMs: clock.now });
    stops.push(entrance.stop);
    const live = liveVenue(config);
    const { registry, rules } = live;
    const kept = await openKept({ ...options, registry, rules });
    if (kept !== undefined) stops.push(kept.stop);
    const sinks = [...(options.sinks ?? []), ...(kept === undefined ? [] : [kept.store])];
    const { snapshot, memories, alarms = [], outOfService = [] } = kept ?? {};
    const requests = createRequests();
    const recorder = openRecorder(options);
    if (recorder !== undefined) stops.push(recorder.stop);
    const keep = kept?.store.response;
    const response = createResponse({
      config: live.config,
      clock,
      log,
      name: registry.nameOf,
      keep,
      kept: kept?.response,
      recent: kept?.recent,
    });
    const bindKeys = new Map(bindKeysOf(config));
    const before = { snapshot, memories, alarms, outOfService, trust: trustOf(config), bindKeys };
    const hotPath = createHotPath({
      registry,
      rules,
      clock,
      sinks,
      log,
      recorder,
      ...before,
      deed: response.act,
      onRequest: requests.take,
    });
    stops.push(hotPath.stop);

    const { presence, report, openAlarms } = hotPath;
    stops.push(watchReceivers({ presence, registry, clock, report, openAlarms }));
    stops.push(hotPath.events.listen(remindOfService(report)));

    const load = createLoadBoard({
      flood: response.flood,
      config: live.config,
      name: (id) => namesOf(live.config, registry.nameOf)(id),
      openAlarms,
      nowMs: clock.now,
    });
    const inbox = createInbox();
    const asked = { config, registry, inbox, log, nowMs: clock.now, speed: clock.speed };
    const { sources, brokers, badgeRadios } = createSources(asked);
    requests.connect(sources);
    stops.push(watchSources({ sources, patience: patienceOf(config), clock, ...hotPath }));
    if (recorder !== undefined) stops.push(markSources({ sources, recorder, clock }));
    const commit = (done: () => void): void => committed(sinks, done);
    const notifiers = startNotifiers({
      ...options,
      config: live.config,
      registry,
      hotPath,
      response,
      commit,
      store: kept?.store,
      kept: kept?.outbox,
      directory: options.storeDirectory,
    });
    stops.push(notifiers.stop);
    const send = downlink(registry.venueId, brokers);
    stops.push(response.start(hotPath, notifiers.desk, notifiers.resume, send));
    const keepAgain = (): void => {
      response.keepAgain();
      notifiers.keepAgain();
    };
    if (kept !== undefined) stops.push(kept.keepUp(hotPath, keepAgain, recorder));
    const { lock } = entrance;
    stops.push(hotPath.commands.listen(carryOut({ send, lock, log })));
    for (const broker of brokers) {
      broker.onAck(acknowledgements(hotPath, commit, log));
      const publish = alarmTopics(registry.venueId, broker);
      for (const alarm of alarms) publish({ type: 'changed', atMs: startedAtMs, alarm });
      stops.push(hotPath.events.listen(publish));
    }
    if (badgeRadios.length > 0) {
      const macOf = (id: string): string | undefined => badgeMacs(live.config).get(id);
      const buzz = badgeBuzz({ radios: badgeRadios, macOf, onDone: hotPath.occur, log, nowMs: clock.now });
      stops.push(startRadios(badgeRadios), hotPath.events.listen(buzz));
    }
    const apply = (next: VenueConfig, keys: ReadonlyMap<string, Uint8Array>): void => {
      live.swap(next);
      bindKeys.clear();
      for (const [id, key] of keys) bindKeys.set(id, key);
      hotPath.reload(next);
      response.renew();
      for (const broker of brokers) broker.setCredentials(registry.credentials);
    };
    const reloader =
      venueFile === undefined
        ? undefined
        : createReloader({ ...options, read: () => readInThread(venueFile), apply, nowMs: clock.now });
    // Whoever is to hear what comes of it listens by now.
    hotPath.recount();
    const readiness = doorsOf({ sources, brokers });
    const others = { entrance, notifiers, response, load, store: kept?.store };
    const parts = { config, hotPath, brokers, requests, sources, startedAtMs, ...others };
    const health = (): Health => healthOf({ ...parts, api, recorder, reloader });
    const api = createApi({
      config: live.config,
      reload: reloader?.reload,
      registry,
      rules,
      hotPath,
      clock,
      log,
      inbox,
      health,
      timers: systemClock,
      ...entrance.api,
      ...(kept === undefined ? {} : { history: kept.history, past: kept.past, record: kept.record }),
      ready: readiness.state,
      commit,
      measure: (registry) => {
        notifiers.measure(registry);
        load.measure(registry);
      },
      response,
      load,
      routes: [
        ...(entrance.api.routes ?? []),
        ...notifiers.routes,
        load.route,
        ...responseRoutes({ response, hotPath, store: kept?.store, commit, timers: systemClock, log }),
      ],
      prepare: (server) => {
        entrance.api.prepare?.(server);
        notifiers.prepare(server);
      },
      console: readConsole(consoleDirectory()),
    });
    stops.push(() => api.server.close());
    if (kept !== undefined) stops.push(reportItself({ store: kept.store, timers: systemClock, health }));
    if (kept !== undefined && config.sinks.length > 0)
      stops.push(reportVenue({ config: live.config, registry, rules, clock, hotPath, log, store: kept.store }));
    const progress = (): Figures => figuresOf({ hotPath, brokers, store: kept?.store });
    const { measured } = hotPath;
    const watched = {
      clock,
      timers: systemClock,
      measured,
      progress,
      notifiers: notifiers.figures,
      store: kept?.store,
    };
    stops.push(watchItself({ ...watched, directory: options.storeDirectory }));
    await recorder?.begun();
    const doors = { config, server: api.server, sources, brokers, readiness, accept: hotPath.accept };
    const http = await openDoors(doors, stops);
    return {
      registry,
      hotPath,
      mqtt: brokers.flatMap((broker) => broker.addresses()),
      http,
      health,
      progress,
      reloadCertificates: () => [...brokers.flatMap((broker) => broker.reloadCertificates()), ...entrance.reload()],
      reload: reloader?.reload,
      stop: () => unwind(stops, log),
    };
  } catch (error) {
    await unwind(stops, log);
    throw asStartError(error);
  }
};
