import type { InfluxStatus } from '../influx/ledger.ts';
import { COUNTED } from './gauges.ts';
import type { StoreHealth } from './store.ts';

type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What the gateway says of its store and of each InfluxDB, as part and name. */
export interface StoreFigures {
  /** Since the start. */
  readonly counters: Figures;
  readonly levels: Figures;
  /** What is wrong, by name. */
  readonly problems: readonly string[];
}

const byInflux = (
  influx: readonly InfluxStatus[],
  figures: (status: InfluxStatus) => Readonly<Record<string, number>>,
): Figures => Object.fromEntries(influx.map((status) => [`influx_${status.id}`, figures(status)]));

const countersOf = (health: StoreHealth): Figures => {
  const { droppedSamples, droppedOccurrences, droppedEvents, droppedFacts, gauges, influx } = health;
  const { refusedCommits, workerRestarts } = health;
  const counted = Object.fromEntries(COUNTED.map((name) => [name, gauges[name] ?? 0]));
  return {
    store: {
      droppedSamples,
      droppedOccurrences,
      droppedEvents,
      droppedFacts,
      refusedCommits,
      workerRestarts,
      ...counted,
    },
    ...byInflux(
      influx,
      ({ writtenLines, rejectedLines, droppedReadings, droppedFacts, requests, retriedRequests, damagedBatches }) => ({
        writtenLines,
        rejectedLines,
        droppedReadings,
        droppedFacts,
        requests,
        retriedRequests,
        damagedBatches,
      }),
    ),
  };
};

const levelsOf = ({ gauges, pendingBytes, pendingBatches, oldestPendingMs, influx }: StoreHealth): Figures => {
  const { openReadings = 0, logBytes = 0, freeBytes = 0, slowestCommitMs = 0 } = gauges;
  const disk = { openReadings, logBytes, freeBytes, slowestCommitSeconds: slowestCommitMs / 1000 };
  return {
    store: { pendingBytes, pendingBatches, oldestPendingSeconds: oldestPendingMs / 1000, ...disk },
    ...byInflux(influx, ({ lagSeconds }) => ({ lagSeconds })),
  };
};

/** Longer than any commit takes on a disk that works; one that fails is tried again every few seconds, and says so. */
const HUNG_MS = 60_000;

const problemsOf = (health: StoreHealth) => {
  const { isFailing, oldestPendingMs, droppedSamples, droppedOccurrences, droppedEvents, influx } = health;
  const isDropping = droppedSamples + droppedOccurrences + droppedEvents > 0;
  const someInflux = (is: (status: InfluxStatus) => boolean, problem: string): readonly string[] =>
    influx.some(is) ? [problem] : [];
  return [
    ...(isFailing ? ['store-failing'] : []),
    ...(!isFailing && oldestPendingMs >= HUNG_MS ? ['store-hung'] : []),
    ...(isDropping ? ['store-dropping'] : []),
    ...someInflux(({ state }) => state === 'retrying', 'influx-behind'),
    ...someInflux(({ state }) => state === 'refused', 'influx-refused'),
    ...someInflux(
      ({ droppedReadings, droppedFacts, damagedBatches }) => droppedReadings + droppedFacts + damagedBatches > 0,
      'influx-dropping',
    ),
    ...someInflux(({ rejectedLines }) => rejectedLines > 0, 'influx-rejecting'),
  ];
};

/** Every drop is counted, and what loses readings or needs somebody is a problem. */
export const storeFigures = (health: StoreHealth): StoreFigures => ({
  counters: countersOf(health),
  levels: levelsOf(health),
  problems: problemsOf(health),
});
