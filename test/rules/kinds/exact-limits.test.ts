import { describe, expect, test } from 'vitest';
import type { Occurrence } from '../../../ingest/model/sample.ts';
import { conditionsOf, device, EPOCH, rule, sampleOf, stage, venueOf, zone } from '../stage.ts';

const plain = { role: undefined, reports: undefined } as const;
const HOUR = 3600;

describe('sos', () => {
  const venue = venueOf([device('b1', { reports: undefined })]);
  const scene = () => stage({ venue, rules: [rule({ id: 'sos', kind: 'sos' }, venue)] });
  const called = (extra: Partial<Occurrence>) => {
    const s = scene().at(2 * HOUR);
    const [first] = conditionsOf(s.occur('b1', 'sos', extra).verdicts);
    return first?.condition;
  };
  const old = (seconds: number): Partial<Occurrence> => ({
    id: '1',
    timeFrom: 'device',
    timeMs: EPOCH + (2 * HOUR - seconds) * 1000,
  });

  test('a call of an hour ago is one, of a second more a possible one; a young one does not say how old', () => {
    expect(called(old(HOUR))).toMatchObject({ severity: 'red', lateBySeconds: HOUR });
    expect(called(old(HOUR + 1))).toMatchObject({ severity: 'orange', reason: { code: 'sos-missed' } });
    expect(called(old(1))).toMatchObject({ severity: 'red', lateBySeconds: 1 });
    expect(called(old(0))?.lateBySeconds).toBeUndefined();
    expect(called(old(-5))?.lateBySeconds).toBeUndefined();
  });

  test('a retained one is a call only where it says which and when', () => {
    const retained = (extra: Partial<Occurrence>) => called({ retained: true, ...extra })?.reason.code;
    expect(retained(old(5))).toBe('sos-pressed');
    expect(retained({ ...old(5), id: undefined })).toBe('sos-missed');
    expect(retained({ id: '1' })).toBe('sos-missed');
    expect(retained({})).toBe('sos-missed');
    expect(called({})?.reason.code).toBe('sos-pressed');
  });

  test('the same identity within an hour is a repetition, later a new call', () => {
    const again = (seconds: number) =>
      scene().at(0).occur('b1', 'sos', { id: '7' }).at(seconds).occur('b1', 'sos', { id: '7' });
    expect(again(HOUR).story()).toHaveLength(1);
    expect(again(HOUR + 0.001).story()).toHaveLength(2);
  });

  test('a cancel that was kept for whoever comes later cancels nothing; nor one without a call', () => {
    const s = scene().at(0).occur('b1', 'cancel').occur('b1', 'sos', { id: '1' });
    s.at(1).occur('b1', 'cancel', { retained: true });
    expect(s.story()).toHaveLength(1);
    expect(conditionsOf(s.verdicts)).toHaveLength(1);
    s.at(2).occur('b1', 'cancel');
    expect(s.open()[0]?.condition).toBe('cleared');
  });
});

describe('silent', () => {
  const counter = { ...plain, profile: 'people-counter', zone: 'hall' } as const;
  const venue = venueOf(
    [
      device('gate-a', { ...counter, reports: { everySeconds: 10 } }),
      device('gate-b', counter),
      device('cam', { ...counter, profile: 'camera' }),
    ],
    [zone('hall')],
  );
  const scene = () => stage({ venue, rules: [rule({ id: 'quiet', kind: 'silent' }, venue)] });
  const severities = (s: ReturnType<typeof scene>) =>
    s
      .at(60)
      .story()
      .map(([, , , severity]) => severity);

  test('says how long nothing was heard: since the last word', () => {
    const s = scene().at(5).sample('gate-a', { entriesTotal: 0 }).at(60);
    expect(s.story()).toEqual([[35, 'raised', 'gate-a', 'yellow']]);
    expect(s.open()[0]).toMatchObject({ value: 30, reason: { code: 'no-data' } });
  });

  test('a counter of two lines counts both; whoever has left is not there', () => {
    const s = scene().at(1).sample('gate-a', { entriesTotal: 50, exitsTotal: 0 }, 'line1');
    s.sample('gate-a', { entriesTotal: 0, exitsTotal: 0 }, 'line2');
    expect(severities(s)).toEqual(['orange']);
    const out = scene().at(1).sample('gate-a', { entriesTotal: 50, exitsTotal: 0 }, 'line1');
    out.sample('gate-a', { entriesTotal: 0, exitsTotal: 50 }, 'line2');
    expect(severities(out)).toEqual(['yellow']);
  });

  test('one who is seen is enough, nobody is nobody', () => {
    const s = (occupancyPersons: number) =>
      severities(scene().at(1).sample('gate-a', { entriesTotal: 0 }).sample('cam', { occupancyPersons }));
    expect([s(0), s(1)]).toEqual([['yellow'], ['orange']]);
  });

  test('a word of its own is life, its good-bye and the words of others are not', () => {
    const s = scene().at(0).sample('gate-a', { entriesTotal: 0 }).at(60);
    s.occur('gate-b', 'button').occur('gate-a', 'offline');
    expect(s.open()).toMatchObject([{ subject: 'gate-a', condition: 'active' }]);
    s.occur('gate-a', 'button');
    expect(s.open()).toEqual([]);
  });
});

describe('threshold', () => {
  const venue = venueOf([device('t1', { ...plain, profile: 'climate' })]);
  const judged = (extra: object) =>
    rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', ...extra }, venue);
  const scene = (extra: object) => stage({ venue, rules: [judged(extra)] });

  test('its limit itself counts, above and below, also after quiet samples', () => {
    const story = (extra: object, ...values: readonly number[]) =>
      values
        .reduce((s, temperatureCelsius, index) => s.at(index).sample('t1', { temperatureCelsius }), scene(extra))
        .story();
    expect(story({ above: { yellow: 35 } }, 20, 34.999)).toEqual([]);
    expect(story({ above: { yellow: 35 } }, 20, 35)).toEqual([[1, 'raised', 't1', 'yellow']]);
    expect(story({ below: { yellow: 5 } }, 20, 5.001)).toEqual([]);
    expect(story({ below: { yellow: 5 } }, 20, 5)).toEqual([[1, 'raised', 't1', 'yellow']]);
    expect(story({ above: { yellow: 35 }, below: { yellow: 5 } }, 20, 5)).toHaveLength(1);
    expect(story({ above: { yellow: 35 }, below: { yellow: 5 } }, 20, 35)).toHaveLength(1);
  });

  test('below: ends a deadband above its limit, not at it', () => {
    const s = scene({ below: { yellow: 5 }, deadband: 2, latching: false })
      .at(0)
      .sample('t1', { temperatureCelsius: 4 });
    s.at(1).sample('t1', { temperatureCelsius: 7 });
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
    s.at(2).sample('t1', { temperatureCelsius: 7.001 });
    expect(s.open()).toEqual([]);
  });

  test('is the same object where nothing is new, and new where anything is', () => {
    const of = judged({ above: { yellow: 35 }, below: { yellow: 5 }, holdSeconds: 60 });
    const subject = { id: 't1', device: device('t1'), channel: '' };
    const shown = (state: ReturnType<typeof of.start>, seconds: number, temperatureCelsius: number) =>
      of.step(state, sampleOf('t1', EPOCH + seconds * 1000, { temperatureCelsius }), subject).state;
    const wake = (state: ReturnType<typeof of.start>, seconds: number) =>
      of.step(state, { type: 'wake', nowMs: EPOCH + seconds * 1000 }, subject).state;
    const start = of.start();
    expect(wake(start, 1)).toBe(start);
    const quiet = shown(start, 0, 20);
    expect([quiet.phase, shown(quiet, 1, 21), wake(quiet, 2)]).toEqual(['normal', quiet, quiet]);
    expect(shown(quiet, 1, 21)).toBe(quiet);
    for (const value of [40, 2]) {
      const rising = shown(quiet, 1, value);
      expect(rising.phase).toBe('pending');
      expect(shown(rising, 2, value)).toBe(rising);
      expect(wake(rising, 3)).toBe(rising);
      expect(shown(rising, 2, value - 1)).toMatchObject({ value: value - 1 });
      const reached = wake(rising, 61);
      expect(reached.phase).toBe('active');
      expect(shown(reached, 62, value)).toBe(reached);
      expect(shown(shown(reached, 62, 20), 63, 20)).toBe(quiet);
    }
    const other = shown(shown(quiet, 1, 40), 2, 2);
    expect(other).toMatchObject({ phase: 'pending', above: [] });
    expect(shown(shown(quiet, 1, 2), 2, 40)).toMatchObject({ phase: 'pending', below: [] });
    expect(shown(shown(quiet, 1, 40), 2, Number.NaN)).toMatchObject({ value: 40 });
  });
});

describe('a current that is no number says nothing', () => {
  const clamp = device('p1', { ...plain, ratedAmps: { '': 10 } });
  const venue = venueOf([clamp]);
  test.each(['overcurrent', 'phase-imbalance'])('%s', (kind) => {
    const s = stage({ venue, rules: [rule({ id: 'r', kind }, venue)] });
    for (const channel of ['a', 'b', 'c']) s.sample('p1', { currentAmps: Number.NaN }, channel);
    s.at(1).sample('p1', { temperatureCelsius: 20 });
    expect(s.verdicts.filter(({ type }) => type === 'condition')).toEqual([]);
  });
});

test('a sum over the phases is none of them', () => {
  const board = device('p1', { ...plain, ratedAmps: { '': 10 } });
  const of = rule({ id: 'r', kind: 'phase-imbalance' }, venueOf([board]));
  const start = of.start();
  const sum = sampleOf('p1', EPOCH, { currentAmps: 30 });
  expect(of.step(start, sum, { id: 'p1', device: board, channel: '' }).state).toBe(start);
});

describe('what makes a subject', () => {
  const venue = venueOf([device('records', { ...plain, profile: 'access-log' })]);

  test('an access names address and record; other occurrences are none', () => {
    const rules = [rule({ id: 'r', kind: 'access-burst', moreThan: { orange: 1 } }, venue)];
    const named = (kind: 'access' | 'checkin', attributes: Record<string, string>) => {
      const s = stage({ venue, rules });
      for (let index = 0; index < 3; index += 1) {
        s.at(index).occur('records', kind, { attributes: { ...attributes, n: `${index}` } });
      }
      return s.save().subjects.length;
    };
    const all = { address: '10.0.0.7', recordId: 'r1', account: 'li' };
    expect(named('access', all)).toBe(1);
    expect(named('checkin', all)).toBe(0);
    expect(named('access', { address: '10.0.0.7' })).toBe(0);
    expect(named('access', { recordId: 'r1' })).toBe(0);
  });

  test('a figure of a measure that the rule does not know is none', () => {
    const s = stage({ venue, rules: [rule({ id: 'r', kind: 'gateway-health', holdSeconds: 0 }, venue)] });
    s.put({ type: 'figure', nowMs: s.nowMs, measure: 'phaseOfTheMoon', part: '', value: 1e9 });
    expect(s.save().subjects).toEqual([]);
    s.put({ type: 'figure', nowMs: s.nowMs, measure: 'queueAgeSeconds', part: 'influx:eu', value: 1e6 });
    expect(s.open()).toMatchObject([{ subject: 'queueAgeSeconds:influx:eu', condition: 'active' }]);
    expect(s.open()[0]?.reason.en).toContain('influx:eu');
  });
});
