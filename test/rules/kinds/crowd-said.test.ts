import { describe, expect, test } from 'vitest';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import type { Rule, RuleState } from '../../../rules/rule.ts';
import { again, brief, camera, counted, counter, gate, hall, last, scene, seen, venue } from '../crowd/stage.ts';
import { device, EPOCH, rule, sampleOf, zone } from '../stage.ts';

const GATE = counter('gate');
const one = venue([GATE]);
/** Of gates that count without any error. */
const exact = { errorFraction: 0, driftPersonsPerHour: 0 };
/** Persons of the hall as they are estimated, told or not. */
const estimated = (s: ReturnType<typeof scene>) =>
  Number(/"estimate":\{"persons":([-\d.]+)/.exec(JSON.stringify(s.save().subjects))?.[1]);

describe('crowd density, what is said of an alarm', () => {
  test('that a value comes back within its limit, until it is left', () => {
    const s = scene(one, exact).at(0).sample('gate', gate(320)).at(10).sample('gate', gate(320, 30));
    expect(last(s)).toMatchObject({ phase: 'active', value: 2.9, limit: 3, reason: { code: 'density-easing' } });
    expect(last(s)?.reason.params).not.toHaveProperty('errorPersons');
    s.at(20).sample('gate', gate(330, 30));
    expect(last(s)?.reason.code).toBe('density-over');
  });

  test('the same of a capacity', () => {
    const of = venue([GATE], [hall({ areaM2: 1000, capacity: 200 })]);
    const s = scene(of, exact).at(0).sample('gate', gate(205)).at(10);
    expect(last(s)).toMatchObject({ value: 205, unit: 'persons', limit: 200, reason: { code: 'capacity-over' } });
    s.sample('gate', gate(205, 110));
    expect(last(s)).toMatchObject({ value: 95, unit: 'persons', reason: { code: 'capacity-easing' } });
  });

  test('on its way to a limit', () => {
    const s = scene(one, exact).at(0).sample('gate', gate(300));
    expect(last(s)).toMatchObject({ phase: 'pending', severity: 'yellow', reason: { code: 'density-rising' } });
  });

  test('a zone without area is told again by a hundredth of its capacity', () => {
    const of = venue([GATE], [hall({ areaM2: undefined, capacity: 1000 })]);
    const s = scene(of, { ...exact, zones: ['hall'] })
      .at(0)
      .sample('gate', gate(950))
      .at(10);
    const told = s.verdicts.length;
    s.at(11).sample('gate', gate(959));
    expect(s.verdicts).toHaveLength(told);
    s.at(12).sample('gate', gate(960));
    expect(last(s)?.value).toBe(960);
  });
});

describe('crowd density, an exit and a crowd', () => {
  const exit = venue([counter('gate', { widthMetres: 2 })], [hall({ areaM2: 1000 })]);
  const leaving = (of = exit) => {
    const s = scene(of, { ...exact, clearSeconds: 600 })
      .at(0)
      .sample('gate', gate(2000));
    for (let at = 10; at <= 60; at += 10) s.at(at).sample('gate', gate(2000, at * 3));
    return s;
  };

  test('an alarm of the density says nothing of the flow', () => {
    const s = leaving(venue([counter('gate', { widthMetres: 2 })], [hall()]));
    expect(last(s)).toMatchObject({ severity: 'red', unit: 'persons/m²', reason: { code: 'density-over' } });
    expect(last(s)?.reason.params).not.toHaveProperty('exit');
  });

  test('a flow that dries up is said to ease; without a rate the alarm shows the crowd', () => {
    const s = leaving();
    expect(last(s)).toMatchObject({ severity: 'orange', unit: 'persons/m/min', reason: { code: 'flow-over' } });
    s.at(70).sample('gate', gate(2100, 0));
    s.at(80).sample('gate', gate(2200, 0));
    expect(last(s)).toMatchObject({ severity: 'orange', unit: 'persons/m²', reason: { code: 'flow-easing' } });
    expect(last(s)?.reason.params).not.toHaveProperty('exit');
  });
});

describe('crowd density, the capacity ahead', () => {
  const of = venue([GATE], [hall({ areaM2: 1000, capacity: 200 })]);
  const config = { ...exact, forecast: {} };
  const rising = (until: number) => {
    const s = scene(of, config).at(0).sample('gate', gate(0));
    for (let at = 10; at <= until; at += 10) s.at(at).sample('gate', gate(at / 5));
    return s;
  };

  test('is told in persons', () => {
    const s = rising(400);
    expect(brief(s)).toEqual([[310, 'raised', 'blue']]);
    expect(s.events[0]?.alarm).toMatchObject({ unit: 'persons', limit: 180 });
    expect(s.events[0]?.alarm.reason.en).toContain('180 persons in about 10 min if it goes on');
  });

  test('an alarm of the density is told in persons/m² whatever is ahead', () => {
    const dense = venue([GATE], [hall({ areaM2: 20, capacity: 500 })]);
    const s = scene(dense, config).at(0).sample('gate', gate(70));
    for (let at = 10; at <= 400; at += 10) s.at(at).sample('gate', gate(70 + at / 2));
    expect(last(s)).toMatchObject({ severity: 'red', unit: 'persons/m²', limit: 4.7 });
    expect(last(s)?.reason.params).toMatchObject({ aheadLimit: 450, aheadUnit: 'persons' });
  });

  test('gates that report in the same moment do not disturb the trend', () => {
    const gates = venue([GATE, counter('side')], [hall({ areaM2: 1000, capacity: 200 })]);
    const s = scene(gates, config).at(0).sample('gate', gate(0)).sample('side', gate(0));
    for (let at = 10; at <= 400; at += 10) {
      s.at(at)
        .sample('gate', gate(at / 10))
        .sample('side', gate(at / 10));
    }
    expect(brief(s)).toEqual([[310, 'raised', 'blue']]);
  });
});

describe('crowd density, the edge of the band', () => {
  test('exactly at a limit it touches', () => {
    // 200 ± 100 of 100 m².
    const config = { errorFraction: 0.5, driftPersonsPerHour: 0 };
    const s = scene(one, config).at(0).sample('gate', gate(199));
    expect(last(s)?.phase).toBe('normal');
    s.sample('gate', gate(200));
    expect(last(s)).toMatchObject({ phase: 'pending', severity: 'yellow', reason: { code: 'band-touches' } });
  });

  test('of a zone that has only a capacity', () => {
    const of = venue([GATE], [hall({ areaM2: undefined, capacity: 200 })]);
    const config = { zones: ['hall'], errorFraction: 0.5, driftPersonsPerHour: 0 };
    const s = scene(of, config).at(0).sample('gate', gate(119)).at(60);
    expect(last(s)?.phase).toBe('normal');
    s.sample('gate', gate(120)).at(100);
    expect(last(s)?.reason.code).toBe('band-touches');
    expect(brief(s)).toEqual([]);
    s.sample('gate', gate(134)).at(200);
    expect(s.open()[0]).toMatchObject({ severity: 'yellow', unit: 'persons', limit: 200 });
  });
});

describe('crowd density, cameras of which one is lacking', () => {
  const config = { errorFraction: 0.5, driftPersonsPerHour: 0 };
  /** A thousand by the gate, which may be off by half of them. */
  const thousand = (...cameras: readonly ReturnType<typeof camera>[]) =>
    scene(venue([GATE, ...cameras]), config)
      .at(0)
      .sample('gate', gate(1000));

  test('all of them together are a count of the whole', () => {
    expect(estimated(thousand(camera('c1')).sample('c1', seen(600)))).toBeLessThan(700);
    const both = thousand(camera('c1'), camera('c2')).sample('c1', seen(300)).sample('c2', seen(300));
    expect(estimated(both)).toBeLessThan(700);
  });

  test('one that has never counted, or counts nothing: the other can only add', () => {
    const s = thousand(camera('c1'), camera('c2')).sample('c2', { temperatureCelsius: 20 }).sample('c1', seen(600));
    expect(estimated(s)).toBe(1000);
    expect(estimated(s.sample('c2', gate(0)).sample('c1', seen(610)))).toBe(1000);
    expect(estimated(s.sample('c1', seen(1700)))).toBeGreaterThan(1000);
  });

  test('one that is silent: its last count stands, and with it the other can only add', () => {
    const s = thousand(camera('c1'), camera('c2', { reports: { everySeconds: 10 } }));
    s.sample('c1', seen(300)).sample('c2', seen(300)).at(40);
    const before = estimated(s);
    expect(estimated(s.sample('c1', seen(250)))).toBe(before);
    expect(estimated(s.sample('c2', seen(300)))).toBe(before);
    expect(estimated(s.sample('c1', seen(251)))).not.toBe(before);
  });

  test('zones in a circle have no innermost part that cameras could watch', () => {
    const circle = [zone('hall', { within: 'foyer' }), zone('foyer', { within: 'hall' })];
    const s = scene(venue([GATE, camera('c1')], circle), config)
      .at(0)
      .sample('gate', gate(1000));
    expect(estimated(s.sample('c1', seen(600)))).toBe(1000);
  });

  test('one that was moved to another zone over a restart no longer counts here', () => {
    const zones = [hall(), zone('yard')];
    const before = scene(venue([camera('c1'), camera('c2')], zones), config)
      .at(0)
      .sample('c1', seen(100))
      .sample('c2', seen(80));
    expect(last(before)?.reason.params.persons).toBe(180);
    const after = again(venue([camera('c1'), camera('c2', { zone: 'yard' })], zones), config, 5, before).at(6);
    expect(estimated(after.sample('c1', seen(101)))).toBe(101);
  });
});

describe('crowd density, badges', () => {
  const badges = Array.from({ length: 4 }, (_, index) => device(`b${index}`, { reports: undefined }));
  const yard = zone('yard');
  const config = { badges: { share: 0.1, errorFraction: 0.2 }, driftPersonsPerHour: 0 };
  const goes = (s: ReturnType<typeof scene>, to: string) => {
    for (const { id } of badges) s.sample(id, {}).occur(id, 'presence', { attributes: { zone: to } });
    return s;
  };

  test('are all there is where nothing else counts; when the last has left nobody is invented', () => {
    const s = goes(scene(venue(badges, [hall(), yard]), config).at(0), 'hall');
    expect(estimated(s)).toBe(40);
    expect(estimated(goes(s, 'yard'))).toBe(10);
  });

  test('are taken together with cameras, by the accuracy of both', () => {
    const s = goes(
      scene(venue([...badges, camera('cam')], [hall(), yard]), config)
        .at(0)
        .sample('cam', seen(60)),
      'hall',
    );
    expect(estimated(s)).toBeGreaterThan(45);
    expect(estimated(s)).toBeLessThan(60);
  });

  test('leave gates alone when the last of them has left', () => {
    const s = scene(venue([GATE, ...badges], [hall(), yard]), config)
      .at(0)
      .sample('gate', gate(40));
    goes(goes(s, 'hall'), 'yard').at(5).sample('gate', gate(310)).at(30);
    expect(brief(s)).toEqual([[15, 'raised', 'yellow']]);
  });
});

describe('crowd density, zeroing at its edges', () => {
  const ZERO_AT = 8.5 * 3600;
  const config = { ...exact, zeroAt: '04:30' };
  const text = (s: ReturnType<typeof scene>) => JSON.stringify(s.save().subjects);

  test('as many as two may be seen by a camera', () => {
    const watched = (persons: number) =>
      text(
        scene(venue([GATE, camera('cam')]), config)
          .at(0)
          .sample('gate', gate(100, 95))
          .sample('cam', seen(persons))
          .at(ZERO_AT),
      );
    expect(watched(2)).toContain('"skipped":false');
    expect(watched(3)).toContain('"skipped":true');
  });

  describe('step by step', () => {
    const zeroing = rule({ id: 'd', kind: 'crowd-density', ...config }, one);
    const plain = rule({ id: 'd', kind: 'crowd-density', ...exact }, one);
    const subject = { id: 'hall', device: GATE, channel: '' };
    const dueMs = EPOCH + ZERO_AT * 1000;
    const began = (of: Rule) => of.step(of.start(), sampleOf('gate', EPOCH, gate(100, 90)), subject).state;
    const woken = (of: Rule, state: RuleState, nowMs: number) =>
      of.crowdOf?.(of.step(state, { type: 'wake', nowMs }, subject).state, 'hall');

    test('a quarter of an hour late is early enough, a millisecond more is not', () => {
      const at = (nowMs: number) => woken(zeroing, began(zeroing), nowMs);
      expect(at(dueMs - 1)).toMatchObject({ persons: 10, zeroSkipped: false });
      expect(at(dueMs + 900_000)).toMatchObject({ persons: 0, zeroSkipped: false, fix: { by: 'schedule' } });
      expect(at(dueMs + 900_001)).toMatchObject({ persons: 10, zeroSkipped: true });
    });

    test('by a state from when the rule was told otherwise nobody is zeroed, nor left out', () => {
      const kept = { persons: 10, zeroSkipped: false, fix: undefined };
      expect(woken(plain, began(zeroing), dueMs)).toMatchObject(kept);
      expect(woken(zeroing, began(plain), dueMs + 1000)).toMatchObject(kept);
    });
  });

  test('what a person counted is kept until then', () => {
    const s = scene(one, config).at(0).sample('gate', gate(100, 90));
    counted(s, 'gate', 20).at(ZERO_AT - 0.001);
    expect(text(s)).toContain('"persons":20');
    expect(text(s.at(ZERO_AT))).toContain('"persons":0');
  });
});

test('limits and shares must rise: equal ones do not', () => {
  const ok = (config: Record<string, unknown>) =>
    ruleSchema.safeParse({ id: 'd', kind: 'crowd-density', ...config }).success;
  expect(ok({ limits: { standing: { yellow: 3, orange: 4, red: 4 } } })).toBe(false);
  expect(ok({ limits: { standing: { yellow: 4, orange: 4 } } })).toBe(false);
  expect(ok({ capacityFractions: { yellow: 1, orange: 1 } })).toBe(false);
  expect(ok({ exitFlow: { yellow: 1, orange: 1 } })).toBe(false);
  expect(ok({ exitFlow: { yellow: 0.99 } })).toBe(true);
});
