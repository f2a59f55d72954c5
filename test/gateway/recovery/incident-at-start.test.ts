import { expect, test } from 'vitest';
import { recover } from '../../../gateway/recovery/recover.ts';
import type { LoggedRecord, Recovery } from '../../../gateway/store/store.ts';
import { device, EPOCH, occurrenceOf, rule, stage, venueOf, zone } from '../../rules/stage.ts';

const venue = venueOf([device('doors', { role: undefined, reports: undefined, zone: 'a' })], [zone('a')]);
const rulesAt = (orange: number) => [
  rule(
    {
      id: 'burst',
      kind: 'access-burst',
      moreThan: { orange },
      locks: false,
      clearSeconds: 5,
      windowSeconds: 10,
      deadbandRecords: 0,
    },
    venue,
  ),
  rule(
    { id: 'class', kind: 'incident-class', ignoreKinds: [], clearSeconds: 0, alarms: { orange: 1 }, zones: {} },
    venue,
  ),
];
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const read = (n: number, seconds: number) =>
  occurrenceOf('doors', 'access', EPOCH + seconds * 1000, {
    attributes: { address: '10.0.0.1', account: 'eve', recordId: `r${n}` },
  });

test('an incident of which an alarm is raised at the start stands', async () => {
  const before = stage({ venue, rules: rulesAt(3) });
  for (let n = 0; n < 5; n += 1) before.at(n / 10).put(read(n, n / 10));
  expect(before.open().map(({ kind }) => kind)).toEqual(['access-burst', 'incident-class']);
  before.at(60);
  for (const alarm of before.open()) before.acknowledge(alarm, 'me');
  expect(before.open()).toEqual([]);
  const saved = before.save();
  // After the snapshot: fewer than the limit of then, more than that of now.
  const records: LoggedRecord[] = [10, 11, 12].map((n) => ({ type: 'occurrence', occurrence: read(n, 61 + n / 10) }));
  const recovery: Recovery = {
    snapshotSequence: 1,
    ranToMs: undefined,
    snapshot: async function* () {
      const { subjects, devices, ...engine } = saved;
      yield ['engine', engine] as const;
      for (const each of devices)
        yield [`d:${each.id}`, { device: each, subjects: subjects.filter((s) => s.device === each.id) }] as const;
      for (const each of subjects.filter((s) => !devices.some((d) => d.id === s.device)))
        yield [`s:${each.rule}:${each.subject}`, each] as const;
    },
    batches: async function* () {
      yield { sequence: 2, records };
    },
  };
  const rules = rulesAt(2);
  const { snapshot } = await recover(recovery, rules, venue, log);
  if (snapshot === undefined) throw new Error('nothing was recovered');
  const after = stage({ venue, rules, startSeconds: 64, snapshot });
  expect(after.open().map(({ kind, condition }) => [kind, condition])).toEqual([
    ['access-burst', 'active'],
    ['incident-class', 'active'],
  ]);
});
