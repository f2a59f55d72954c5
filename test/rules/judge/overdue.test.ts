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

/** Back at 100 s, off-delay 60 s, down from 105 s to 405 s, heard again at 406 s: over at 460 s, and no sooner. */
const DOWN = 300;
const lying = { accelerationXG: 1, accelerationYG: 0.02, accelerationZG: 0.05 };
const upright = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
const hot = { ...heat, above: { red: 60 }, clearSeconds: 60 };
test.each([
  ['threshold', hot, 'b1', { temperatureCelsius: 70 }, { temperatureCelsius: 20 }],
  ['man-down', { kind: 'man-down', clearSeconds: 60 }, 'b1', lying, upright],
  ['tilt', { kind: 'tilt', clearSeconds: 60 }, 'b1', lying, upright],
  [
    'overcurrent',
    { kind: 'overcurrent', ratedAmps: 10, for: { devices: ['c1'] }, clearSeconds: 60 },
    'c1',
    { currentAmps: 13 },
    { currentAmps: 1 },
  ],
  [
    'battery-low',
    { kind: 'battery-low', holdSeconds: 0, clearSeconds: 60 },
    'b1',
    { batteryPercent: 2 },
    { batteryPercent: 90 },
  ],
])('%s: down time is no part of an off-delay, whatever is heard after it', (_, config, id, bad, good) => {
  const reports = { everySeconds: 600 };
  const both = venueOf([device('b1', { reports }), device('c1', { role: undefined, reports })]);
  const judging = [rule({ latching: false, ...config, id: 'r' }, both)];
  const before = stage({ venue: both, rules: judging });
  for (let seconds = 0; seconds < 100; seconds += 2) before.at(seconds).sample(id, bad);
  before.at(100).sample(id, good).at(105);
  expect(before.open()).toHaveLength(1);
  const snapshot = before.save();
  const after = stage({ venue: both, rules: judging, startSeconds: 105 + DOWN, snapshot, alarms: before.open() });
  after
    .at(106 + DOWN)
    .sample(id, good)
    .at(159 + DOWN);
  expect(after.story()).toEqual([]);
  expect(
    after
      .at(161 + DOWN)
      .story()[0]
      ?.slice(0, 2),
  ).toEqual([160 + DOWN, 'cleared']);
});
