import type { Health } from './api/contract.ts';
import type { Api } from './api/server.ts';
import type { Broker } from './broker/broker.ts';
import type { VenueConfig } from './config/schema.ts';
import type { HotPath } from './hot-path.ts';
import type { Entrance } from './people/entrance.ts';
import type { Store } from './store/store.ts';
import { VERSION } from './version.ts';

interface HealthOptions {
  readonly config: VenueConfig;
  readonly hotPath: HotPath;
  readonly brokers: readonly Broker[];
  readonly startedAtMs: number;
  readonly api: Pick<Api, 'counters' | 'levels'>;
  readonly entrance: Pick<Entrance, 'problems'>;
  /** Undefined: nothing is kept. */
  readonly store: Pick<Store, 'health'> | undefined;
}

/** Numbers of the store by name, and by name of each InfluxDB. */
const storeCounters = (store: HealthOptions['store']): Health['counters'] => {
  if (store === undefined) return {};
  const { droppedSamples, droppedOccurrences, droppedEvents, refusedCommits, workerRestarts, influx } = store.health();
  const dropped = { droppedSamples, droppedOccurrences, droppedEvents };
  return {
    store: { ...dropped, refusedCommits, workerRestarts },
    ...Object.fromEntries(
      influx.map(({ id, writtenLines, rejectedLines, droppedReadings, requests, retriedRequests, damagedBatches }) => [
        `influx_${id}`,
        { writtenLines, rejectedLines, droppedReadings, requests, retriedRequests, damagedBatches },
      ]),
    ),
  };
};

const storeLevels = (store: HealthOptions['store']): Health['counters'] => {
  if (store === undefined) return {};
  const { pendingBytes, pendingBatches, gauges, influx } = store.health();
  return {
    store: { pendingBytes, pendingBatches, ...gauges },
    ...Object.fromEntries(influx.map(({ id, lagSeconds }) => [`influx_${id}`, { lagSeconds }])),
  };
};

const storeProblems = (store: HealthOptions['store']): readonly string[] => {
  if (store === undefined) return [];
  const { isFailing, droppedSamples, influx } = store.health();
  return [
    ...(isFailing ? ['store-failing'] : []),
    ...(droppedSamples > 0 ? ['store-dropping'] : []),
    ...(influx.some(({ state }) => state === 'retrying' || state === 'refused') ? ['influx-behind'] : []),
  ];
};

/** What the gateway says of itself: every drop is counted here, and what should never happen makes it degraded. */
export const healthOf = ({ config, hotPath, brokers, startedAtMs, api, entrance, store }: HealthOptions): Health => {
  const { intake, faults, sinkFaults, events } = hotPath;
  const problems = [
    ...(faults > 0 ? ['rule-fault'] : []),
    ...(sinkFaults > 0 ? ['sink-fault'] : []),
    ...(events.faults > 0 ? ['event-listener-fault'] : []),
    ...(brokers.some(({ counters }) => counters.outboxDropped > 0) ? ['alarm-publish-dropped'] : []),
    ...entrance.problems(),
    ...storeProblems(store),
  ];
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version: VERSION,
    venue: config.venue.id,
    startedAt: new Date(startedAtMs).toISOString(),
    openAlarms: hotPath.openAlarms().length,
    problems,
    counters: {
      intake: { ...intake.counters, discoveredForgotten: intake.discovered.forgotten },
      rejected: Object.fromEntries(intake.rejected.byCode),
      rules: { faults, eventListenerFaults: events.faults, sinkFaults },
      ...Object.fromEntries(
        brokers.map(({ counters }, index) => [index === 0 ? 'mqtt' : `mqtt${index + 1}`, { ...counters }]),
      ),
      ...api.counters(),
      ...storeCounters(store),
    },
    levels: { ...api.levels(), ...storeLevels(store) },
  };
};
