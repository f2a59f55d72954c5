import { expect, test } from 'vitest';
import { tellRunning } from '../../../gateway/recovery/kept.ts';
import { recover } from '../../../gateway/recovery/recover.ts';
import { keepSnapshots } from '../../../gateway/recovery/snapshots.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import type { Verdict } from '../../../rules/engine.ts';
import { Judge } from '../../../rules/judge/judge.ts';
import { device, EPOCH, rule, sampleOf, venueOf } from '../../rules/stage.ts';
import { until } from '../../until.ts';
import { committed, openTestStore, silentLog, temporaryDirectory } from '../store/fixture.ts';

const venue = venueOf([
  device('b1', { reports: undefined }),
  device('b2', { reports: undefined }),
  device('b3', { reports: { everySeconds: 10 } }),
]);
const rules = [rule({ id: 'still', kind: 'stillness' }, venue), rule({ id: 'quiet', kind: 'silent' }, venue)];
const Z: Metrics = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };

const MINUTE = 60;

/** One life of a gateway on a store of its own; times are seconds since EPOCH. */
interface Life {
  readonly store: Store;
  /** `[subject, phase]` of what was said. */
  readonly said: readonly (readonly [string, string])[];
  sample(seconds: number, id: string): void;
  at(seconds: number): void;
  /** The gateway runs, and says so. */
  runs(seconds: number): Promise<void>;
  /** …and no timer of it has fired. */
  isLate(seconds: number): Promise<void>;
  /** The phase that a rule holds of a subject. */
  standing(rule: string, subject: string): string | undefined;
  /** What was handed to the store is kept, and nothing after it. */
  end(): Promise<void>;
}

const live = async (directory: string, startSeconds: number, takesSnapshots = true): Promise<Life> => {
  const store: Store = await openTestStore(directory);
  const { snapshot, keys } = await recover(store.recovery, rules, venue, silentLog);
  let nowMs = EPOCH + startSeconds * 1000;
  const scheduler = { now: () => nowMs, schedule: () => ({ unsubscribe: () => undefined }) };
  const said: [string, string][] = [];
  const tell = (verdict: Verdict): void => {
    if (verdict.type === 'condition') said.push([verdict.subject, verdict.condition.phase]);
  };
  const engine = new Judge(rules, { scheduler, venue, snapshot }, nowMs, tell);
  // Only the snapshot of the start: no later one comes in time.
  const timers = { now: () => 0, after: () => () => undefined };
  // As the store answers while its upkeep fails, and commits go on.
  const refusing = { beginSnapshot: () => ({ ...store.beginSnapshot(), put: () => false }) };
  const snapshots = keepSnapshots({
    store: takesSnapshots ? store : refusing,
    engine,
    memories: createMemories(),
    keys,
    timers,
    log: silentLog,
  });
  return {
    store,
    said,
    sample: (seconds, id) => {
      nowMs = EPOCH + seconds * 1000;
      const sample = sampleOf(id, nowMs, Z);
      engine.take(sample);
      store.sample(sample);
    },
    at: (seconds) => {
      nowMs = EPOCH + seconds * 1000;
      engine.fireDue(nowMs);
    },
    runs: async (seconds) => {
      if (takesSnapshots) await until(() => snapshots.kept > 0, 'the first snapshot is kept');
      await committed(store);
      nowMs = EPOCH + seconds * 1000;
      engine.fireDue(nowMs);
      tellRunning(store, { judgedToMs: () => engine.judgedToMs }, snapshots, scheduler)();
    },
    isLate: async (seconds) => {
      if (takesSnapshots) await until(() => snapshots.kept > 0, 'the first snapshot is kept');
      await committed(store);
      nowMs = EPOCH + seconds * 1000;
      tellRunning(store, { judgedToMs: () => engine.judgedToMs }, snapshots, scheduler)();
    },
    standing: (rule, subject) => engine.stateOf(rule, subject)?.phase,
    end: async () => {
      await committed(store);
      await store.stop();
    },
  };
};

const ACTIVE = ['b1', 'active'];

test('a deadline that passed while down is told, though the next life ended before it came to it', {
  timeout: 40_000,
}, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0);
  first.sample(1, 'b1');
  first.at(29 * MINUTE);
  await first.end();
  const second = await live(directory, 31 * MINUTE);
  second.sample(31 * MINUTE + 1, 'b2');
  expect(second.said).not.toContainEqual(ACTIVE);
  await second.end();
  const third = await live(directory, 31 * MINUTE + 5);
  expect(third.said).not.toContainEqual(ACTIVE);
  third.at(31 * MINUTE + 16);
  expect(third.said).toContainEqual(ACTIVE);
  await third.end();
});

test('time in which the gateway ran and nothing came in is no time down', { timeout: 40_000 }, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0);
  first.sample(1, 'b3');
  await first.runs(20);
  await first.end();
  // Silent at 31 s, had nobody ended it: 2 s and 1 s later.
  const second = await live(directory, 22);
  await second.runs(30);
  await second.end();
  const third = await live(directory, 31);
  third.at(33.9);
  expect(third.said).not.toContainEqual(['b3', 'active']);
  third.at(34);
  expect(third.said).toContainEqual(['b3', 'active']);
  await third.end();
});

test('a deadline that had come when the gateway ended, and whose timer was late, has not passed while down', {
  timeout: 40_000,
}, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0);
  first.sample(1, 'b3');
  await first.isLate(40);
  await first.end();
  const second = await live(directory, 41);
  second.at(41 + 10);
  expect(second.said).toContainEqual(['b3', 'active']);
  await second.end();
});

test('…and a gateway that starts again and again gives it no new time of grace each time', {
  timeout: 40_000,
}, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0);
  first.sample(1, 'b1');
  await first.end();
  let said: Life['said'] = [];
  for (const start of [31 * MINUTE, 31 * MINUTE + 8]) {
    const life = await live(directory, start);
    life.sample(start + 6, 'b2');
    said = [...said, ...life.said];
    await life.end();
  }
  expect(said.filter((each) => each[1] === 'active')).toEqual([ACTIVE]);
});

test('a device that died is told as silent after the time in which somebody listened, over however many lives', {
  timeout: 40_000,
}, async () => {
  const directory = temporaryDirectory();
  const silent = ['b3', 'active'];
  const first = await live(directory, 0);
  first.sample(1, 'b3');
  first.sample(11, 'b2');
  await first.end();
  const second = await live(directory, 16);
  second.sample(33, 'b2');
  expect(second.said).not.toContainEqual(silent);
  await second.end();
  const third = await live(directory, 38);
  third.at(40.9);
  expect(third.said).not.toContainEqual(silent);
  third.at(41.1);
  expect(third.said).toContainEqual(silent);
  await third.end();
});

test('an hour down is no silence, though the next life ended before its first snapshot was kept', {
  timeout: 40_000,
}, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0);
  first.sample(1, 'b3');
  await first.runs(2);
  await first.end();
  const second = await live(directory, 3600, false);
  await second.runs(3601);
  expect(second.said).toEqual([]);
  await second.end();
  const third = await live(directory, 3602);
  third.at(3603);
  expect(third.standing('quiet', 'b3')).toBe('normal');
  await third.end();
});

test('a deadline that was judged before the mark is not judged again', { timeout: 40_000 }, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0);
  first.sample(1, 'b3');
  await first.runs(40);
  expect(first.said).toContainEqual(['b3', 'active']);
  await first.end();
  const second = await live(directory, 41);
  expect(second.standing('quiet', 'b3')).toBe('active');
  second.at(120);
  expect(second.said).not.toContainEqual(['b3', 'active']);
  await second.end();
});
