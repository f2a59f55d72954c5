import { describe, expect, test } from 'vitest';
import { again, brief, camera, counted, counter, gate, hall, last, scene, seen, venue } from '../crowd/stage.ts';
import { EPOCH, rule, zone } from '../stage.ts';

const GATE = counter('gate');
const one = venue([GATE]);

describe('crowd density, nested zones', () => {
  const zones = [
    zone('site', { areaM2: 400 }),
    zone('hall', { within: 'site' }),
    zone('foyer', { within: 'site' }),
    zone('bar', { within: 'foyer' }),
  ];
  const devices = [
    counter('street', { zone: 'foyer' }),
    counter('door', { zone: 'hall', fromZone: 'foyer' }),
    counter('bar-door', { zone: 'bar', fromZone: 'foyer' }),
    counter('back', { zone: 'site' }),
  ];
  const persons = (s: ReturnType<typeof scene>, id: string) => last(s, id)?.reason.params.persons;

  test('an outer zone holds those of the inner ones, once: doors between them move nobody in or out', () => {
    const s = scene(venue(devices, zones)).at(0);
    s.sample('bar-door', gate(30, 10))
      .sample('door', gate(100, 40))
      .sample('back', gate(5))
      .sample('street', gate(180));
    expect(rule({ id: 'd', kind: 'crowd-density' }, venue(devices, zones)).subjects(devices[1] ?? GATE, '')).toContain(
      'hall',
    );
    s.sample('street', gate(181)).sample('back', gate(6)).sample('bar-door', gate(31, 11)).at(100);
    expect(['hall', 'bar'].map((id) => persons(s, id))).toEqual([60, 20]);
    expect(last(s, 'foyer')).toMatchObject({ value: 1.2, reason: { params: { persons: 120 } } });
    expect(persons(s, 'site')).toBe(185);
  });

  test('cameras of the inner zones are those of the outer one, whole only where every innermost zone is watched', () => {
    const inner = [zone('site', { areaM2: 400 }), zone('hall', { within: 'site' }), zone('foyer', { within: 'site' })];
    const gates = [counter('back', { zone: 'site' })];
    const both = [...gates, camera('c1', { zone: 'hall' }), camera('c2', { zone: 'foyer' })];
    const s = scene(venue(both, inner), { errorFraction: 0.5 }).at(0).sample('back', gate(1200));
    s.sample('c1', seen(300)).sample('c2', seen(300)).at(20).sample('back', gate(1201));
    expect(Number(s.open()[0] === undefined ? persons(s, 'site') : 0)).toBeLessThan(1200);
    const half = scene(venue(both.slice(0, 2), inner), { errorFraction: 0.5 })
      .at(0)
      .sample('back', gate(1200));
    half.sample('c1', seen(300)).at(20);
    expect(persons(half, 'site')).toBe(1200);
  });

  test('zones within one another in a circle are no endless loop', () => {
    const circle = [zone('hall', { within: 'foyer' }), zone('foyer', { within: 'hall' })];
    const s = scene(venue([GATE], circle))
      .at(0)
      .sample('gate', gate(10));
    expect(persons(s, 'foyer')).toBe(10);
  });
});

describe('crowd density, the hour at which nobody is there', () => {
  // The evening begins at 20:00 in Shanghai: 04:30 is 8.5 h later.
  const ZERO_AT = 8.5 * 3600;
  const config = { zeroAt: '04:30', driftPersonsPerHour: 0 };

  test('the count starts from nobody at that very moment, and every gate’s share of the rest is said', () => {
    const s = scene(one, config)
      .at(0)
      .sample('gate', gate(1000, 960))
      .at(ZERO_AT - 0.001);
    expect(last(s)?.reason.params.persons).toBe(40);
    s.at(ZERO_AT)
      .sample('gate', gate(1150, 961))
      .at(ZERO_AT + 1);
    s.sample('gate', gate(1400, 961)).at(ZERO_AT + 20);
    expect(s.open()[0]?.reason.en).toContain('about 399±8 persons');
  });

  test.each([
    ['an alarm', one, (s: ReturnType<typeof scene>) => s.sample('gate', gate(310))],
    [
      'what a camera sees',
      venue([GATE, camera('cam')]),
      (s: ReturnType<typeof scene>) => s.sample('gate', gate(9)).sample('cam', seen(5)),
    ],
  ])('it never ends %s: it is left out, and that is said', (_, of, before) => {
    const s = before(scene(of, config).at(0)).at(ZERO_AT + 10);
    expect(JSON.stringify(s.save().subjects)).toContain('"skipped":true');
    s.sample('gate', gate(900)).at(ZERO_AT + 30);
    expect(s.open()[0]?.reason.en).toContain('not set to zero');
  });

  test('a silent gate: left out', () => {
    const of = venue([counter('gate', { reports: { everySeconds: 10 } })]);
    const s = scene(of, config)
      .at(0)
      .sample('gate', gate(100, 10))
      .at(ZERO_AT + 1);
    expect(last(s)?.phase).toBe('unknown');
    s.sample('gate', gate(100, 11));
    expect(last(s)?.reason.params).toMatchObject({ persons: 89, zeroSkipped: 1 });
  });

  test('a gateway that was down at that hour zeroes if it is back soon, and not when people may have come', () => {
    const down = () =>
      scene(one, config)
        .at(0)
        .sample('gate', gate(100, 10))
        .at(ZERO_AT - 10);
    const soon = again(one, config, ZERO_AT + 60, down())
      .at(ZERO_AT + 80)
      .sample('gate', gate(410, 10))
      .at(ZERO_AT + 100);
    expect(soon.open()[0]?.reason.en).toContain('about 310±6 persons');
    const late = again(one, config, ZERO_AT + 7200, down())
      .at(ZERO_AT + 7220)
      .sample('gate', gate(410, 10));
    late.at(ZERO_AT + 7240);
    expect(late.open()[0]?.reason.en).toMatch(/about 400±\d+ persons\); not set to zero/);
  });

  test('summer time comes and goes: the same hour on the wall of the venue', () => {
    const madrid = venue([GATE], [hall()], 'Europe/Madrid');
    // 25 October 2026, 03:00 CEST becomes 02:00 CET.
    const saturday = (Date.UTC(2026, 9, 24, 12) - EPOCH) / 1000;
    const s = scene(madrid, config, saturday).sample('gate', gate(50, 10));
    s.at((Date.UTC(2026, 9, 25, 3, 29, 59) - EPOCH) / 1000).sample('gate', gate(60, 10));
    const state = () => JSON.stringify(s.save().subjects);
    expect(state()).not.toContain('schedule');
    expect(state()).toContain(`"dueMs":${Date.UTC(2026, 9, 25, 3, 30)}`);
    s.at((Date.UTC(2026, 9, 25, 3, 30) - EPOCH) / 1000);
    expect(state()).toContain('schedule');
    expect(state()).toContain(`"dueMs":${Date.UTC(2026, 9, 26, 3, 30)}`);
    // 28 March 2027: 02:30 does not exist.
    const gap = scene(madrid, { zeroAt: '02:30' }, (Date.UTC(2027, 2, 27, 12) - EPOCH) / 1000).sample('gate', gate(5));
    expect(JSON.stringify(gap.save().subjects)).toContain(`"dueMs":${Date.UTC(2027, 2, 28, 1, 30)}`);
  });
});

describe('crowd density, flow through exits', () => {
  // 2 m on the level let 164 persons a minute pass.
  const exit = venue([counter('gate', { widthMetres: 2 })], [hall({ areaM2: 10_000 })]);
  const flowing = (perSecond: number, of = exit) => {
    const s = scene(of).at(0).sample('gate', gate(9000, 0));
    for (let at = 10; at <= 120; at += 10) s.at(at).sample('gate', gate(9000, Math.round(at * perSecond)));
    return s;
  };

  test('at 80 % of what the exit lets through yellow, at all of it orange; less is nothing', () => {
    expect(brief(flowing(2.1))).toEqual([]);
    // 2.3 a second are 69 per metre and minute of 82; a rate needs 30 s, and then holds for 10 s.
    expect(brief(flowing(2.3))).toEqual([[40, 'raised', 'yellow']]);
    const full = flowing(2.8);
    expect(brief(full)).toEqual([[40, 'raised', 'orange']]);
    expect(full.open()[0]).toMatchObject({ unit: 'persons/m/min', value: 84, limit: 82 });
    expect(full.open()[0]?.reason.zh).toContain('出口 gate每米每分钟通过 84 人，最大 82，出口拥挤');
  });

  test('steps let fewer pass', () => {
    const steps = venue([counter('gate', { widthMetres: 2, steps: true })], [hall({ areaM2: 10_000 })]);
    expect(brief(flowing(2.3, steps))).toEqual([[40, 'raised', 'orange']]);
  });

  test('dries up by time alone, and is left after the off-delay', () => {
    const s = flowing(2.3).at(121);
    expect(brief(s)).toHaveLength(1);
    expect(brief(s.at(300))).toMatchObject([
      [40, 'raised', 'yellow'],
      [expect.any(Number), 'cleared', 'yellow'],
    ]);
    const [, cleared] = brief(s);
    expect(Number(cleared?.[0])).toBeGreaterThanOrEqual(150);
    expect(Number(cleared?.[0])).toBeLessThanOrEqual(210);
  });
});

describe('crowd density, what is ahead', () => {
  const config = { forecast: {}, errorFraction: 0, driftPersonsPerHour: 0 };
  /** From `from` s on, so many a minute, reported every 10 s. */
  const rising = (perMinute: number, until: number, begin = 0) => {
    const s = scene(one, config).at(0).sample('gate', gate(begin));
    for (let at = 10; at <= until; at += 10) s.at(at).sample('gate', gate(begin + (perMinute * at) / 60));
    return s;
  };

  test('blue when a limit will be reached within ten minutes, said with its range, then yellow when it is', () => {
    // 12 a minute: 180 at 900 s; 300 would come at 1500 s, so it is ten minutes ahead from 900 s on.
    const s = rising(12, 1600);
    expect(brief(s)).toEqual([
      [910, 'raised', 'blue'],
      [1510, 'escalated', 'yellow'],
    ]);
    const blue = s.events[0]?.alarm;
    expect(blue).toMatchObject({ limit: 3, unit: 'persons/m²' });
    expect(blue?.reason).toMatchObject({ code: 'density-ahead' });
    expect(blue?.reason.en).toContain('3 persons/m² in about 10 min if it goes on');
    expect(blue?.reason.zh).toContain('预计约 10 分钟后达到 3 人/㎡');
    expect(blue?.reason.zh).toContain('预计约 10 分钟后达到 3 人/㎡');
  });

  test('says nothing of a slow rise, nor before half of the window has been seen', () => {
    expect(brief(rising(6, 1400))).toEqual([]);
    expect(brief(rising(60, 150))).toEqual([]);
    expect(brief(rising(60, 180))).toEqual([[160, 'raised', 'blue']]);
  });

  test('ends by time alone when nobody comes any more', () => {
    const s = rising(12, 1000).at(1400);
    const [, cleared] = brief(s);
    expect(cleared?.[1]).toBe('cleared');
    expect(Number(cleared?.[0])).toBeLessThanOrEqual(1080);
  });

  test('stands while a gate is silent', () => {
    const of = venue([counter('gate', { reports: { everySeconds: 10 } })]);
    const s = scene(of, config).at(0).sample('gate', gate(0));
    for (let at = 10; at <= 1000; at += 10) s.at(at).sample('gate', gate(at / 5));
    expect(brief(s.at(3000))).toEqual([[910, 'raised', 'blue']]);
  });

  test('is forgotten with a count by a person, and survives a restart', () => {
    const s = rising(12, 1000);
    counted(s, 'gate', 100).at(1200);
    expect(brief(s).at(-1)).toEqual([1030, 'cleared', 'blue']);
    const before = rising(12, 905);
    const after = again(one, config, 906, before).at(907).sample('gate', gate(181)).at(915);
    expect(brief(after)).toEqual([[910, 'raised', 'blue']]);
  });
});
