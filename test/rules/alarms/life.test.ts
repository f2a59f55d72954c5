import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { alarmId } from '../../../rules/alarms/alarm.ts';
import { device, EPOCH, rule, type Stage, stage, venueOf } from '../stage.ts';

const venue = venueOf([device('t1', { reports: { everySeconds: 30 } })]);
const scene = (latching: boolean) =>
  stage({
    venue,
    rules: [
      rule(
        { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { yellow: 30, red: 60 }, latching },
        venue,
      ),
    ],
  });
const types = (s: Stage) => s.events.map(({ type }) => type);
const only = (s: Stage): Alarm => {
  const [alarm] = s.open();
  if (alarm === undefined) throw new Error('no open alarm');
  return alarm;
};
const hot = (s: Stage, at: number, celsius: number) => s.at(at).sample('t1', { temperatureCelsius: celsius });

describe('the life of an alarm', () => {
  test('raised with all that its topic promises', () => {
    const s = hot(scene(false), 1, 35);
    expect(only(s)).toEqual({
      id: `heat.t1.${(EPOCH + 1000).toString(36)}`,
      rule: 'heat',
      kind: 'threshold',
      subject: 't1',
      severity: 'yellow',
      condition: 'active',
      human: 'unacknowledged',
      raisedAt: '2026-06-01T12:00:01.000Z',
      changedAt: '2026-06-01T12:00:01.000Z',
      value: 35,
      unit: '°C',
      limit: 30,
      reason: { code: 'above-limit', zh: expect.any(String), en: expect.any(String) },
      guidance: { zh: expect.any(String), en: expect.any(String) },
    });
  });

  test('the same inputs give the same id', () => {
    expect(only(hot(scene(false), 9, 40)).id).toBe(only(hot(scene(false), 9, 50)).id);
  });

  test('a rise in severity voids the acknowledgement; a fall does not', () => {
    const s = hot(scene(false), 1, 35);
    s.acknowledge(only(s), 'guard');
    hot(s, 2, 65);
    expect(types(s)).toEqual(['raised', 'acknowledged', 'escalated']);
    expect(only(s)).toMatchObject({ severity: 'red', human: 'unacknowledged' });
    expect(only(s)).not.toHaveProperty('acknowledgedBy');
    s.acknowledge(only(s), 'guard');
    hot(s, 3, 35);
    expect(only(s)).toMatchObject({ severity: 'yellow', human: 'acknowledged', acknowledgedBy: 'guard' });
  });

  test('one that does not latch is over when its condition is', () => {
    const s = hot(hot(scene(false), 1, 35), 5, 20);
    expect(types(s)).toEqual(['raised', 'cleared', 'closed']);
    expect(s.open()).toEqual([]);
  });

  test('one that latches waits for a person', () => {
    const s = hot(hot(scene(true), 1, 35), 5, 20);
    expect(only(s)).toMatchObject({ condition: 'cleared', human: 'unacknowledged' });
    s.acknowledge(only(s), 'guard');
    expect(types(s)).toEqual(['raised', 'cleared', 'acknowledged', 'closed']);
  });

  test('a latched alarm that comes back calls again', () => {
    const s = hot(hot(hot(scene(true), 1, 35), 5, 20), 9, 36);
    expect(types(s)).toEqual(['raised', 'cleared', 'repeated']);
    expect(only(s).raisedAt).toBe('2026-06-01T12:00:01.000Z');
  });

  test('an acknowledged one that latches closes when its condition clears', () => {
    const s = hot(scene(true), 1, 35);
    s.acknowledge(only(s), 'guard');
    hot(s, 5, 20);
    expect(types(s)).toEqual(['raised', 'acknowledged', 'cleared', 'closed']);
  });

  test('unknown never clears: silence leaves it open, data take it on', () => {
    const s = hot(scene(false), 1, 35).at(500);
    expect(only(s)).toMatchObject({ condition: 'unknown', reason: { code: 'no-data' } });
    hot(s, 600, 36);
    expect(only(s).condition).toBe('active');
    hot(s, 601, 20);
    expect(s.open()).toEqual([]);
  });

  test('acknowledging twice, or what is not open, changes nothing', () => {
    const s = hot(scene(false), 1, 35);
    const alarm = only(s);
    s.acknowledge(alarm, 'guard').acknowledge(alarm, 'other');
    expect(types(s)).toEqual(['raised', 'acknowledged']);
    expect(only(s).acknowledgedBy).toBe('guard');
    hot(s, 9, 20).acknowledge(alarm, 'guard');
    expect(types(s).at(-1)).toBe('closed');
  });

  test('ids hold nothing that means something in a topic', () => {
    expect(alarmId('overload', 'stage power/b+#\u0000', 1)).toBe('overload.stage-power-b---.1');
  });
});
