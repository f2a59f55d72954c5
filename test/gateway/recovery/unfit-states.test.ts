import { expect, test } from 'vitest';
import { recover } from '../../../gateway/recovery/recover.ts';
import type { Recovery } from '../../../gateway/store/store.ts';
import type { Snapshot } from '../../../rules/judge/snapshot.ts';
import { device, rule, type Stage, stage, venueOf } from '../../rules/stage.ts';

const venue = venueOf([device('b1', { reports: undefined }), device('t1', { role: undefined, reports: undefined })]);
const rules = [
  rule({ id: 'tilt', kind: 'tilt', latching: false }, venue),
  rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 40 } }, venue),
];
const lies = { accelerationXG: 1, accelerationYG: 0, accelerationZG: 0 };
const stands = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };

/** What a gateway held whose `tilt` kept its state in another shape, as it did before there was a two-stage alarm. */
const ofOldProgram = (s: Stage): Snapshot => {
  const snapshot = s.save();
  const subjects = snapshot.subjects.map((each) =>
    each.rule === 'tilt'
      ? { ...each, state: { phase: 'active' as const, sinceMs: s.nowMs - 30_000, degrees: 90 } }
      : each,
  );
  return { ...snapshot, subjects };
};

const partsOf = ({ devices, subjects, ...engine }: Snapshot): readonly (readonly [string, unknown])[] => [
  ['engine', engine],
  ...devices.map((each): [string, unknown] => [
    `device/${each.id}`,
    { device: each, subjects: subjects.filter((subject) => subject.device === each.id) },
  ]),
];

test('a state that an older program has saved is left out, counted and told; its alarm stays open until something is known', async () => {
  const before = stage({ venue, rules }).at(0).sample('b1', lies).sample('t1', { temperatureCelsius: 50 }).at(60);
  expect(before.open().map(({ rule: id }) => id)).toEqual(['heat', 'tilt']);
  const errors: object[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object) => errors.push(fields) };
  const recovery: Recovery = {
    snapshotSequence: 0,
    ranToMs: undefined,
    snapshot: async function* () {
      yield* partsOf(ofOldProgram(before));
    },
    batches: async function* () {},
  };
  const { snapshot } = await recover(recovery, rules, venue, log);
  if (snapshot === undefined) throw new Error('nothing was recovered');
  expect(errors).toEqual([{ states: { tilt: 1 } }]);
  const after = stage({ venue, rules, startSeconds: 61, snapshot, alarms: before.open() });
  expect(after.unfitStates).toBe(1);
  after.at(70).sample('t1', { temperatureCelsius: 20 }).at(80);
  expect(after.story()).toEqual([
    [61, 'unknown', 'b1', 'orange'],
    [70, 'cleared', 't1', 'orange'],
    [70, 'closed', 't1', 'orange'],
  ]);
  for (let at = 90; at < 100; at += 1) after.at(at).sample('b1', lies);
  expect(after.verdicts.filter(({ type }) => type === 'fault')).toEqual([]);
  expect(after.open().map(({ rule: id }) => id)).toEqual(['tilt']);
  after.at(100).sample('b1', stands).at(110);
  expect(after.story().slice(3)).toEqual([
    [104, 'cleared', 'b1', 'orange'],
    [104, 'closed', 'b1', 'orange'],
  ]);
});
