import { liveClock } from '../../clock.ts';
import type { LogCursor } from '../../influx/feed.ts';
import type { InfluxStatus } from '../../influx/ledger.ts';
import type { VenueFact } from '../../influx/lines/facts.ts';
import type { Counters } from '../../influx/lines/gateway.ts';
import type { InfluxSettings } from '../../influx/settings.ts';
import { type InfluxWriter, startInfluxWriter } from '../../influx/writer.ts';
import type { Log as Report } from '../../log.ts';
import type { LogFollower, TrimmedRow } from '../database/log.ts';
import type { Gauges } from '../gauges.ts';
import type { Keeper } from './keeper.ts';

/** How long the last lines may take when the gateway stops; what is left goes after the next start. */
const DRAIN_MS = 1000;

/**
 * Lines cost this thread, and a database on the same machine, more than judging them has cost. The busier judging is,
 * the longer they rest after each request: as long as the request took where it is a quarter busy, three times as long
 * at half; but not once the log is so full.
 */
const REST_SHARE = 3;
const REST_MS_MAX = 1000;
const LOG_SHARE_MAX = 0.5;

export interface FollowersOptions {
  readonly keeper: Keeper;
  readonly gauges: Gauges;
  readonly logBytesMax: number;
  readonly sinks: readonly InfluxSettings[];
  readonly report: Report;
}

/** The InfluxDB sinks, each with a cursor of its own in the log. */
export interface Followers {
  /** Something was committed. */
  wake(): void;
  /** Rows went; what a sink had not come to is counted as dropped. */
  trimmed(rows: readonly TrimmedRow[]): void;
  /** Writes down where the sinks are; false: they are where they were. */
  save(): boolean;
  count(counters: Counters, atMs: number): void;
  facts(facts: readonly VenueFact[], atMs: number): void;
  statuses(): readonly InfluxStatus[];
  stop(): Promise<void>;
}

interface Follower {
  readonly name: LogFollower;
  readonly writer: InfluxWriter;
}

export const startFollowers = ({ keeper, gauges, logBytesMax, sinks, report }: FollowersOptions): Followers => {
  const { connection, log } = keeper;
  const moved = new Set<LogFollower>();
  const names = sinks.map(({ sink }): LogFollower => `influxdb:${sink.id}`);
  log.setFollowers(connection, names);

  const restMs = (tookMs: number): number => {
    if (log.bytes > logBytesMax * LOG_SHARE_MAX) return 0;
    const busy = Math.min(0.99, gauges.get('mainBusy'));
    return Math.min(REST_MS_MAX, (tookMs * REST_SHARE * busy) / (1 - busy));
  };
  const cursorOf = (name: LogFollower): LogCursor => ({
    after: (sequence) => log.after(sequence ?? log.cursor(name), 1)[0],
    settle: (sequence) => {
      log.moved(name, sequence);
      moved.add(name);
    },
  });
  const followers = sinks.map((settings): Follower => {
    const name: LogFollower = `influxdb:${settings.sink.id}`;
    const options = { settings, log: cursorOf(name), names: keeper.dictionary, clock: liveClock(), report, restMs };
    return { name, writer: startInfluxWriter(options) };
  });

  const save = (): boolean => {
    if (moved.size === 0) return false;
    // Not synced: what a power cut forgets is sent again, and is the same point in the database.
    connection.transaction(false, () => {
      for (const name of moved) log.saveCursor(name, log.cursor(name));
    });
    moved.clear();
    return true;
  };

  return {
    wake: () => {
      for (const { writer } of followers) writer.wake();
    },
    trimmed: (rows) => {
      for (const { name, writer } of followers) {
        const cursor = log.cursor(name);
        const lost = rows.reduce((sum, { sequence, readings }) => sum + (sequence > cursor ? readings : 0), 0);
        if (lost > 0) writer.dropped(lost);
      }
    },
    save,
    count: (counters, atMs) => {
      for (const { writer } of followers) writer.count(counters, atMs);
    },
    facts: (facts, atMs) => {
      gauges.add('factReportsTaken', 1);
      for (const { writer } of followers) writer.facts(facts, atMs);
    },
    statuses: () => followers.map(({ writer }) => writer.status()),
    stop: async () => {
      await Promise.all(followers.map(({ writer }) => writer.stop(DRAIN_MS)));
      save();
    },
  };
};
