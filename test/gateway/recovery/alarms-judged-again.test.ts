import { expect, test } from 'vitest';
import { recover } from '../../../gateway/recovery/recover.ts';
import type { LoggedRecord, Recovery } from '../../../gateway/store/store.ts';
import { device, rule, type Stage, stage, venueOf, zone } from '../../rules/stage.ts';

const climate = { role: undefined, profile: 'climate', reports: undefined } as const;
const venue = venueOf(
  ['a', 'b'].map((id) => device(`t-${id}`, { ...climate, zone: id })),
  [zone('a'), zone('b')],
);
const rules = [
  rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 40 } }, venue),
  rule({ id: 'class', kind: 'incident-class', clearSeconds: 30 }, venue),
];
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('what was logged of alarms is judged again: the incident goes on where it stood', async () => {
  const before = stage({ venue, rules }).at(1).sample('t-a', { temperatureCelsius: 50 });
  before.at(2).sample('t-b', { temperatureCelsius: 50 }).at(100).sample('t-b', { temperatureCelsius: 20 });
  expect(before.open().map(({ subject, condition }) => [subject, condition])).toEqual([
    ['t-a', 'active'],
    ['venue', 'active'],
  ]);
  const records = before.events.map((event): LoggedRecord => ({ type: 'event', event }));
  const recovery: Recovery = {
    snapshotSequence: 0,
    ranToMs: undefined,
    snapshot: async function* () {},
    batches: async function* () {
      yield { sequence: 1, records };
    },
  };
  const { snapshot } = await recover(recovery, rules, venue, log);
  if (snapshot === undefined) throw new Error('nothing was recovered');
  const after = stage({ venue, rules, startSeconds: 101, snapshot, alarms: before.open() });
  // One second of the off-delay was not observed.
  const ofVenue = (each: Stage) => each.story().filter(([, , subject]) => subject === 'venue');
  expect(ofVenue(after.at(130.999))).toEqual([]);
  expect(ofVenue(after.at(131))).toEqual([
    [131, 'cleared', 'venue', 'orange'],
    [131, 'closed', 'venue', 'orange'],
  ]);
});
