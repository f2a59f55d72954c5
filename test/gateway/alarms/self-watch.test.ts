import { expect, test } from 'vitest';
import { type SelfWatchOptions, watchItself } from '../../../gateway/alarms/self-watch.ts';
import type { Figure } from '../../../rules/rule.ts';
import { stageTimers } from '../api/stage.ts';

const schedule = () => ({ unsubscribe: () => undefined });

const watch = (extra: Partial<SelfWatchOptions> = {}) => {
  const timers = stageTimers();
  const figures: Figure[] = [];
  const state = { offsetMs: 0, pendingBatches: 0, writerSteps: 0, oldestSeconds: 0 };
  const stop = watchItself({
    clock: { now: timers.now, schedule, offsetMs: () => state.offsetMs },
    timers,
    measured: (figure) => void figures.push(figure),
    progress: () => ({ isJudging: true, arrived: 0, lost: 0, ...state }),
    notifiers: () => ({
      counters: {},
      levels: { notifier_phones: { waiting: 1, oldestSeconds: state.oldestSeconds } },
      problems: [],
    }),
    store: undefined,
    directory: undefined,
    ...extra,
  });
  const last = (measure: string): number | undefined => figures.findLast((figure) => figure.measure === measure)?.value;
  return { timers, figures, state, last, stop };
};

test('looks each second, until it is stopped', () => {
  const { timers, figures, stop } = watch();
  timers.advance(3000);
  expect(figures.filter(({ measure }) => measure === 'loopLagMilliseconds').map(({ nowMs }) => nowMs)).toEqual([
    1000, 2000, 3000,
  ]);
  stop();
  timers.advance(5000);
  expect(figures.at(-1)?.nowMs).toBe(3000);
});

test('a timer that comes late is the lag of the event loop', () => {
  let nowMs = 0;
  let task = (): void => undefined;
  const timers = {
    now: () => nowMs,
    after: (_: number, next: () => void) => {
      task = next;
      return () => undefined;
    },
  };
  const { last } = watch({ timers });
  nowMs = 1000;
  task();
  expect(last('loopLagMilliseconds')).toBe(0);
  nowMs = 4500;
  task();
  expect(last('loopLagMilliseconds')).toBe(2500);
});

test('a clock that was set, a writer that stands, a notice that waits', () => {
  const { timers, state, last } = watch();
  timers.advance(1000);
  expect([last('clockOffsetSeconds'), last('writerStillSeconds'), last('noticeAgeSeconds')]).toEqual([0, 0, 0]);
  Object.assign(state, { offsetMs: -90_000, pendingBatches: 3, oldestSeconds: 75 });
  timers.advance(20_000);
  expect([last('clockOffsetSeconds'), last('writerStillSeconds'), last('noticeAgeSeconds')]).toEqual([90, 20, 75]);
  state.writerSteps = 1;
  timers.advance(1000);
  expect(last('writerStillSeconds')).toBe(0);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('free room: as the disk says; unknown where it refuses or does not answer', async () => {
  const answers: (() => Promise<number>)[] = [
    async () => 5_000_000_000,
    async () => {
      throw new Error('EIO');
    },
    () => new Promise(() => undefined),
  ];
  const { timers, figures } = watch({ directory: '/data', freeBytes: () => (answers.shift() ?? (async () => 1e6))() });
  const rooms = () => figures.filter(({ measure }) => measure === 'diskFreeMegabytes').map(({ value }) => value);
  timers.advance(1000);
  await settled();
  expect(rooms()).toEqual([]);
  timers.advance(1000);
  expect(rooms()).toEqual([5000]);
  timers.advance(9000);
  await settled();
  timers.advance(1000);
  expect(rooms().at(-1)).toBeUndefined();
  // Asked again, and never answered: what was known last is said no more after half a minute.
  timers.advance(60_000);
  await settled();
  expect(rooms().at(-1)).toBeUndefined();
  expect(answers).toEqual([]);
});

test('a sink that takes nothing is down for as long as that lasts, and says why', () => {
  const status = (state: 'retrying' | 'writing', lagSeconds: number) => ({
    id: 'influxdb',
    state,
    writtenLines: 0,
    rejectedLines: 0,
    droppedReadings: 0,
    droppedFacts: 0,
    requests: 0,
    retriedRequests: 0,
    damagedBatches: 0,
    lagSeconds,
    lastTrouble: { code: 'unreachable' as const, text: { zh: '连不上', en: 'unreachable' }, reason: '', atMs: 0 },
  });
  let sink = status('writing', 0);
  const store = {
    health: () => ({
      isFailing: false,
      pendingBytes: 0,
      oldestPendingMs: 0,
      pendingBatches: 0,
      droppedSamples: 0,
      droppedOccurrences: 0,
      droppedEvents: 0,
      droppedFacts: 0,
      refusedCommits: 0,
      workerRestarts: 0,
      gauges: {},
      influx: [sink],
    }),
  };
  const { timers, figures, last } = watch({ store });
  timers.advance(2000);
  expect(last('sinkDownSeconds')).toBe(0);
  sink = status('retrying', 130);
  timers.advance(121_000);
  expect([last('sinkDownSeconds'), last('queueAgeSeconds')]).toEqual([120, 130]);
  expect(figures.at(-2)).toMatchObject({ part: 'influxdb', detail: { en: 'unreachable' } });
  sink = status('writing', 0);
  timers.advance(1000);
  expect([last('sinkDownSeconds'), last('queueAgeSeconds')]).toEqual([0, 0]);
});

test('a simulated venue is not watched: its time is not that of the box', () => {
  const { timers, figures } = watch({ clock: { now: () => 0, schedule } });
  timers.advance(10_000);
  expect(figures).toEqual([]);
});
