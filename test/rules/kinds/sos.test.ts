import { describe, expect, test } from 'vitest';
import { device, rule, stage, venueOf } from '../stage.ts';

const venue = venueOf([device('b1', { reports: { everySeconds: 30 } })]);
const scene = () => stage({ venue, rules: [rule({ id: 'sos', kind: 'sos' }, venue)] });
const only = (s: ReturnType<typeof scene>) => {
  const [alarm] = s.open();
  if (alarm === undefined) throw new Error('no open alarm');
  return alarm;
};

describe('sos', () => {
  test('raises red at once and stays open, though the badge falls silent', () => {
    const s = scene().at(5).occur('b1', 'sos', { id: '7' }).at(4000);
    expect(s.story()).toEqual([[5, 'raised', 'b1', 'red']]);
    expect(only(s).condition).toBe('active');
  });

  test('repetitions with the same identity are one call, however late they come', () => {
    const s = scene()
      .at(0)
      .occur('b1', 'sos', { id: '7' })
      .occur('b1', 'sos', { id: '7' })
      .at(500)
      .occur('b1', 'sos', { id: '7' });
    expect(s.story()).toHaveLength(1);
  });

  test('without identity, ten seconds of quiet part two presses', () => {
    const s = scene().at(0).occur('b1', 'sos').at(9).occur('b1', 'sos').at(18).occur('b1', 'sos');
    expect(s.story()).toHaveLength(1);
    s.at(28).occur('b1', 'sos');
    expect(s.story().map(([, type]) => type)).toEqual(['raised', 'repeated']);
  });

  test('a further press voids the acknowledgement and alerts again', () => {
    const s = scene().at(0).occur('b1', 'sos', { id: '1' }).at(20);
    s.acknowledge(only(s), 'guard').at(60).occur('b1', 'sos', { id: '2' });
    expect(s.story().map(([, type]) => type)).toEqual(['raised', 'acknowledged', 'repeated']);
    expect(only(s).human).toBe('unacknowledged');
    expect(only(s).acknowledgedBy).toBeUndefined();
  });

  test('an acknowledged call ends when nothing more has come for the follow-up time', () => {
    const s = scene().at(0).occur('b1', 'sos', { id: '1' }).at(20);
    s.acknowledge(only(s), 'guard').at(599);
    expect(s.open()).toHaveLength(1);
    s.at(601);
    expect(s.story().map(([at, type]) => [at, type])).toEqual([
      [0, 'raised'],
      [20, 'acknowledged'],
      [600, 'cleared'],
      [600, 'closed'],
    ]);
  });

  test('nobody acknowledges: it never ends', () => {
    expect(scene().at(0).occur('b1', 'sos', { id: '1' }).at(100_000).open()).toHaveLength(1);
  });

  test('an unregistered badge calls too', () => {
    const s = scene().at(1).occur('stranger', 'sos', { id: '1' });
    expect(only(s)).toMatchObject({ subject: 'stranger', severity: 'red', reason: { code: 'sos-unregistered' } });
  });

  test('a late call says how late; one older than an hour asks to check on the wearer', () => {
    const late = scene().at(0);
    late.occur('b1', 'sos', { id: '1', timeFrom: 'device', timeMs: late.nowMs - 120_000, historical: true });
    expect(only(late)).toMatchObject({ severity: 'red', lateBySeconds: 120 });
    const old = scene().at(0);
    old.occur('b1', 'sos', { id: '1', timeFrom: 'device', timeMs: old.nowMs - 3_601_000, historical: true });
    expect(only(old)).toMatchObject({ severity: 'orange', reason: { code: 'sos-missed' } });
  });

  test('a retained call without identity or stamp asks to check on the wearer', () => {
    const s = scene().at(0).occur('b1', 'sos', { retained: true });
    expect(only(s)).toMatchObject({ severity: 'orange', reason: { code: 'sos-missed' } });
    s.at(60).occur('b1', 'sos', { id: '9' });
    expect(only(s).severity).toBe('red');
  });

  test('a cancel clears the condition; the alarm waits for a person', () => {
    const s = scene().at(0).occur('b1', 'sos', { id: '1' }).at(5).occur('b1', 'cancel');
    expect(only(s)).toMatchObject({ condition: 'cleared', human: 'unacknowledged' });
  });

  test('an acknowledgement of a stranger whose name holds a slash reaches its rule', () => {
    const s = scene().at(0).occur('hall/button', 'sos', { id: '1' }).at(5);
    s.acknowledge(only(s), 'guard').at(601);
    expect(s.open()).toEqual([]);
  });
});
