import { join } from 'node:path';
import { z } from 'zod';
import { connect } from '../../../gateway/store/database/connection.ts';
import { DATABASE_FILE } from '../../../gateway/store/database/open.ts';
import { openStore } from '../../../gateway/store/open-store.ts';
import type { AlarmEvent } from '../../../rules/alarms/alarm.ts';
import { silentLog } from '../store/fixture.ts';
import { SPEED, VENUE } from './evening.ts';
import { type GatewayProcess, standBy } from './gateway-process.ts';
import { startPeople } from './people.ts';

/** A gateway that is killed at a second of the evening, or, where it is armed, the moment others learn something. */
export interface Kill {
  readonly atSeconds: number;
  /** How long it waits for something to be learnt; 0: not at all. */
  readonly armedSeconds: number;
  /** How long the next start waits. */
  readonly downSeconds: number;
}

/** What is broken on purpose: senders are told before the commit; the snapshot is taken away while the gateway is down. */
export type Fault = 'commit' | 'snapshot';

/** From, to; seconds of the evening. */
type Span = readonly [number, number];

export interface Played {
  readonly downs: readonly Span[];
  /** When people learnt something, seconds of the evening; what they were shown may not have been kept. */
  readonly seen: readonly number[];
  /** Kept events of alarms, in order. */
  readonly events: readonly AlarmEvent[];
  /** What the API tells at the end: `rule subject severity human`, open or over. */
  readonly told: readonly string[];
  readonly epochMs: number;
}

/** 2026-06-01T12:00:00Z: no stamp lies in the future of the machine that plays it. */
const EPOCH_MS = Date.UTC(2026, 5, 1, 12);
const START_IN_MS = 4_000;
const LAST_LOOK_SECONDS = 10;
/** The shortest life, seconds of the evening. */
const UP_SECONDS = 5;

const alarmsSchema = z.looseObject({
  next: z.undefined().optional(),
  items: z.array(z.looseObject({ rule: z.string(), subject: z.string(), severity: z.string(), human: z.string() })),
});

const toldBy = async ({ ports }: GatewayProcess): Promise<readonly string[]> => {
  const response = await fetch(`http://127.0.0.1:${ports.http}/api/v1/alarms?state=all&limit=500`);
  const { items } = alarmsSchema.parse(await response.json());
  return items.map(({ rule, subject, severity, human }) => `${rule} ${subject} ${severity} ${human}`).toSorted();
};

const keptEvents = async (directory: string): Promise<readonly AlarmEvent[]> => {
  const store = await openStore({ directory, log: silentLog, nowMs: () => EPOCH_MS });
  const { events, next } = await store.alarmEvents({ limit: 10_000 });
  if (next !== undefined) throw new Error('more alarm events than an evening has');
  await store.stop();
  return events.filter((event) => 'alarm' in event);
};

const takeSnapshotAway = (directory: string): void => {
  const database = connect(join(directory, DATABASE_FILE));
  database.exec('DELETE FROM snapshot_parts');
  database.close();
};

/** The evening's clock, and timers on it. */
const eveningClock = (startAtMs: number) => {
  const startMs = performance.now() + startAtMs - Date.now();
  const now = (): number => ((performance.now() - startMs) / 1000) * SPEED;
  const timers = new Set<NodeJS.Timeout>();
  const after = (atSeconds: number, work: () => void): NodeJS.Timeout => {
    const timer = setTimeout(work, Math.max(0, ((atSeconds - now()) / SPEED) * 1000));
    timers.add(timer);
    return timer;
  };
  return { now, after, stop: () => timers.forEach(clearTimeout) };
};

/** Plays the evening to a gateway in a process of its own, that is killed and started again as planned, up to a second. */
export const playEvening = async (
  directory: string,
  kills: readonly Kill[],
  untilSeconds: number,
  fault?: Fault,
): Promise<Played> => {
  const startAtMs = Date.now() + START_IN_MS;
  const clock = eveningClock(startAtMs);
  const settings = {
    storeDirectory: directory,
    epochMs: EPOCH_MS,
    speed: SPEED,
    startAtMs,
    isHasty: fault === 'commit',
  };
  let gateway = await standBy().start({ ...settings, venue: VENUE });
  let next = standBy();
  const { mqtt, http } = gateway.ports;
  const venue = VENUE.replace('tcp: { port: 0 }', `tcp: { port: ${mqtt} }`).replace(
    'http: { port: 0 }',
    `http: { port: ${http} }`,
  );
  let onSeen = (): void => undefined;
  const seen: number[] = [];
  const see = (): void => {
    seen.push(clock.now());
    onSeen();
  };
  const endPeople = startPeople({ mqttPort: mqtt, ...clock, onSeen: see });
  const downs: Span[] = [];
  let told: readonly string[] = [];
  try {
    for (const { atSeconds, armedSeconds, downSeconds } of kills) {
      const fireSeconds = Math.max(atSeconds, clock.now() + UP_SECONDS);
      await new Promise<void>((resolve) => clock.after(fireSeconds, resolve));
      await new Promise<void>((resolve) => {
        onSeen = resolve;
        clock.after(fireSeconds + armedSeconds, resolve);
      });
      const fromSeconds = clock.now();
      await gateway.kill();
      if (fault === 'snapshot') takeSnapshotAway(directory);
      await new Promise<void>((resolve) => clock.after(fromSeconds + downSeconds, resolve));
      gateway = await next.start({ ...settings, venue });
      next = standBy();
      downs.push([fromSeconds, clock.now()]);
    }
    await new Promise<void>((resolve) => clock.after(untilSeconds + LAST_LOOK_SECONDS, resolve));
    told = await toldBy(gateway);
  } finally {
    clock.stop();
    await endPeople();
    await gateway.kill();
    await next.kill();
  }
  return { downs, seen, told, epochMs: EPOCH_MS, events: await keptEvents(directory) };
};
