import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import type { Observation } from '../../../rules/crowd/estimate.ts';
import { isIntegrated, seenBy } from '../../../rules/crowd/feeds.ts';
import {
  type Bearing,
  type Counts,
  FEEDS_MAX,
  observeCounts,
  startCounts,
  takeCounts,
} from '../../../rules/crowd/occupancy.ts';
import { sampleOf } from '../stage.ts';
import { gate, seen } from './stage.ts';

const bearing: Bearing = { sign: 1, watches: true, sinceZero: true, sigma: 0.01 };
const take = (counts: Counts, device: string, metrics: Metrics, channel = ''): Counts =>
  takeCounts(counts, sampleOf(device, 0, metrics, channel), bearing);
const stamped = (counts: Counts, timeMs: number, entries: number, timeFrom: 'device' | 'arrival' = 'device'): Counts =>
  takeCounts(counts, { ...sampleOf('gate', 0, gate(entries)), timeFrom, timeMs }, bearing);

describe('totals of gates', () => {
  test('a report of one of both totals says nothing of the other: no reset', () => {
    const counts = take(take(startCounts(0), 'gate', gate(50, 20)), 'gate', { entriesTotal: 60 });
    expect(counts).toMatchObject({ resets: 0, estimate: { persons: 40 } });
    expect(take(counts, 'gate', { exitsTotal: 25 })).toMatchObject({ resets: 0, estimate: { persons: 35 } });
  });

  test('either of both totals alone counts people in or out', () => {
    expect(isIntegrated(take(startCounts(0), 'gate', { entriesTotal: 5 }).feeds)).toBe(true);
    expect(isIntegrated(take(startCounts(0), 'gate', { exitsTotal: 5 }).feeds)).toBe(true);
    expect(isIntegrated(take(startCounts(0), 'cam', seen(5)).feeds)).toBe(false);
  });

  test('a lower total is a late message if its own stamp is older by a minute at most, else a reset', () => {
    const counts = stamped(startCounts(0), 100_000, 1000);
    expect(stamped(counts, 99_999, 998)).toBe(counts);
    expect(stamped(counts, 40_000, 998)).toBe(counts);
    expect(stamped(counts, 39_999, 5)).toMatchObject({ resets: 1, estimate: { persons: 1005 } });
    expect(stamped(counts, 100_000, 5)).toMatchObject({ resets: 1, estimate: { persons: 1005 } });
  });

  test('… which only a device that has stamped both of them can say', () => {
    const counts = stamped(startCounts(0), 100_000, 1000);
    expect(stamped(counts, 99_000, 5, 'arrival')).toMatchObject({ resets: 1, estimate: { persons: 1005 } });
    const arrived = stamped(startCounts(0), 100_000, 1000, 'arrival');
    expect(stamped(arrived, 99_000, 5)).toMatchObject({ resets: 1, estimate: { persons: 1005 } });
  });

  test('ten thousand at once are no jump, one more is', () => {
    expect(take(startCounts(0), 'gate', gate(10_000)).jumpPersons).toBe(0);
    expect(take(startCounts(0), 'gate', gate(10_001)).jumpPersons).toBe(10_001);
  });

  test('so many channels are counted and no more', () => {
    let counts = startCounts(0);
    for (let line = 0; line < FEEDS_MAX; line += 1) counts = take(counts, 'gate', gate(1), `line${line}`);
    expect(counts).toMatchObject({ overflow: false, estimate: { persons: FEEDS_MAX } });
    const over = take(counts, 'gate', gate(1), 'one more');
    expect(over).toMatchObject({ overflow: true, estimate: { persons: FEEDS_MAX } });
    expect(take(over, 'gate', gate(1), 'another')).toBe(over);
    expect(take(over, 'gate', gate(2), 'line0')).toMatchObject({
      overflow: true,
      estimate: { persons: FEEDS_MAX + 1 },
    });
  });
});

describe('what cameras see', () => {
  const watching = take(take(startCounts(0), 'tof', seen(30), 'left'), 'tof', seen(25), 'right');

  test('regions are parts of the whole view: the higher of the two, device by device', () => {
    const all = new Set(['tof', 'cam']);
    expect(seenBy(watching.feeds, all)).toBe(55);
    expect(seenBy(take(watching, 'tof', seen(60)).feeds, all)).toBe(60);
    expect(seenBy(take(watching, 'tof', seen(50)).feeds, all)).toBe(55);
    expect(seenBy(take(watching, 'cam', seen(7)).feeds, all)).toBe(62);
  });

  test('a camera that has left the zone sees nobody in it, and a gate is none', () => {
    const counts = take(take(watching, 'cam', seen(7)), 'gate', gate(9));
    expect(seenBy(counts.feeds, new Set(['cam', 'gate']))).toBe(7);
    expect(seenBy(counts.feeds, new Set(['gate']))).toBeNull();
    expect(seenBy(counts.feeds, new Set(['cam']))).toBe(7);
  });

  const byCamera = (persons: number): Observation => ({ of: 'camera', persons, sigma: 0.05, partial: false });
  const counted = take(startCounts(0), 'gate', gate(1000));

  test('shows how gates count wrongly', () => {
    const [feed] = observeCounts(counted, byCamera(970)).feeds;
    expect(feed?.bias).toBeGreaterThan(0);
    expect(feed?.covariance).toBeLessThan(counted.feeds[0]?.covariance ?? 0);
  });

  test('unless they look past people: that teaches nothing, and is a conflict', () => {
    const blind = observeCounts(counted, byCamera(0));
    expect(blind).toMatchObject({ conflict: 'fewer', estimate: counted.estimate });
    expect(blind.feeds).toBe(counted.feeds);
    expect(observeCounts(counted, byCamera(2000)).conflict).toBe('more');
    expect(observeCounts(blind, byCamera(1000)).conflict).toBeNull();
  });

  test('what badges say is no conflict of the cameras', () => {
    const blind = observeCounts(counted, byCamera(0));
    expect(observeCounts(blind, { of: 'badge', persons: 1000, sigma: 0.1, partial: false }).conflict).toBe('fewer');
  });
});
