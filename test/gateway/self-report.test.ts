import { expect, test } from 'vitest';
import type { Health } from '../../gateway/api/contract.ts';
import { reportItself } from '../../gateway/self-report.ts';
import type { Store } from '../../gateway/store/store.ts';

const health = (frames: number): Health => ({
  status: 'degraded',
  version: '1',
  venue: 'hall',
  startedAt: '2026-06-01T12:00:00.000Z',
  openAlarms: 2,
  problems: ['influx-behind'],
  counters: { intake: { frames }, store: { droppedSamples: 1 } },
  levels: { store: { pendingBytes: 7 } },
  sources: [{ id: 'gps', state: 'lost', counters: { frames: 3, bytes: 90, failures: 0 } }],
});

test('the gateway tells its figures every ten seconds, counters and levels of a part together, until it stops', () => {
  const told: Parameters<Store['count']>[0][] = [];
  const tasks: (readonly [ms: number, task: () => void])[] = [];
  let cancelled = 0;
  let frames = 0;
  const stop = reportItself({
    store: { count: (counters) => void told.push(counters) },
    timers: {
      now: () => 0,
      after: (ms, task) => {
        tasks.push([ms, task]);
        return () => {
          cancelled += 1;
        };
      },
    },
    health: () => {
      frames += 1;
      return health(frames);
    },
  });
  for (const index of [0, 1]) tasks[index]?.[1]();
  expect(tasks.map(([ms]) => ms)).toEqual([10_000, 10_000, 10_000]);
  expect(told).toEqual(
    [1, 2].map((count) => ({
      intake: { frames: count },
      store: { droppedSamples: 1, pendingBytes: 7 },
      'source-gps': { frames: 3, bytes: 90, failures: 0, open: 0 },
      health: { openAlarms: 2, problems: 1 },
    })),
  );
  stop();
  expect(cancelled).toBe(1);
});
