import { describe, expect, test } from 'vitest';
import { device, rule, stage, venueOf } from '../stage.ts';

const Z = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
const MIN = 60;
const venue = venueOf([
  device('b1', { reports: undefined }),
  device('b2', { role: 'rigger', reports: { everySeconds: 30 } }),
]);
const scene = (config: Record<string, unknown> = {}) =>
  stage({ venue, rules: [rule({ id: 'still', kind: 'stillness', ...config }, venue)] });

describe('stillness', () => {
  test('alarms at exactly 30 minutes without movement, with a pre-alarm two minutes before', () => {
    const s = scene()
      .at(0)
      .sample('b1', Z)
      .at(600)
      .sample('b1', { ...Z, accelerationXG: 0.05 })
      .at(28 * MIN);
    expect(s.preAlarms).toMatchObject([{ type: 'pre-alarm', untilMs: s.nowMs + 120_000 }]);
    s.at(30 * MIN - 0.001);
    expect(s.story()).toEqual([]);
    s.at(31 * MIN);
    expect(s.story()).toEqual([[1800, 'raised', 'b1', 'orange']]);
  });

  test('movement at minute 29 starts the time anew', () => {
    const s = scene()
      .at(0)
      .sample('b1', Z)
      .at(29 * MIN)
      .sample('b1', { ...Z, accelerationXG: 0.5 })
      .at(58 * MIN);
    expect(s.story()).toEqual([]);
    expect(s.at(59 * MIN + 1).story()).toEqual([[59 * MIN, 'raised', 'b1', 'orange']]);
  });

  test.each([
    ['the movement counter', { movementCount: 7 }, { movementCount: 8 }],
    ['the counter wrapping round', { movementCount: 254 }, { movementCount: 0 }],
    [
      'displacement',
      { latitudeDegrees: 31.2, longitudeDegrees: 121.5 },
      { latitudeDegrees: 31.2005, longitudeDegrees: 121.5 },
    ],
    ['the badge’s own flag', { moving: 0 }, { moving: 1 }],
  ])('%s is movement', (_, before, after) => {
    const s = scene()
      .at(0)
      .sample('b1', before)
      .at(1000)
      .sample('b1', before)
      .at(1200)
      .sample('b1', after)
      .at(1800 + 1199);
    expect(s.story()).toEqual([]);
    expect(s.at(3001).story()).toEqual([[3000, 'raised', 'b1', 'orange']]);
  });

  test('displacement within the accuracy of the position is none', () => {
    const here = { latitudeDegrees: 31.2, longitudeDegrees: 121.5 };
    const s = scene()
      .at(0)
      .sample('b1', here)
      .at(900)
      .sample('b1', { latitudeDegrees: 31.2005, longitudeDegrees: 121.5, accuracyMeters: 60 });
    expect(s.at(1801).story()).toHaveLength(1);
  });

  test('a cancel, a check-in or a press is a sign of life; a firmware’s answer is not', () => {
    const s = scene().at(0).sample('b1', Z).at(1700).occur('b1', 'done').at(1801);
    expect(s.story()).toHaveLength(1);
    expect(scene().at(0).sample('b1', Z).at(1700).occur('b1', 'cancel').at(1801).story()).toEqual([]);
  });

  test('pauses while charging or off duty', () => {
    const s = scene().at(0).sample('b1', Z).at(100).sample('b1', { charging: 1 }).at(5000);
    expect(s.story()).toEqual([]);
    s.sample('b1', { charging: 0 }).at(5000 + 1801);
    expect(s.story()).toEqual([[6800, 'raised', 'b1', 'orange']]);
  });

  test('moving for less than 2 s does not end a pre-alarm: the buzz shakes the badge, too', () => {
    const shaken = { ...Z, accelerationXG: 0.5 };
    const s = scene().at(0).sample('b1', Z);
    s.at(28 * MIN + 1)
      .sample('b1', shaken)
      .at(28 * MIN + 2)
      .sample('b1', shaken);
    expect(s.at(31 * MIN).story()).toEqual([[1800, 'raised', 'b1', 'orange']]);
  });

  test('a buzz that is not confirmed raises at once where the rule says so', () => {
    const s = scene({ confirmSeconds: 3 }).at(0).sample('b1', Z);
    expect(s.at(28 * MIN + 2.999).story()).toEqual([]);
    expect(s.at(29 * MIN).story()).toEqual([[28 * MIN + 3, 'raised', 'b1', 'orange']]);
  });

  test('more figures per role, and a vehicle is movement', () => {
    const s = scene({ roles: { guard: { minutes: 2, preAlarmSeconds: 30 } } })
      .at(0)
      .sample('b1', Z)
      .at(60)
      .sample('b1', { ...Z, speedMetersPerSecond: 9 })
      .at(149.9);
    expect(s.preAlarms).toEqual([]);
    expect(s.at(200).story()).toEqual([[180, 'raised', 'b1', 'orange']]);
  });

  test('a cancel that the console gives to another rule is no sign of life', () => {
    const s = scene().at(0).sample('b1', Z).at(1700);
    s.occur('b1', 'cancel', { attributes: { rule: 'tilt', by: 'wang' } });
    expect(s.at(1801).story()).toHaveLength(1);
  });

  test('time per role', () => {
    const s = scene({ roles: { guard: 2 } })
      .at(0)
      .sample('b1', Z)
      .at(121);
    expect(s.story()).toEqual([[120, 'raised', 'b1', 'orange']]);
  });

  test('silence is not stillness: the time stops while the badge is silent', () => {
    const s = scene().at(0).sample('b2', Z).at(30).sample('b2', Z);
    // Silent from 120 on (3 x 30 s after the last report): 120 s of stillness have been seen.
    s.at(2000);
    expect(s.story()).toEqual([]);
    s.sample('b2', Z);
    for (let t = 2030; t < 2000 + 1679; t += 30) s.at(t).sample('b2', Z);
    expect(s.story()).toEqual([]);
    s.at(2000 + 1680);
    expect(s.story()).toEqual([[3680, 'raised', 'b2', 'orange']]);
  });

  test('a press that arrives long after it happened is no sign of life', () => {
    const s = scene()
      .at(0)
      .sample('b1', Z)
      .at(31 * MIN);
    s.occur('b1', 'sos', { id: '1', timeFrom: 'device', timeMs: s.nowMs - 1_700_000, historical: true });
    expect(s.open()).toMatchObject([{ kind: 'stillness', condition: 'active' }]);
    s.occur('b1', 'sos', { id: '2' });
    expect(s.open()).toMatchObject([{ kind: 'stillness', condition: 'cleared' }]);
  });
});
