import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { liveVenue } from '../../../gateway/config/live.ts';
import type { VenueConfig } from '../../../gateway/config/schema.ts';
import { FLIGHT_FOLDER, flightFiles } from '../../../gateway/flight/files.ts';
import { createRecorder, type FlightRecorder, type RecorderOptions } from '../../../gateway/flight/recorder.ts';
import { type Replayed, replay } from '../../../gateway/flight/replay.ts';
import { type ReplayClock, replayClock } from '../../../gateway/flight/replay-clock.ts';
import { createHotPath, type HotPath } from '../../../gateway/hot-path.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import type { Snapshot } from '../../../rules/judge/snapshot.ts';
import { silentLog } from '../store/fixture.ts';

/** 2026-06-01T12:00:00Z */
export const START_MS = Date.UTC(2026, 5, 1, 12);

/** Gone after the test. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-flight-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

export const pathsIn = (directory: string): readonly string[] => flightFiles(directory).map(({ path }) => path);

export const recordingOf = (dataDirectory: string): readonly string[] => pathsIn(join(dataDirectory, FLIGHT_FOLDER));

/** A replay, and all of its lines. */
export const replayed = (
  paths: readonly string[],
): { readonly result: Replayed; readonly lines: readonly string[] } => {
  const lines: string[] = [];
  const result = replay({ paths, onLine: (line) => lines.push(line) });
  return { result, lines };
};

/** Timers that the test fires itself. */
const manualTimers = () => {
  const waiting = new Set<() => void>();
  const add = (task: () => void): (() => void) => {
    waiting.add(task);
    return () => waiting.delete(task);
  };
  return {
    now: () => 0,
    after: (_ms: number, task: () => void) => add(task),
    soon: (task: () => void) => void add(task),
    fire: () => {
      const due = [...waiting];
      waiting.clear();
      for (const task of due) task();
    },
  };
};

export interface TestRecorder extends FlightRecorder {
  /** The moment comes in which it writes what it has. */
  flush(): void;
}

export const recorderIn = (
  directory: string,
  config: VenueConfig,
  clock: { now(): number },
  options: Partial<RecorderOptions> = {},
): TestRecorder => {
  const timers = manualTimers();
  const recorder = createRecorder({
    directory,
    config,
    bytesMax: 64 * 1024 * 1024,
    keepMs: Infinity,
    nowMs: clock.now,
    timers,
    log: silentLog,
    ...options,
  });
  return { ...recorder, flush: timers.fire };
};

export interface Stand {
  readonly hotPath: HotPath;
  readonly clock: ReplayClock;
  readonly recorder: TestRecorder;
  /** A message of a device, so many milliseconds after the start of the stand. */
  send(atMs: number, device: string, records: readonly object[]): void;
  /** It goes on by another configuration. */
  reload(next: VenueConfig): void;
}

/** As a real one, which goes on between two looks at it. */
const ticking = (clock: ReplayClock): ReplayClock => ({
  ...clock,
  now: () => {
    clock.set(clock.now() + 1);
    return clock.now();
  },
});

/** A recorded hot path in virtual time. */
export const stand = (
  directory: string,
  config: VenueConfig,
  startMs = START_MS,
  before: { readonly snapshot?: Snapshot | undefined; readonly alarms?: readonly Alarm[] } = {},
  { isTicking = false, ...options }: Partial<RecorderOptions> & { readonly isTicking?: boolean } = {},
): Stand => {
  const clock = isTicking ? ticking(replayClock(startMs)) : replayClock(startMs);
  const recorder = recorderIn(directory, config, clock, options);
  const live = liveVenue(config);
  const { registry, rules } = live;
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log: silentLog, recorder, ...before });
  const send = (atMs: number, device: string, records: readonly object[]): void => {
    clock.advance(startMs + atMs);
    const payload = Buffer.from(JSON.stringify(records));
    hotPath.accept(mqttFrame('mqtt', `muster/hall/up/${device}`, payload, clock.now()));
  };
  const reload = (next: VenueConfig): void => {
    live.swap(next);
    hotPath.reload(next);
  };
  return { hotPath, clock, recorder, send, reload };
};
