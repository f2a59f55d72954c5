import { describe, expect, test } from 'vitest';
import type { Store } from '../../../gateway/store/store.ts';
import { committed, loggedBatches, openTestStore, START_MS, sampleAt, temporaryDirectory } from './fixture.ts';

const partsOf = async (store: Store): Promise<Record<string, unknown>> => {
  const parts: Record<string, unknown> = {};
  for await (const [key, value] of store.recovery.snapshot()) parts[key] = value;
  return parts;
};

const reopened = async (store: Store, directory: string): Promise<Store> => {
  await store.stop();
  return openTestStore(directory);
};

describe('a snapshot', () => {
  test('is put in parts, counts when it is complete, and what was logged after it is told', async () => {
    const directory = temporaryDirectory();
    const store = await openTestStore(directory);
    store.sample(sampleAt(START_MS));
    const writer = store.beginSnapshot();
    store.sample(sampleAt(START_MS + 1));
    expect(writer.isFirst).toBe(true);
    expect(writer.put([['tilt/badge-7', { phase: 'pending', sinceMs: 5 }]])).toBe(true);
    store.sample(sampleAt(START_MS + 2));
    expect(writer.put([['tilt/badge-8', { phase: 'normal' }]])).toBe(true);
    expect(await writer.complete()).toBe(true);
    await committed(store);

    const next = await reopened(store, directory);
    expect(next.recovery.snapshotSequence).toBe(writer.sequence);
    expect(await partsOf(next)).toEqual({
      'tilt/badge-7': { phase: 'pending', sinceMs: 5 },
      'tilt/badge-8': { phase: 'normal' },
    });
    const records = (await loggedBatches(next)).flatMap((batch) => batch.records);
    expect(records.map((record) => (record.type === 'sample' ? record.sample.nowMs : 0))).toEqual([
      START_MS + 1,
      START_MS + 2,
    ]);
  });

  test('carries over what did not change, and leaves out what is gone', async () => {
    const directory = temporaryDirectory();
    const store = await openTestStore(directory);
    const first = store.beginSnapshot();
    first.put([
      ['a', { n: 1 }],
      ['b', { n: 1 }],
      ['c', { n: 1 }],
    ]);
    expect(await first.complete()).toBe(true);
    const second = store.beginSnapshot();
    expect(second.isFirst).toBe(false);
    expect(second.sequence).toBeGreaterThan(first.sequence);
    second.put([
      ['b', { n: 2 }],
      ['c', undefined],
    ]);
    expect(await second.complete()).toBe(true);
    expect(await partsOf(await reopened(store, directory))).toEqual({ a: { n: 1 }, b: { n: 2 } });
  });

  test('that was given up leaves the last complete one as it was, and nothing for the next', async () => {
    const directory = temporaryDirectory();
    const store = await openTestStore(directory);
    const first = store.beginSnapshot();
    first.put([['a', { n: 1 }]]);
    expect(await first.complete()).toBe(true);
    const givenUp = store.beginSnapshot();
    givenUp.put([
      ['a', { n: 2 }],
      ['z', { n: 2 }],
    ]);
    await committed(store);
    const third = store.beginSnapshot();
    expect(givenUp.put([['z', { n: 3 }]])).toBe(false);
    expect(await givenUp.complete()).toBe(false);
    third.put([['b', { n: 3 }]]);
    expect(await third.complete()).toBe(true);
    const left = store.beginSnapshot();
    left.put([['a', { n: 4 }]]);
    const next = await reopened(store, directory);
    expect(next.recovery.snapshotSequence).toBe(third.sequence);
    expect(await partsOf(next)).toEqual({ a: { n: 1 }, b: { n: 3 } });
  });
});
