import { describe, expect, test } from 'vitest';
import { recover } from '../../../gateway/recovery/recover.ts';
import { keepSnapshots } from '../../../gateway/recovery/snapshots.ts';
import type { Recovery, SnapshotWriter } from '../../../gateway/store/store.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import type { Verdict } from '../../../rules/engine.ts';
import { Judge } from '../../../rules/judge/judge.ts';
import { device, EPOCH, occurrenceOf, rule, sampleOf, venueOf } from '../../rules/stage.ts';
import { silentLog } from '../store/fixture.ts';

const venue = venueOf([device('b1'), device('b2')]);
const rules = [
  rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, holdSeconds: 20 }, venue),
  rule({ id: 'help', kind: 'sos' }, venue),
];

const HOT = { temperatureCelsius: 70 };

const quiet = (_verdict: Verdict): void => undefined;

const scheduler = { now: () => EPOCH, schedule: () => ({ unsubscribe: () => undefined }) };

const newEngine = (): Judge => new Judge(rules, { scheduler, venue }, EPOCH, quiet);

/** A store that keeps snapshots in a map, for as long as it has room. */
const memoryStore = () => {
  const parts = new Map<string, unknown>();
  const state = { hasRoom: true, isSafe: true };
  const beginSnapshot = (): SnapshotWriter => {
    const put = new Map<string, unknown>();
    return {
      sequence: 1,
      isFirst: parts.size === 0,
      put: (some) => {
        if (!state.hasRoom) return false;
        for (const [key, part] of some) put.set(key, part === undefined ? undefined : JSON.parse(JSON.stringify(part)));
        return true;
      },
      complete: async () => {
        if (!state.isSafe) return false;
        for (const [key, part] of put) {
          if (part === undefined) parts.delete(key);
          else parts.set(key, part);
        }
        return true;
      },
    };
  };
  return { parts, state, beginSnapshot };
};

/** Timers that the test runs by hand: one task at a time is waiting. */
const manualTimers = () => {
  let task = (): void => undefined;
  return {
    now: () => 0,
    after: (_ms: number, next: () => void) => {
      task = next;
      return () => undefined;
    },
    /** Runs what waits, until it rests, or a snapshot has ended. */
    run: async (): Promise<void> => {
      for (let turn = 0; turn < 4; turn += 1) {
        const next = task;
        task = () => undefined;
        next();
        await Promise.resolve();
        await Promise.resolve();
      }
    },
  };
};

const keep = (engine: Judge, keys: ReadonlySet<string> = new Set(), memories = createMemories()) => {
  const store = memoryStore();
  const timers = manualTimers();
  for (const key of keys) store.parts.set(key, {});
  return { store, timers, start: () => keepSnapshots({ store, engine, memories, keys, timers, log: silentLog }) };
};

test('the first snapshot is handed over whole before anything else happens', async () => {
  const engine = newEngine();
  const { store, start } = keep(engine);
  start();
  engine.take(sampleOf('b1', EPOCH, HOT));
  await Promise.resolve();
  expect([...store.parts.keys()]).toEqual(['device/b1', 'device/b2', 'engine']);
  expect(JSON.stringify(store.parts.get('device/b1'))).not.toContain('pending');
});

test.each(['hasRoom', 'isSafe'] as const)(
  'what a snapshot had that was given up (%s) is in the next one',
  async (lack) => {
    const engine = newEngine();
    const { store, start, timers } = keep(engine);
    start();
    await timers.run();
    engine.take(sampleOf('b1', EPOCH, HOT));
    store.state[lack] = false;
    await timers.run();
    expect(JSON.stringify(store.parts.get('device/b1'))).not.toContain('pending');
    store.state[lack] = true;
    await timers.run();
    expect(JSON.stringify(store.parts.get('device/b1'))).toContain('pending');
  },
);

test('parts of an earlier run that nothing stands for any more go, also when the first snapshot fails', async () => {
  const { store, start, timers } = keep(newEngine(), new Set(['engine', 'device/b1', 'device/sold']));
  store.state.isSafe = false;
  start();
  await timers.run();
  expect(store.parts.has('device/sold')).toBe(true);
  store.state.isSafe = true;
  await timers.run();
  expect([...store.parts.keys()].toSorted()).toEqual(['device/b1', 'device/b2', 'engine']);
});

test('strangers that were forgotten are taken away', async () => {
  const engine = newEngine();
  const { store, start, timers } = keep(engine);
  start();
  for (let each = 0; each < 700; each += 1) engine.take(occurrenceOf(`early-${each}`, 'cancel', EPOCH));
  for (let turn = 0; turn < 6; turn += 1) await timers.run();
  expect(store.parts.size).toBe(703);
  for (let each = 0; each < 900; each += 1) engine.take(occurrenceOf(`late-${each}`, 'cancel', EPOCH));
  for (let turn = 0; turn < 6; turn += 1) await timers.run();
  expect(store.parts.size).toBe(1003);
  expect(['early-599', 'early-600', 'late-899'].map((id) => store.parts.has(`device/${id}`))).toEqual([
    false,
    true,
    true,
  ]);
});

const recoveryOf = (parts: readonly (readonly [string, unknown])[]): Recovery => ({
  snapshotSequence: 1,
  ranToMs: undefined,
  async *snapshot() {
    yield* parts;
  },
  async *batches() {
    yield { sequence: 2, records: [{ type: 'sample', sample: sampleOf('b2', EPOCH + 1000, HOT) }] };
  },
});

const ENGINE = ['engine', { version: 1, atMs: EPOCH, listeningSinceMs: EPOCH }] as const;

test('a part that cannot be read is told and left out; the others and the log are used', async () => {
  const told: object[] = [];
  const log = { ...silentLog, error: (fields: object) => void told.push(fields) };
  const good = { device: { id: 'b1', lastSeenMs: EPOCH - 5, behindMs: 0 }, subjects: [] };
  const bad = { device: { id: 'b2', lastSeenMs: 'yesterday', behindMs: 0 }, subjects: [] };
  const parts = [['device/b1', good], ['device/b2', bad], ENGINE] as const;
  const { snapshot, keys, records } = await recover(recoveryOf(parts), rules, venue, log);
  expect(told).toEqual([{ key: 'device/b2' }]);
  expect([...keys]).toEqual(['device/b1', 'device/b2', 'engine']);
  expect(records).toBe(1);
  expect(snapshot?.devices.map(({ id, lastSeenMs }) => [id, lastSeenMs])).toEqual([
    ['b1', EPOCH - 5],
    ['b2', EPOCH + 1000],
  ]);
});

test('a snapshot without its time is told and not used', async () => {
  const told: object[] = [];
  const log = { ...silentLog, error: (fields: object) => void told.push(fields) };
  const part = { device: { id: 'b1', lastSeenMs: EPOCH - 5, behindMs: 0 }, subjects: [] };
  const { snapshot } = await recover(recoveryOf([['device/b1', part]]), rules, venue, log);
  expect(told).toEqual([{ parts: 1 }]);
  expect(snapshot?.devices.find(({ id }) => id === 'b1')?.lastSeenMs).toBe(-1);
});

test('where nothing was kept there is no snapshot', async () => {
  const nothing: Recovery = { ...recoveryOf([]), async *batches() {} };
  expect(await recover(nothing, rules, venue, silentLog)).toMatchObject({ snapshot: undefined, records: 0 });
});

describe('what decoders remember', () => {
  const memoryParts = ({ parts }: ReturnType<typeof memoryStore>) =>
    [...parts].filter(([key]) => key.startsWith('memory:')).sort();

  test('all of it comes first, then what was used since; one that was given up goes', async () => {
    const memories = createMemories({ limit: 3 });
    for (const key of ['a', 'b', 'c']) memories.of(key, () => ({ key }));
    const { store, timers, start } = keep(newEngine(), undefined, memories);
    start();
    await timers.run();
    expect(memoryParts(store)).toEqual(['a', 'b', 'c'].map((key) => [`memory:${key}`, { key }]));
    memories.of('b', () => ({}));
    memories.of('d', () => ({}));
    await timers.run();
    expect(memoryParts(store).map(([key]) => key)).toEqual(['memory:b', 'memory:c', 'memory:d']);
  });

  test('what a failed snapshot had is in the next one', async () => {
    const memories = createMemories();
    const { store, timers, start } = keep(newEngine(), undefined, memories);
    start();
    await timers.run();
    memories.of('a', () => ({ n: 1 }));
    store.state.isSafe = false;
    await timers.run();
    expect(memoryParts(store)).toEqual([]);
    store.state.isSafe = true;
    await timers.run();
    expect(memoryParts(store)).toEqual([['memory:a', { n: 1 }]]);
  });

  test('the end writes all that was not written yet, also while another is half-way', async () => {
    const memories = createMemories();
    const engine = newEngine();
    const { store, timers, start } = keep(engine, undefined, memories);
    const snapshots = start();
    await timers.run();
    memories.of('a', () => ({ n: 1 }));
    const turn = timers.run();
    memories.of('b', () => ({ n: 2 }));
    await snapshots.stop();
    await turn;
    expect(memoryParts(store)).toEqual([
      ['memory:a', { n: 1 }],
      ['memory:b', { n: 2 }],
    ]);
  });
});
