import { describe, expect, test } from 'vitest';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { device, rule, venueOf, zone } from '../stage.ts';

const venue = venueOf([device('b1', { zone: 'hall' })], [zone('hall')]);

/** Kinds with what each must be told; the second: whether its alarms wait for a person by themselves. */
const KINDS: readonly (readonly [Record<string, unknown>, boolean])[] = [
  [{ kind: 'access-burst' }, true],
  [{ kind: 'battery-low' }, false],
  [{ kind: 'crowd-density' }, false],
  [{ kind: 'gateway-health' }, true],
  [{ kind: 'geofence', zones: ['hall'] }, false],
  [{ kind: 'heat-index' }, false],
  [{ kind: 'incident-class' }, false],
  [{ kind: 'man-down' }, true],
  [{ kind: 'missed-check-in', everyMinutes: 60 }, true],
  [{ kind: 'object-left' }, false],
  [{ kind: 'on-duty-too-long' }, false],
  [{ kind: 'overcurrent' }, false],
  [{ kind: 'phase-imbalance' }, false],
  [{ kind: 'rate-of-change' }, false],
  [{ kind: 'silent' }, false],
  [{ kind: 'sos' }, true],
  [{ kind: 'stillness' }, true],
  [{ kind: 'threshold', metric: 'temperatureCelsius', above: { yellow: 35 } }, false],
  [{ kind: 'tilt' }, true],
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
    { kind: 'man-down' },
    { kind: 'stillness' },
  ])('$kind: every wearer, once', (config) => {
    expect(concerned(config)).toEqual(['b1', 'x1']);
    expect(concerned(config, 'a')).toEqual([]);
    expect(concerned({ ...config, for: { devices: ['b1', 't1'] } })).toEqual(['b1']);
  });

  test('a posture: every registered wearer, once, or what else the rule names', () => {
    expect(concerned({ kind: 'tilt' })).toEqual(['b1']);
    expect(concerned({ kind: 'tilt' }, 'a')).toEqual([]);
    expect(concerned({ kind: 'tilt', for: { devices: ['t1', 'x1'] } })).toEqual(['t1']);
  });

  test('a silence: every registered device once, and the counters of a zone by each of them', () => {
    expect(concerned({ kind: 'silent' })).toEqual(['b1', 't1', 'c1']);
    expect(concerned({ kind: 'silent' }, 'a')).toEqual([]);
    expect(concerned({ kind: 'silent', for: { devices: ['t1', 'x1'] } })).toEqual(['t1']);
    const inHall = { role: undefined, zone: 'hall' } as const;
    const counters = [
      device('g1', { ...inHall, profile: 'people-counter' }),
      device('g2', { ...inHall, profile: 'camera' }),
      device('g3', { ...inHall, profile: 'climate' }),
      device('g4', { role: undefined, profile: 'people-counter' }),
    ];
    const of = rule({ id: 'r', kind: 'silent' }, venueOf(counters, [zone('hall')]));
    expect(counters.map((each) => of.subjects(each, 'line1'))).toEqual([['g1', 'g2'], ['g1', 'g2'], [], []]);
    expect(counters.map((each) => of.subjects(each, ''))).toEqual([['g1', 'g2'], ['g1', 'g2'], ['g3'], ['g4']]);
    expect(counters.map((each) => of.shared(each))).toEqual([true, true, false, false]);
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

describe('limits that a chart shows', () => {
  const clamp = device('p1', { role: undefined, ratedAmps: { a: 10 } });
  const plain = device('p2', { role: undefined });
  const places = venueOf([clamp, plain]);

  test('of a circuit: parts of its own rating, of its current alone, where the rule concerns it', () => {
    const limits = (extra: object = {}, of = clamp, metric: 'currentAmps' | 'powerWatts' = 'currentAmps') =>
      rule({ id: 'r', kind: 'overcurrent', ...extra }, places).limitsOf?.(of, 'a', metric);
    expect(limits()).toEqual([
      { severity: 'yellow', direction: 'above', limit: 8 },
      { severity: 'orange', direction: 'above', limit: 10 },
      { severity: 'red', direction: 'above', limit: 80 },
    ]);
    expect(limits({}, clamp, 'powerWatts')).toEqual([]);
    expect(limits({}, plain)).toEqual([]);
    expect(limits({ for: { devices: ['p2'] } })).toEqual([]);
  });

  test('of a metric: both sides, where the rule concerns it', () => {
    const config = { kind: 'threshold', metric: 'temperatureCelsius', above: { yellow: 35 }, below: { orange: 5 } };
    const limits = (extra: object = {}, metric: 'temperatureCelsius' | 'humidityPercent' = 'temperatureCelsius') =>
      rule({ id: 'r', ...config, ...extra }, places).limitsOf?.(plain, '', metric);
    expect(limits()).toEqual([
      { severity: 'orange', direction: 'below', limit: 5 },
      { severity: 'yellow', direction: 'above', limit: 35 },
    ]);
    expect(limits({}, 'humidityPercent')).toEqual([]);
    expect(limits({ for: { devices: ['p1'] } })).toEqual([]);
  });
});

test('limits that do not follow each other are refused', () => {
  const isGood = (config: Record<string, unknown>): boolean => ruleSchema.safeParse({ id: 'r', ...config }).success;
  const burst = (moreThan: object) => isGood({ kind: 'access-burst', moreThan });
  expect([burst({ yellow: 5, orange: 6 }), burst({ yellow: 5, orange: 5 }), burst({ yellow: 5, red: 4 })]).toEqual([
    true,
    false,
    false,
  ]);
  const lag = (loopLagMilliseconds: object) => isGood({ kind: 'gateway-health', loopLagMilliseconds });
  expect([lag({ orange: 5, red: 6 }), lag({ orange: 5, red: 5 }), lag({ yellow: 6, orange: 5 })]).toEqual([
    true,
    false,
    false,
  ]);
  const room = (diskFreeMegabytes: object) => isGood({ kind: 'gateway-health', diskFreeMegabytes });
  expect([room({ orange: 6, red: 5 }), room({ orange: 5, red: 5 }), room({ yellow: 5, orange: 6 })]).toEqual([
    true,
    false,
    false,
  ]);
  const refused = ruleSchema.safeParse({ id: 'r', kind: 'gateway-health', diskFreeMegabytes: { orange: 5, red: 5 } });
  expect(refused.error?.issues[0]?.message).toBe('the limits must fall: yellow, orange, red');
  const unequal = (yellow: number, orange: number) => isGood({ kind: 'phase-imbalance', yellow, orange });
  expect([unequal(10, 20), unequal(20, 20), unequal(30, 20)]).toEqual([true, false, false]);
  const both = (above: number, below: number) =>
    isGood({ kind: 'threshold', metric: 'temperatureCelsius', above: { red: above }, below: { red: below } });
  expect([both(11, 10), both(10, 10), both(9, 10)]).toEqual([true, false, false]);
});
