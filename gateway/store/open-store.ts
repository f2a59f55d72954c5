import type { InfluxStatus } from '../influx/ledger.ts';
import { BatchEncoder } from './batch/encoder.ts';
import { Sources } from './batch/sources.ts';
import { after } from './clock.ts';
import type { KnownNames } from './database/dictionary.ts';
import { lockDirectory } from './database/lock.ts';
import { Gauges } from './gauges.ts';
import { createAsker } from './port/asker.ts';
import { tellBusyness } from './port/busyness.ts';
import { type FactsPort, factsPort } from './port/facts.ts';
import { Port } from './port/port.ts';
import { createRecovery } from './port/recovery.ts';
import { type SnapshotDesk, snapshotDesk } from './port/snapshot-writer.ts';
import { superviseWorker } from './port/supervisor.ts';
import type { Store, StoreOptions, StoreTrouble } from './store.ts';

const COMMIT_EVERY_MS = 25;
const COMMIT_EVERY_MAX_MS = 250;
const MIB = 1024 * 1024;
const PENDING_BYTES_MAX = 16 * MIB;
const LOG_BYTES_MAX = 256 * MIB;
const PACK_READINGS = 2_000_000;
const PACK_EVERY_SECONDS = 600;

const settingsOf = (options: StoreOptions, gauges: Gauges) => ({
  directory: options.directory,
  packReadings: options.packReadings ?? PACK_READINGS,
  packEveryMs: (options.packEverySeconds ?? PACK_EVERY_SECONDS) * 1000,
  logBytesMax: options.logBytesMax ?? LOG_BYTES_MAX,
  sinks: options.influx ?? [],
  gauges: gauges.memory,
});

/** Calls at the end of the turn, or after a while. */
const commitSchedule = ({ durability, commitEveryMs = COMMIT_EVERY_MS }: StoreOptions) => {
  const everyMs = Math.min(COMMIT_EVERY_MAX_MS, Math.max(1, commitEveryMs));
  if (durability !== 'sync') return (work: () => void) => after(everyMs, work);
  return (work: () => void) => {
    const turn = setImmediate(work);
    return () => clearImmediate(turn);
  };
};

const TOLD: Readonly<Record<StoreTrouble['type'], string>> = {
  failing: 'the store cannot commit; senders are not acknowledged until it can',
  recovered: 'the store commits again',
  dropping: 'the disk is far behind: readings are dropped',
  'set-aside': 'the database was damaged: it was set aside and a new one begun',
};

const teller =
  ({ directory, log, onTrouble }: StoreOptions) =>
  (trouble: StoreTrouble): void => {
    const say = trouble.type === 'recovered' ? log.info : log.error;
    say.call(log, { directory, ...trouble }, TOLD[trouble.type]);
    onTrouble?.(trouble);
  };

/** What runs once the worker has opened the database. */
interface Running {
  readonly sources: Sources;
  readonly port: Port;
  readonly snapshots: SnapshotDesk;
  readonly facts: FactsPort;
}

const namesOf = ({ sources }: Running, metrics: readonly string[]): KnownNames => ({
  sources: sources.names.map((name, number) => ({ ...name, number, lastUs: 0 })),
  metrics,
});

/**
 * Opens the store of a data directory, with its worker. Rejects with StartError (cannot be used, in use by another
 * gateway) or StoreNewerError (written by a newer version; nothing was touched); a damaged database is set aside and
 * told of by `onTrouble`.
 */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  const unlock = lockDirectory(options.directory);
  try {
    return await startStore(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
};

const startStore = async (options: StoreOptions, unlock: () => void): Promise<Store> => {
  const gauges = new Gauges();
  const tell = teller(options);
  let running: Running | undefined;
  let influx: readonly InfluxStatus[] = [];
  const supervisor = await superviseWorker({
    settings: settingsOf(options, gauges),
    nowMs: options.nowMs,
    known: (metrics) => (running === undefined ? { sources: [], metrics } : namesOf(running, metrics)),
    pending: () => running?.port.messages ?? [],
    onCommitted: (sequence) => running?.port.committed(sequence),
    onCompleted: (sequence) => running?.snapshots.completed(sequence),
    onRestart: () => {
      running?.snapshots.lost(false);
      running?.facts.lost();
    },
    onTrouble: (trouble) => {
      if (trouble.type === 'set-aside') running?.snapshots.lost(true);
      tell(trouble);
    },
    onSinks: (statuses) => {
      influx = statuses;
    },
    log: options.log,
  });
  const { ready, post, ask } = supervisor;
  const sources = new Sources(ready.names.sources);
  const pendingBytesMax = options.pendingBytesMax ?? PENDING_BYTES_MAX;
  const port = new Port({
    encoder: new BatchEncoder(sources, new Map(ready.names.metrics.map((name, number) => [name, number]))),
    lastSequence: ready.lastSequence,
    pendingBytesMax,
    schedule: commitSchedule(options),
    post,
    onDropping: () => tell({ type: 'dropping' }),
  });
  // Half of the room: a snapshot can wait, readings cannot.
  const hasRoom = (): boolean => !supervisor.isFailing && port.pendingBytes < pendingBytesMax / 2;
  const snapshots = snapshotDesk({ post, hasRoom }, ready.snapshotSequence);
  const facts = factsPort({ post, gauges, nowMs: options.nowMs });
  running = { sources, port, snapshots, facts };
  const asker = createAsker(ask);
  const endTelling = tellBusyness(gauges);

  return {
    id: 'store',
    sample: (sample, isAcknowledged = true) => port.sample(sample, isAcknowledged),
    occurrence: (occurrence) => port.occurrence(occurrence),
    event: (event) => port.event(event),
    acknowledgement: (input) => port.acknowledgement(input),
    // While something waits for the disk, the log will tell: a mark never runs ahead of what is in it.
    ranTo: (atMs) => {
      if (port.isIdle) gauges.set('ranToMs', atMs);
    },
    outbox: (entry) => port.outbox(entry),
    response: (entry) => port.response(entry),
    commit: (done) => port.commit(done),
    recovery: createRecovery(ready, asker),
    beginSnapshot: () => snapshots.begin(port.mark()),
    history: asker.history,
    alarmEvents: asker.alarmEvents,
    openAlarms: asker.openAlarms,
    outOfService: asker.outOfService,
    closedAlarms: asker.closedAlarms,
    outboxKept: asker.outboxKept,
    attempts: asker.attempts,
    responseKept: asker.responseKept,
    decisions: asker.decisions,
    health: () => ({
      isFailing: supervisor.isFailing,
      pendingBytes: port.pendingBytes,
      pendingBatches: port.pendingBatches,
      oldestPendingMs: port.oldestPendingMs,
      ...port.counters,
      droppedFacts: facts.dropped,
      workerRestarts: supervisor.restarts,
      gauges: gauges.all(),
      influx,
    }),
    count: (counters) => post({ type: 'count', counters, atMs: options.nowMs() }),
    facts: facts.send,
    stop: async () => {
      endTelling();
      port.flush();
      snapshots.lost(false);
      await supervisor.stop();
      unlock();
    },
  };
};
