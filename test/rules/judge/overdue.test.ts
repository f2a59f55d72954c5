import { expect, test } from 'vitest';
import { device, rule, stage, venueOf } from '../stage.ts';
import { made } from './made.ts';

const venue = venueOf([device('b1', { reports: { everySeconds: 6000 } })]);
const heat = {
  id: 'heat',
  kind: 'threshold',
  metric: 'temperatureCelsius',
  above: { yellow: 30, red: 60 },
  holdSeconds: 60,
};
const rules = [rule(heat, venue)];

test.each([60, 62, 64])('back at %d s: a deadline that has not passed while down is kept, whatever else has', (at) => {
  const before = stage({ venue, rules }).at(0).sample('b1', { temperatureCelsius: 40 });
  before.at(5).sample('b1', { temperatureCelsius: 70 }).at(7);
  const after = stage({ venue, rules, startSeconds: at, snapshot: before.save() });
  // Yellow was due at 60 s, while down; red is due at 65 s, within the grace.
  expect(after.at(100).story()).toEqual([[65, 'raised', 'b1', 'red']]);
});

test.each([11, 12, 13])('red since %d s is red 60 s later, also where that is when the grace ends', (redSince) => {
  const before = stage({ venue, rules }).at(0).sample('b1', { temperatureCelsius: 40 });
  before.at(redSince).sample('b1', { temperatureCelsius: 70 }).at(20);
  const after = stage({ venue, rules, startSeconds: 62, snapshot: before.save() });
  after.at(63).sample('b1', { temperatureCelsius: 71 }).at(1000);
  expect(after.story().filter(([, type]) => type !== 'changed')).toEqual([
    [63, 'raised', 'b1', 'yellow'],
    [redSince + 60, 'escalated', 'b1', 'red'],
  ]);
});

test('a rule that wakes for ever does not keep the gateway from starting', () => {
  let wakes = 0;
  const restless = made('restless', (state, input) => {
    wakes += 1;
    return { state, wakeAtMs: input.type === 'wake' ? input.nowMs : input.nowMs + 1000 };
  });
  const before = stage({ venue, rules: [restless] })
    .at(0)
    .sample('b1', { temperatureCelsius: 40 });
  const saved = before.save();
  wakes = 0;
  stage({ venue, rules: [restless], startSeconds: 62, snapshot: saved });
  expect(wakes).toBeLessThan(20);
});
