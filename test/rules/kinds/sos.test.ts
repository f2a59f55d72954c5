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

  test('an identity that comes again after an hour is a new call: a badge that restarted counts from one', () => {
    const s = scene().at(0).occur('b1', 'sos', { id: '3' }).at(10);
    s.acknowledge(only(s), 'guard').at(3599).occur('b1', 'sos', { id: '3' });
    expect(s.open()).toEqual([]);
    s.at(86_400).occur('b1', 'sos', { id: '3' });
    expect(only(s)).toMatchObject({ condition: 'active', human: 'unacknowledged' });
  });

  test('a press right after a cancel is a new call', () => {
    const s = scene().at(0).occur('b1', 'sos').at(3).occur('b1', 'cancel').at(6).occur('b1', 'sos');
    expect(only(s).condition).toBe('active');
    expect(s.story().map(([, type]) => type)).toEqual(['raised', 'cleared', 'repeated']);
  });

  test('a cancel from before a press, which comes after it, does not end the call', () => {
    const s = scene().at(10).occur('b1', 'sos', { id: '1' }).at(12);
    s.occur('b1', 'cancel', { id: '2', nowMs: s.nowMs - 2001, timeMs: s.nowMs - 2001, timeFrom: 'device' });
    expect(s.open()[0]?.condition).toBe('active');
    s.occur('b1', 'cancel', { id: '3', nowMs: s.nowMs - 2000, timeMs: s.nowMs - 2000, timeFrom: 'device' });
    expect(s.open()[0]?.condition).toBe('cleared');
  });

  test('a cancel that another radio repeats does not end the call after it', () => {
    const s = scene().at(0).occur('b1', 'sos', { id: '1' }).at(3).occur('b1', 'cancel', { id: '2' });
    s.at(6).occur('b1', 'sos', { id: '3' }).at(7).occur('b1', 'cancel', { id: '2' });
    expect(only(s).condition).toBe('active');
    expect(s.at(9).occur('b1', 'cancel', { id: '4' }).open()[0]?.condition).toBe('cleared');
  });

  test('a burst that goes on over the acknowledgement does not keep the call open for ever', () => {
    const s = scene().at(0).occur('b1', 'sos').at(2);
    s.acknowledge(only(s), 'guard').at(5).occur('b1', 'sos').at(604);
    expect(s.open()).toHaveLength(1);
    expect(s.at(606).open()).toEqual([]);
  });

  test('a rule for some roles hears strangers too: nobody else would', () => {
    const roles = rule({ id: 'sos', kind: 'sos', for: { roles: ['steward'] } }, venue);
    const s = stage({ venue, rules: [roles] })
      .at(0)
      .occur('b1', 'sos')
      .occur('stranger', 'sos');
    expect(s.open()).toMatchObject([{ subject: 'stranger', reason: { code: 'sos-unregistered' } }]);
  });
});
