import { describe, expect, test } from 'vitest';
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
      .occur('b1', 'done', { attributes: { id: 'buzz.tilt.b1.xyz' } })
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

  test('uses the calibrated upright of the badge', () => {
    const venue = venueOf([device('b1', { upright: [1, 0, 0] })]);
    expect(scene({}, venue).at(0).sample('b1', LYING).at(60).story()).toEqual([]);
    expect(scene({}, venue).at(0).sample('b1', UPRIGHT).at(60).story()).toHaveLength(1);
  });
});
