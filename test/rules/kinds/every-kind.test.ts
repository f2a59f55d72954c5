import { describe, expect, test } from 'vitest';
import { device, rule, venueOf, zone } from '../stage.ts';

const venue = venueOf([device('b1', { zone: 'hall' })], [zone('hall')]);

/** Kinds with what each must be told; the second: whether its alarms wait for a person by themselves. */
const KINDS: readonly (readonly [Record<string, unknown>, boolean])[] = [
  [{ kind: 'battery-low' }, false],
  [{ kind: 'crowd-density' }, false],
  [{ kind: 'geofence', zones: ['hall'] }, false],
  [{ kind: 'heat-index' }, false],
  [{ kind: 'missed-check-in', everyMinutes: 60 }, true],
  [{ kind: 'object-left' }, false],
  [{ kind: 'on-duty-too-long' }, false],
  [{ kind: 'rate-of-change' }, false],
];

describe.each(KINDS)('%j', (config, byItself) => {
  test('latches as usual for the kind, or as it is told', () => {
    expect(rule({ id: 'r', ...config }, venue).latching).toBe(byItself);
    expect(rule({ id: 'r', ...config, latching: true }, venue).latching).toBe(true);
    expect(rule({ id: 'r', ...config, latching: false }, venue).latching).toBe(false);
  });

  test('says its own guidance, or what it is told', () => {
    expect(rule({ id: 'r', ...config }, venue).guidance.en).toContain('Owner: ');
    const guidance = { zh: '喊人', en: 'shout' };
    expect(rule({ id: 'r', ...config, guidance }, venue).guidance).toEqual(guidance);
  });
});

describe('whom a rule concerns', () => {
  const guard = device('b1', { zone: 'hall' });
  const stranger = device('x1', { registered: false });
  const unregisteredCamera = device('x2', { role: undefined, profile: 'camera', registered: false });
  const thing = device('t1', { role: undefined, profile: 'climate' });
  const camera = device('c1', { role: undefined, profile: 'camera' });
  const all = [guard, stranger, unregisteredCamera, thing, camera];
  const concerned = (config: Record<string, unknown>, channel = '') => {
    const of = rule({ id: 'r', ...config }, venueOf(all, [zone('hall')]));
    return all.filter((each) => of.subjects(each, channel).length > 0).map(({ id }) => id);
  };

  test('a battery: every registered device, once', () => {
    expect(concerned({ kind: 'battery-low' })).toEqual(['b1', 't1', 'c1']);
    expect(concerned({ kind: 'battery-low' }, 'a')).toEqual([]);
    expect(concerned({ kind: 'battery-low', for: { devices: ['t1', 'x1'] } })).toEqual(['t1']);
  });

  test.each([
    { kind: 'geofence', zones: ['hall'] },
    { kind: 'on-duty-too-long' },
    { kind: 'missed-check-in', everyMinutes: 60 },
  ])('$kind: every wearer, once', (config) => {
    expect(concerned(config)).toEqual(['b1', 'x1']);
    expect(concerned(config, 'a')).toEqual([]);
    expect(concerned({ ...config, for: { devices: ['b1', 't1'] } })).toEqual(['b1']);
  });

  test('objects: registered cameras, or what else the rule names', () => {
    expect(concerned({ kind: 'object-left' })).toEqual(['c1']);
    expect(concerned({ kind: 'object-left' }, 'a')).toEqual([]);
    expect(concerned({ kind: 'object-left', for: { devices: ['t1', 'x1'] } })).toEqual(['t1']);
    expect(concerned({ kind: 'object-left', for: { profiles: ['camera'] } })).toEqual(['c1']);
  });

  test.each(['heat-index', 'rate-of-change'])('%s: every device, by channel', (kind) => {
    expect(concerned({ kind, for: { devices: ['t1'] } }, 'a')).toEqual(['t1']);
    expect(rule({ id: 'r', kind }, venue).subjects(thing, 'a')).toEqual(['t1/a']);
  });

  test('a crowd: registered counters without a wearer', () => {
    const counters = [
      device('g1', { role: undefined, zone: 'hall' }),
      device('g2', { role: undefined, zone: 'hall', registered: false }),
      device('g3', { role: 'guard', zone: 'hall' }),
    ];
    const of = rule({ id: 'r', kind: 'crowd-density' }, venueOf(counters, [zone('hall')]));
    expect(counters.map((each) => of.subjects(each, ''))).toEqual([['hall'], [], []]);
    expect([...(of.crowdOf?.(undefined, 'hall')?.feeders ?? [])]).toEqual(['g1']);
  });
});
