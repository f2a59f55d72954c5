import { expect, test } from 'vitest';
import { tellRunning } from '../../../gateway/recovery/kept.ts';
import { recover } from '../../../gateway/recovery/recover.ts';
import { keepSnapshots } from '../../../gateway/recovery/snapshots.ts';
import type { Store } from '../../../gateway/store/store.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import type { Verdict } from '../../../rules/engine.ts';
import { Judge } from '../../../rules/judge/judge.ts';
import { device, EPOCH, rule, sampleOf, venueOf } from '../../rules/stage.ts';
import { until } from '../../until.ts';
import { committed, openTestStore, silentLog, temporaryDirectory } from '../store/fixture.ts';

const venue = venueOf([device('b3', { reports: { everySeconds: 10 } })]);
const rules = [rule({ id: 'quiet', kind: 'silent' }, venue)];

const live = async (directory: string, startSeconds: number, takesSnapshots = true) => {
  const store: Store = await openTestStore(directory);
  const { snapshot, keys } = await recover(store.recovery, rules, venue, silentLog);
  let nowMs = EPOCH + startSeconds * 1000;
  const scheduler = { now: () => nowMs, schedule: () => ({ unsubscribe: () => undefined }) };
  const said: string[] = [];
  const tell = (verdict: Verdict): void => {
    if (verdict.type === 'condition') said.push(`${verdict.subject} ${verdict.condition.phase}`);
  };
  const engine = new Judge(rules, { scheduler, venue, snapshot }, nowMs, tell);
  const timers = { now: () => 0, after: () => () => undefined };
  // As the desk of snapshots answers while the worker says that it fails (upkeep, say), and commits all the same.
  const refusing: Pick<Store, 'beginSnapshot'> = {
    beginSnapshot: () => ({ ...store.beginSnapshot(), put: () => false }),
  };
  const kept = takesSnapshots ? store : refusing;
  const snapshots = keepSnapshots({ store: kept, engine, memories: createMemories(), keys, timers, log: silentLog });
  return {
    said,
    standing: () => [...engine.standing()].map(({ subject, condition }) => `${subject} ${condition.phase}`),
    sample: (seconds: number) => {
      nowMs = EPOCH + seconds * 1000;
      const sample = sampleOf('b3', nowMs, { accelerationXG: 0 });
      engine.take(sample);
      store.sample(sample);
    },
    runs: async (seconds: number) => {
      if (takesSnapshots) await until(() => snapshots.kept > 0, 'the first snapshot is kept');
      await committed(store);
      nowMs = EPOCH + seconds * 1000;
      engine.fireDue(nowMs);
      tellRunning(store, { judgedToMs: () => engine.judgedToMs }, snapshots, scheduler)();
    },
    end: async () => {
      await committed(store);
      await store.stop();
    },
  };
};

test('an hour down is no silence, though the next life ended before its first snapshot was kept', {
  timeout: 40_000,
}, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0);
  first.sample(1);
  await first.runs(2);
  await first.end();
  const second = await live(directory, 3600, false);
  await second.runs(3601);
  expect(second.said).toEqual([]);
  await second.end();
  const third = await live(directory, 3602);
  expect(third.standing()).toEqual(['b3 normal']);
  await third.end();
});
