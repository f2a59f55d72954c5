import { statfs } from 'node:fs/promises';
import type { Measure } from '../../rules/box/figures.ts';
import type { Figure, Text } from '../../rules/rule.ts';
import type { Clock } from '../broker/clock.ts';
import type { VenueClock } from '../clock.ts';
import type { NotifierFigures } from '../notifiers/figures.ts';
import { createProgress, type Figures } from '../service-manager/progress.ts';
import type { Store } from '../store/store.ts';

export interface SelfWatchOptions {
  readonly clock: VenueClock;
  readonly timers: Pick<Clock, 'now' | 'after'>;
  /** Takes what was measured to be judged. */
  measured(figure: Figure): void;
  /** How far the gateway has come. */
  progress(): Figures;
  notifiers(): NotifierFigures;
  /** Undefined: nothing is kept. */
  readonly store: Pick<Store, 'health'> | undefined;
  /** Of the data directory; undefined: there is none. */
  readonly directory: string | undefined;
  /** Free bytes of the disk below a directory; never settles while the disk does not answer. */
  freeBytes?(directory: string): Promise<number>;
}

const LOOK_EVERY_MS = 1000;
/** Free room changes slowly, and asking may wait for the disk. */
const DISK_EVERY_MS = 10_000;
/** A disk that has not answered for so long says nothing of its room. */
const DISK_ANSWER_MS = 30_000;

const NOTIFIER = 'notifier_';
const BYTES_PER_MEGABYTE = 1_000_000;

const freeBytesOf = async (directory: string): Promise<number> => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};

/** Asks for the free room again and again, one question at a time. */
const diskWatch = ({ directory, freeBytes = freeBytesOf }: SelfWatchOptions) => {
  let askedMs = -Infinity;
  let isAsking = false;
  let hasAnswered = false;
  let megabytes: number | undefined;
  return (nowMs: number): { readonly megabytes: number | undefined } | undefined => {
    if (directory === undefined) return undefined;
    if (!isAsking && nowMs - askedMs >= DISK_EVERY_MS) {
      isAsking = true;
      askedMs = nowMs;
      freeBytes(directory)
        .then((bytes) => bytes / BYTES_PER_MEGABYTE)
        .catch(() => undefined)
        .then((found) => {
          isAsking = false;
          megabytes = found;
          hasAnswered = true;
        });
    }
    if (isAsking && nowMs - askedMs >= DISK_ANSWER_MS) return { megabytes: undefined };
    return hasAnswered ? { megabytes } : undefined;
  };
};

interface SinkSight {
  readonly id: string;
  readonly lagSeconds: number;
  /** For how long it has taken nothing. */
  readonly downSeconds: number;
  readonly detail: Text | undefined;
}

/** How each InfluxDB does, and for how long it has taken nothing. */
const sinkWatch = ({ store }: SelfWatchOptions) => {
  const downSinceMs = new Map<string, number>();
  return (nowMs: number): readonly SinkSight[] =>
    (store?.health().influx ?? []).map(({ id, state, lagSeconds, lastTrouble }) => {
      const isDown = state === 'retrying' || state === 'refused';
      if (!isDown) downSinceMs.delete(id);
      else if (!downSinceMs.has(id)) downSinceMs.set(id, nowMs);
      const downSeconds = (nowMs - (downSinceMs.get(id) ?? nowMs)) / 1000;
      return { id, lagSeconds, downSeconds, detail: isDown ? lastTrouble?.text : undefined };
    });
};

/**
 * Takes figures of the gateway itself each second, for the rule `gateway-health` to judge. That its timer comes late is the
 * lag of the event loop. A simulated venue is not watched: its time is not that of the box.
 */
export const watchItself = (options: SelfWatchOptions): (() => void) => {
  const { clock, timers, measured, progress, notifiers } = options;
  const offsetMs = clock.offsetMs;
  if (offsetMs === undefined) return () => undefined;
  const stillness = createProgress(progress(), timers.now());
  const disk = diskWatch(options);
  const sinks = sinkWatch(options);

  const tell = (measure: Measure, value: number | undefined, part = '', detail?: Text): void =>
    measured({ type: 'figure', nowMs: clock.now(), measure, part, value, detail });

  const look = (): void => {
    const nowMs = timers.now();
    tell('loopLagMilliseconds', Math.max(0, nowMs - dueMs));
    tell('clockOffsetSeconds', Math.abs(offsetMs()) / 1000);
    tell('writerStillSeconds', stillness(progress(), nowMs).writerMs / 1000);
    const room = disk(nowMs);
    if (room !== undefined) tell('diskFreeMegabytes', room.megabytes);
    for (const { id, lagSeconds, downSeconds, detail } of sinks(nowMs)) {
      tell('queueAgeSeconds', lagSeconds, id, detail);
      tell('sinkDownSeconds', downSeconds, id, detail);
    }
    for (const [part, { oldestSeconds }] of Object.entries(notifiers().levels)) {
      if (part.startsWith(NOTIFIER)) tell('noticeAgeSeconds', oldestSeconds ?? 0, part.slice(NOTIFIER.length));
    }
    later();
  };
  let dueMs = 0;
  let cancel = (): void => undefined;
  const later = (): void => {
    dueMs = timers.now() + LOOK_EVERY_MS;
    cancel = timers.after(LOOK_EVERY_MS, look);
  };
  later();
  return () => cancel();
};
