import type { Alarm, AlarmEvent, OutOfService } from '../../rules/alarms/alarm.ts';
import type { JudgeOperator } from '../../rules/engine.ts';
import { moved } from '../../rules/judge/moments.ts';
import type { Snapshot } from '../../rules/judge/snapshot.ts';
import type { Rule } from '../../rules/rule.ts';
import { storeVerdict } from '../alarms/health.ts';
import type { AlarmHistory, AlarmRecord, History } from '../api/ports.ts';
import type { AppOptions } from '../app.ts';
import { systemClock } from '../broker/clock.ts';
import type { VenueClock } from '../clock.ts';
import type { Registry } from '../config/registry.ts';
import type { FlightRecorder } from '../flight/recorder.ts';
import type { HotPath } from '../hot-path.ts';
import { influxSettings } from '../influx/settings.ts';
import type { KeptOutbox } from '../notifiers/notice.ts';
import type { KeptResponse } from '../response/decision.ts';
import { openStore } from '../store/open-store.ts';
import type { Store, StoreTrouble } from '../store/store.ts';
import { recover } from './recover.ts';
import { alarmMovedBack } from './set-back.ts';
import { keepSnapshots, type Snapshots } from './snapshots.ts';

export interface KeptOptions extends AppOptions {
  readonly registry: Registry;
  readonly rules: readonly Rule[];
}

/** What is kept, and how things stood when the gateway last ran. */
export interface Kept {
  readonly store: Store;
  readonly snapshot: Snapshot | undefined;
  /** What decoders remembered. */
  readonly memories: readonly (readonly [key: string, memory: unknown])[];
  readonly alarms: readonly Alarm[];
  readonly outOfService: readonly OutOfService[];
  /** What notifiers had not told. */
  readonly outbox: KeptOutbox;
  /** How far the response to what is open was. */
  readonly response: KeptResponse;
  /** Alarms of the last day as they came, in order. */
  readonly recent: readonly AlarmEvent[];
  readonly history: History;
  readonly past: AlarmHistory;
  readonly record: AlarmRecord;
  /**
   * From now on what the engine holds is kept too, and what goes wrong with the store is an alarm. `keepAgain` is called
   * when the database was set aside: the new one knows of nothing.
   */
  keepUp(hotPath: HotPath, keepAgain: () => void, recorder?: FlightRecorder): () => Promise<void>;
  stop(): Promise<void>;
}

const EVENT_PAGES_MAX = 10;

const DAY_MS = 86_400_000;
/** A venue whose alarms of a day are more than these has their figures from when the oldest of them came. */
const RECENT_MAX = 5_000;

const eventsOf = async (store: Store, alarm: string): Promise<readonly AlarmEvent[]> => {
  const found: AlarmEvent[] = [];
  let after: number | undefined;
  for (let page = 0; page < EVENT_PAGES_MAX; page += 1) {
    const { events, next } = await store.alarmEvents({ alarm, after });
    found.push(...events.filter((event) => 'alarm' in event));
    if (next === undefined) break;
    after = next;
  }
  return found;
};

/** What a kill can make a deadline late by, beyond the time down. */
const RAN_TO_EVERY_MS = 20;

/**
 * Tells the store until when the gateway has run, over and over: with every deadline until then judged, late as its timer
 * may be. Not before this run has a snapshot of its own: after that of the run before, time down would be time that it ran.
 */
export const tellRunning = (
  store: Pick<Store, 'ranTo'>,
  judging: Pick<JudgeOperator, 'judgedToMs'>,
  snapshots: Pick<Snapshots, 'kept'>,
  clock: VenueClock,
): (() => void) => {
  const { speed = 1 } = clock;
  let stop = (): void => undefined;
  const beat = (): void => {
    const ranToMs = judging.judgedToMs();
    if (ranToMs !== undefined && snapshots.kept > 0) store.ranTo(ranToMs);
    const next = clock.schedule(beat, RAN_TO_EVERY_MS * speed);
    stop = () => next.unsubscribe();
  };
  beat();
  return () => stop();
};

const SET_BACK = {
  zh: '时钟在网关停止期间被拨回：保存的时刻全部提前同样的时间，计时从原处继续',
  en: 'the clock has been set back while the gateway was down: all that was kept counts as so much earlier, and goes on where it stood',
} as const;

/** How things stood, in the time of a clock that may have been set back since. */
const broughtBack = async (store: Store, { clock, log, registry, rules }: KeptOptions) => {
  const { snapshot, memories, keys, records } = await recover(store.recovery, rules, registry.venue, log);
  const { notices, told, usedLinks } = await store.outboxKept();
  const kept = {
    snapshot,
    outOfService: await store.outOfService(),
    response: await store.responseKept(),
    outbox: { notices, told, usedLinks },
  };
  const alarms = await store.openAlarms();
  const byMs = snapshot === undefined ? 0 : snapshot.atMs - clock.now();
  if (snapshot === undefined || byMs <= 0) return { ...kept, alarms, memories, keys, records };
  log.warn({ seconds: byMs / 1000, zh: SET_BACK.zh }, SET_BACK.en);
  const then = moved({ ...kept, outbox: { notices, told } }, -byMs, snapshot.atMs);
  return {
    ...then,
    outbox: { ...then.outbox, usedLinks },
    alarms: alarms.map((alarm) => alarmMovedBack(alarm, byMs)),
    memories,
    keys,
    records,
  };
};

/** Opens the store and brings back what it holds; undefined where nothing is to be kept. */
export const openKept = async (options: KeptOptions): Promise<Kept | undefined> => {
  const { config, clock, log, registry, storeDirectory } = options;
  if (storeDirectory === undefined) return undefined;
  const early: StoreTrouble[] = [];
  let onTrouble = (trouble: StoreTrouble): void => void early.push(trouble);
  const { durability, commitEveryMs } = config.data;
  const store = await openStore({
    directory: storeDirectory,
    durability,
    commitEveryMs,
    log,
    nowMs: clock.now,
    influx: influxSettings(config, registry),
    onTrouble: (trouble) => onTrouble(trouble),
  });
  try {
    const startedMs = systemClock.now();
    const { keys, records, ...back } = await broughtBack(store, options);
    const came = await store.alarmEvents({ fromMs: clock.now() - DAY_MS, alarmsMax: RECENT_MAX });
    const recent = came.events.filter((event) => 'alarm' in event);
    const tookMs = Math.round(systemClock.now() - startedMs);
    log.info({ records, alarms: back.alarms.length, tookMs }, 'what was kept is back');
    return {
      store,
      ...back,
      recent,
      history: { query: (query) => store.history(query) },
      record: { events: (alarm) => eventsOf(store, alarm) },
      past: { closed: (limit, before) => store.closedAlarms(limit, before) },
      keepUp: (hotPath, keepAgain, recorder) => {
        onTrouble = (trouble) => {
          const atMs = clock.now();
          if (trouble.type === 'set-aside') {
            for (const alarm of hotPath.openAlarms()) store.event({ type: 'changed', atMs, alarm });
            for (const entry of hotPath.outOfService()) store.event({ type: 'service-removed', atMs, entry });
            keepAgain();
          }
          hotPath.report(storeVerdict(trouble, atMs));
        };
        for (const trouble of early.splice(0)) onTrouble(trouble);
        const { engine, intake } = hotPath;
        recorder?.expectKeyframes();
        const keyframe = () =>
          recorder?.keyframe({ alarms: hotPath.openAlarms(), outOfService: hotPath.outOfService() });
        const parts = { engine, memories: intake.memories, keys };
        const snapshots = keepSnapshots({ store, ...parts, timers: systemClock, log, keyframe });
        const stopTelling = tellRunning(store, engine, snapshots, clock);
        return () => {
          stopTelling();
          return snapshots.stop();
        };
      },
      stop: () => store.stop(),
    };
  } catch (error) {
    await store.stop();
    throw error;
  }
};
