import { describe, expect, test } from 'vitest';
import { buzzId } from '../../../rules/wearer/prealarm.ts';
import { device, rule, stage, venueOf } from '../stage.ts';

const UPRIGHT = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
const LYING = { accelerationXG: 1, accelerationYG: 0, accelerationZG: 0 };
const at = (degrees: number, g = 1) => ({
  accelerationXG: g * Math.sin((degrees * Math.PI) / 180),
  accelerationYG: 0,
  accelerationZG: g * Math.cos((degrees * Math.PI) / 180),
});

const badge = venueOf([device('b1', { reports: undefined })]);
const stand = venueOf([device('s1', { role: undefined, profile: 'stand', reports: undefined })]);
const scene = (config: Record<string, unknown> = {}, venue = badge) =>
  stage({ venue, rules: [rule({ id: 'tilt', kind: 'tilt', ...config }, venue)] });

describe('tilt', () => {
  test('a wearer lying for the hold, with the buzz confirmed, alarms when the pre-alarm is over', () => {
    const s = scene().at(0).sample('b1', UPRIGHT).at(10).sample('b1', LYING).at(20);
    expect(s.preAlarms).toMatchObject([{ type: 'pre-alarm', device: 'b1', untilMs: s.nowMs + 15_000 }]);
    s.at(21)
      .occur('b1', 'done', { attributes: { id: buzzId('tilt', 'b1', s.nowMs + 14_000) } })
      .at(34.9);
    expect(s.story()).toEqual([]);
    s.at(40);
    expect(s.story()).toEqual([[35, 'raised', 'b1', 'orange']]);
  });

  test('a badge that does not confirm the buzz raises after the confirm time, for waiting costs time', () => {
    expect(scene().at(0).sample('b1', LYING).at(60).story()).toEqual([[13, 'raised', 'b1', 'orange']]);
  });

  test('a confirmation of another command is no confirmation', () => {
    const s = scene()
      .at(0)
      .sample('b1', LYING)
      .at(11)
      .occur('b1', 'done', { attributes: { id: 'led.1' } })
      .at(60);
    expect(s.story()).toEqual([[13, 'raised', 'b1', 'orange']]);
  });

  test.each([
    ['of the pre-alarm before', (untilMs: number) => buzzId('tilt', 'b1', untilMs)],
    ['of none', () => 'buzz.tilt.b1.zzz'],
    ['of another badge', (untilMs: number) => buzzId('tilt', 'b2', untilMs + 100_000)],
    ['of more than an id', (untilMs: number) => `${buzzId('tilt', 'b1', untilMs + 100_000)}.zzzzzzzzz`],
  ])('a confirmation of a buzz %s is no confirmation of this one', (_, idOf) => {
    const s = scene().at(0).sample('b1', LYING).at(10);
    const [first] = s.preAlarms;
    s.at(11).occur('b1', 'cancel').sample('b1', UPRIGHT).at(12).sample('b1', LYING).at(22);
    expect(s.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended', 'pre-alarm']);
    s.occur('b1', 'done', { attributes: { id: idOf(first?.untilMs ?? 0) } }).at(60);
    expect(s.story()).toEqual([[25, 'raised', 'b1', 'orange']]);
  });

  test('bending for less than the hold stays silent', () => {
    expect(scene().at(0).sample('b1', LYING).at(9.9).sample('b1', UPRIGHT).at(100).story()).toEqual([]);
  });

  test('exactly 45° is not above 45°', () => {
    expect(scene({}, stand).at(0).sample('s1', at(44.99)).at(100).story()).toEqual([]);
    expect(
      scene({ for: { devices: ['s1'] } }, stand)
        .at(0)
        .sample('s1', at(45.01))
        .at(100)
        .story(),
    ).toHaveLength(1);
  });

  test('samples outside 0.8–1.2 g neither advance nor reset', () => {
    const s = scene().at(0).sample('b1', at(90, 2.5)).at(30);
    expect(s.story()).toEqual([]);
    s.sample('b1', LYING).at(35).sample('b1', at(0, 0.3)).at(60);
    expect(s.story()).toEqual([[43, 'raised', 'b1', 'orange']]);
  });

  test('the wearer cancels the pre-alarm and is asked again only after the cancelled time', () => {
    const s = scene().at(0).sample('b1', LYING).at(12).occur('b1', 'cancel').at(13).sample('b1', LYING).at(300);
    expect(s.story()).toEqual([]);
    expect(s.preAlarms.map((event) => event.type)).toEqual(['pre-alarm', 'pre-alarm-ended']);
    s.at(312).sample('b1', LYING).at(400);
    expect(s.story()).toHaveLength(1);
  });

  test('clears under 35° only, and waits for a person because it latches', () => {
    const s = scene().at(0).sample('b1', LYING).at(20).sample('b1', at(36)).at(21);
    expect(s.open()[0]?.condition).toBe('active');
    s.sample('b1', at(34));
    expect(s.open()[0]).toMatchObject({ condition: 'cleared', human: 'unacknowledged' });
    const [alarm] = s.open();
    if (alarm === undefined) throw new Error('no alarm');
    s.acknowledge(alarm, 'guard-1');
    expect(s.open()).toEqual([]);
    expect(s.events.at(-1)).toMatchObject({ type: 'closed', alarm: { acknowledgedBy: 'guard-1' } });
  });

  test('a stand has nobody to ask: it alarms when the hold is over', () => {
    const s = scene({ for: { devices: ['s1'] } }, stand)
      .at(0)
      .sample('s1', LYING)
      .at(60);
    expect(s.story()).toEqual([[10, 'raised', 's1', 'orange']]);
  });

  test('normal-status delay: an upright sample of less than 2 s does not start the time anew', () => {
    const s = scene().at(0).sample('b1', LYING).at(5).sample('b1', UPRIGHT).at(6.9).sample('b1', LYING).at(60);
    expect(s.story()).toEqual([[13, 'raised', 'b1', 'orange']]);
    const up = scene().at(0).sample('b1', LYING).at(5).sample('b1', UPRIGHT).at(7).sample('b1', LYING).at(60);
    expect(up.story()).toEqual([[20, 'raised', 'b1', 'orange']]);
  });

  test('a hold that ends while the wearer is just up waits for what they do', () => {
    const s = scene().at(0).sample('b1', LYING).at(9).sample('b1', UPRIGHT).at(10.5).sample('b1', LYING);
    expect(s.at(60).story()).toEqual([[13.5, 'raised', 'b1', 'orange']]);
  });

  test('a pre-alarm ends after 4 s upright, not before', () => {
    const s = scene({ confirmSeconds: 0 }).at(0).sample('b1', LYING).at(12).sample('b1', UPRIGHT).at(15.999);
    expect(s.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm']);
    expect(s.at(16).preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended']);
  });

  test('without a wait for confirmation the countdown runs to its end', () => {
    const s = scene({ confirmSeconds: 0 }).at(0).sample('b1', LYING).at(24.999);
    expect(s.story()).toEqual([]);
    expect(s.at(25).story()).toEqual([[25, 'raised', 'b1', 'orange']]);
  });

  test.each([
    ['charging', { charging: 1 }],
    ['off duty', { onDuty: 0 }],
    ['in a vehicle', { speedMetersPerSecond: 8 }],
  ])('a wearer is not judged while %s; a stand knows none of that', (_, pause) => {
    const s = scene();
    const fixed = scene({ for: { devices: ['s1'] } }, stand);
    for (let t = 0; t < 60; t += 5) {
      s.at(t).sample('b1', { ...LYING, ...pause });
      fixed.at(t).sample('s1', { ...LYING, ...pause });
    }
    expect(s.preAlarms).toEqual([]);
    expect(fixed.story()).toEqual([[10, 'raised', 's1', 'orange']]);
  });

  test('going off duty ends a pre-alarm and clears an alarm, which waits for a person', () => {
    const s = scene().at(0).sample('b1', LYING).at(11).sample('b1', { onDuty: 0 }).at(60);
    expect(s.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended']);
    const raised = scene().at(0).sample('b1', LYING).at(20).sample('b1', { charging: 1 });
    expect(raised.open()).toMatchObject([{ condition: 'cleared', reason: { code: 'paused' } }]);
  });

  test('figures of a role', () => {
    const s = scene({ roles: { guard: { degrees: 60, holdSeconds: 20 } } });
    s.at(0).sample('b1', at(55)).at(30);
    expect(s.story()).toEqual([]);
    expect(s.sample('b1', at(65)).at(90).story()).toEqual([[53, 'raised', 'b1', 'orange']]);
  });

  test('uses the calibrated upright of the badge', () => {
    const venue = venueOf([device('b1', { upright: [1, 0, 0] })]);
    expect(scene({}, venue).at(0).sample('b1', LYING).at(60).story()).toEqual([]);
    expect(scene({}, venue).at(0).sample('b1', UPRIGHT).at(60).story()).toHaveLength(1);
  });
});
