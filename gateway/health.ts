import type { Source } from '../ingest/sources/source.ts';
import type { Health } from './api/contract.ts';
import type { Api } from './api/server.ts';
import type { Broker } from './broker/broker.ts';
import type { VenueConfig } from './config/schema.ts';
import { recorderFigures } from './flight/figures.ts';
import type { FlightRecorder } from './flight/recorder.ts';
import type { HotPath } from './hot-path.ts';
import type { Notifiers } from './notifiers/notifiers.ts';
import type { Entrance } from './people/entrance.ts';
import type { Reloader } from './reload/reload.ts';
import type { Requests } from './requests.ts';
import type { LoadBoard } from './response/flood/board.ts';
import type { ResponseRunner } from './response/runner.ts';
import { type StoreFigures, storeFigures } from './store/figures.ts';
import type { Store } from './store/store.ts';
import { VERSION } from './version.ts';

interface HealthOptions {
  readonly config: VenueConfig;
  readonly hotPath: HotPath;
  readonly brokers: readonly Broker[];
  readonly requests: Pick<Requests, 'counters'>;
  readonly sources: readonly Source[];
  readonly startedAtMs: number;
  readonly api: Pick<Api, 'counters' | 'levels'>;
  readonly entrance: Pick<Entrance, 'problems'>;
  readonly notifiers: Pick<Notifiers, 'figures'>;
  readonly load: Pick<LoadBoard, 'counters' | 'levels'>;
  readonly response: Pick<ResponseRunner, 'counters' | 'levels'>;
  /** Undefined: there is no venue file to be read again. */
  readonly reloader: Pick<Reloader, 'problems'> | undefined;
  /** Undefined: nothing is kept. */
  readonly store: Pick<Store, 'health'> | undefined;
  /** Undefined: nothing is recorded. */
  readonly recorder?: Pick<FlightRecorder, 'health'> | undefined;
}

const NOTHING_KEPT: StoreFigures = { counters: {}, levels: {}, problems: [] };

type SourceHealth = NonNullable<Health['sources']>[number];

const sourceHealth = ({ id, status }: Source): readonly SourceHealth[] => {
  if (status === undefined) return [];
  const { state, counters, lastTrouble } = status();
  if (lastTrouble === undefined) return [{ id, state, counters: { ...counters } }];
  const { code, atMs, zh, en } = lastTrouble;
  const at = new Date(atMs).toISOString();
  return [{ id, state, counters: { ...counters }, lastTrouble: { code, at, text: { zh, en } } }];
};

/** What the gateway says of itself: every drop is counted here, and what should never happen makes it degraded. */
export const healthOf = (options: HealthOptions): Health => {
  const { config, hotPath, brokers, startedAtMs, api, entrance, store } = options;
  const { intake, faults, sinkFaults, events } = hotPath;
  const kept = store === undefined ? NOTHING_KEPT : storeFigures(store.health());
  const told = options.notifiers.figures();
  const recorded = recorderFigures(options.recorder?.health());
  const sources = options.sources.flatMap(sourceHealth);
  const problems = [
    ...(faults > 0 ? ['rule-fault'] : []),
    ...(sinkFaults > 0 ? ['sink-fault'] : []),
    ...(events.faults > 0 ? ['event-listener-fault'] : []),
    ...(brokers.some(({ counters }) => counters.outboxDropped > 0) ? ['alarm-publish-dropped'] : []),
    ...(sources.some(({ state }) => state === 'lost') ? ['source-lost'] : []),
    ...(sources.some(({ state }) => state === 'silent') ? ['source-silent'] : []),
    ...entrance.problems(),
    ...(options.reloader?.problems() ?? []),
    ...kept.problems,
    ...told.problems,
    ...recorded.problems,
  ];
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version: VERSION,
    venue: config.venue.id,
    startedAt: new Date(startedAtMs).toISOString(),
    openAlarms: hotPath.openAlarms().length,
    problems,
    counters: {
      intake: {
        ...intake.counters,
        discoveredForgotten: intake.discovered.forgotten,
        receiversUncounted: hotPath.presence.uncounted,
      },
      rejected: Object.fromEntries(intake.rejected.byCode),
      requests: { ...options.requests.counters },
      rules: {
        faults,
        eventListenerFaults: events.faults,
        sinkFaults,
        commandFaults: hotPath.commands.faults,
        subjectsForgotten: hotPath.view.forgottenSubjects(),
        statesUnfit: hotPath.view.unfitStates(),
      },
      ...Object.fromEntries(
        brokers.map(({ counters }, index) => [index === 0 ? 'mqtt' : `mqtt${index + 1}`, { ...counters }]),
      ),
      response: options.response.counters(),
      ...api.counters(),
      ...kept.counters,
      ...told.counters,
      ...options.load.counters(),
      ...recorded.counters,
    },
    levels: {
      ...api.levels(),
      response: options.response.levels(),
      ...kept.levels,
      ...told.levels,
      ...options.load.levels(),
      ...recorded.levels,
    },
    sources,
  };
};
