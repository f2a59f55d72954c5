import { expect, test } from 'vitest';
import { device, rule, type Stage, stage, venueOf, zone } from './stage.ts';

const venue = venueOf(
  [device('b1', { zone: 'office' }), device('b2', { zone: 'office' }), device('gate', { profile: 'people-counter' })],
  [zone('office'), zone('hall'), zone('yard')],
);
const rules = [rule({ id: 'sos', kind: 'sos' }, venue), rule({ id: 'quiet', kind: 'silent' }, venue)];

const goes = (on: Stage, id: string, to: string): Stage =>
  on.occur(id, 'presence', { attributes: { zone: to, receiver: 'r1', rssiDbm: -60 } });

test('an alarm says where its wearer is, and follows them', () => {
  const on = stage({ venue, rules });
  goes(on.at(1), 'b1', 'hall');
  on.at(2).occur('b1', 'sos', { id: '1' });
  expect(on.open()).toMatchObject([{ subject: 'b1', zone: 'hall' }]);
  goes(on.at(60), 'b1', 'yard');
  expect(on.open()).toMatchObject([{ subject: 'b1', zone: 'yard', human: 'unacknowledged' }]);
  expect(on.events.map(({ type, alarm }) => [type, alarm.zone])).toEqual([
    ['raised', 'hall'],
    ['changed', 'yard'],
  ]);
});

test('that they walk on voids no acknowledgement, is told once, and reopens nothing', () => {
  const on = stage({ venue, rules });
  on.at(1).occur('b1', 'sos', { id: '1' });
  const [alarm] = on.open();
  if (alarm === undefined) throw new Error('no alarm');
  on.acknowledge(alarm, 'li');
  goes(on.at(5), 'b1', 'hall');
  goes(on.at(6), 'b1', 'hall');
  expect(on.events.map(({ type }) => type)).toEqual(['raised', 'acknowledged', 'changed']);
  expect(on.open()).toMatchObject([{ zone: 'hall', human: 'acknowledged', acknowledgedBy: 'li' }]);
});

test('it is where they work as long as nobody has said otherwise, and in no zone that there is not', () => {
  const on = stage({ venue, rules });
  goes(on.at(1), 'b1', 'moon');
  on.at(2).occur('b1', 'sos', { id: '1' });
  goes(on.at(3), 'b2', 'hall');
  expect(on.open()).toMatchObject([{ subject: 'b1', zone: 'office' }]);
});

test('being heard by a radio is no data: a badge that nobody can read is silent all the same', () => {
  const on = stage({ venue, rules });
  for (let at = 0; at <= 300; at += 10) goes(on.at(at), 'b1', at % 20 === 0 ? 'hall' : 'yard');
  expect(on.open().map(({ subject, kind }) => [subject, kind])).toContainEqual(['b1', 'silent']);
});

test('where they were is known after a restart', () => {
  const before = stage({ venue, rules });
  goes(before.at(1), 'b1', 'hall');
  const after = stage({ venue, rules, startSeconds: 100, snapshot: before.save() });
  after.at(101).occur('b1', 'sos', { id: '1' });
  expect(after.open()).toMatchObject([{ subject: 'b1', zone: 'hall' }]);
});

test('… unless that zone is gone', () => {
  const before = stage({ venue, rules });
  goes(before.at(1), 'b1', 'hall');
  const smaller = venueOf([...venue.devices.values()], [zone('office')]);
  const after = stage({ venue: smaller, rules, startSeconds: 100, snapshot: before.save() });
  after.at(101).occur('b1', 'sos', { id: '1' });
  expect(after.open()).toMatchObject([{ subject: 'b1', zone: 'office' }]);
});
