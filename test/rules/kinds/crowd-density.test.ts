import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { FEEDS_MAX, startCounts, takeCounts } from '../../../rules/crowd/occupancy.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { reasonText } from '../../../rules/texts/reasons.ts';
import { conditionsOf, device, rule, sampleOf, stage, venueOf, zone } from '../stage.ts';

const counter = (id: string, extra: Parameters<typeof device>[1]) =>
  device(id, { role: undefined, profile: 'people-counter', reports: undefined, ...extra });

const GATE_A = counter('gate-a', { zone: 'hall', fromZone: 'foyer' });
const ZONES = [zone('hall'), zone('foyer', { use: 'moving' })];
const one = venueOf([GATE_A], ZONES);
const two = venueOf([GATE_A, counter('gate-b', { zone: 'hall', reports: { everySeconds: 10 } })], ZONES);
const HALL = { zones: ['hall'] };
const RULE = { id: 'density', kind: 'crowd-density' };

const scene = (config: Record<string, unknown> = {}, venue = one) =>
  stage({ venue, rules: [rule({ ...RULE, ...config }, venue)] });
type Scene = ReturnType<typeof scene>;

const brief = (s: Scene) =>
  s
    .story()
    .filter(([, type]) => type !== 'changed')
    .map(([at, type, subject, severity]) => [at, type, subject, severity]);
const last = (s: Scene, subject = 'hall') =>
  conditionsOf(s.verdicts).findLast((verdict) => verdict.subject === subject)?.condition;
const gate = (entriesTotal: number, exitsTotal = 0): Metrics => ({ entriesTotal, exitsTotal });
const camera = (occupancyPersons: number): Metrics => ({ occupancyPersons });

describe('crowd density', () => {
  test('a standing hall fills: 3, 4 and 4.7 persons/m², each after its hold', () => {
    const s = scene();
    const counts: [number, number][] = [
      [0, 299],
      [10, 300],
      [30, 399],
      [40, 400],
      [60, 470],
    ];
    for (const [at, entries] of counts) s.at(at).sample('gate-a', gate(entries));
    expect(brief(s.at(100))).toEqual([
      [20, 'raised', 'hall', 'yellow'],
      [50, 'escalated', 'hall', 'orange'],
      [70, 'escalated', 'hall', 'red'],
    ]);
    expect(s.open()[0]).toMatchObject({ zone: 'hall', value: 4.7, unit: 'persons/m²', limit: 4.7 });
    expect(s.open()[0]?.reason).toMatchObject({
      code: 'density-over',
      zh: '密度 4.7 人/㎡，超过限值 4.7（约 470±9 人）',
      en: '4.7 persons/m², above the limit of 4.7 (about 470±9 persons)',
    });
  });

  test('a moving zone has lower limits', () => {
    const venue = venueOf([counter('g', { zone: 'foyer' })], ZONES);
    expect(brief(scene({}, venue).at(0).sample('g', gate(400)).at(20))).toEqual([[10, 'raised', 'foyer', 'red']]);
  });

  test('limits can be set, never above 5 persons/m², and must rise', () => {
    const s = scene({ limits: { standing: { yellow: 1 } } })
      .at(0)
      .sample('gate-a', gate(100))
      .at(20);
    expect(brief(s)).toEqual([[10, 'raised', 'hall', 'yellow']]);
    const refused = (limits: unknown): boolean => !ruleSchema.safeParse({ ...RULE, limits }).success;
    expect(refused({ standing: { red: 5.1 } })).toBe(true);
    expect(refused({ standing: { yellow: 4 } })).toBe(true);
    expect(refused({ standing: { red: 5 } })).toBe(false);
    expect(refused({ sitting: {} })).toBe(true);
  });

  test('a level is left 0.2 below its limit, after 30 s', () => {
    const s = scene().at(0).sample('gate-a', gate(300)).at(20).sample('gate-a', gate(300, 20)).at(100);
    expect(brief(s)).toHaveLength(1);
    s.sample('gate-a', gate(300, 21)).at(200);
    expect(brief(s).slice(1)).toEqual([
      [130, 'cleared', 'hall', 'yellow'],
      [130, 'closed', 'hall', 'yellow'],
    ]);
  });

  test('gates add up, by device and channel, and what comes into one zone leaves the other', () => {
    const s = scene({}, two).at(0).sample('gate-b', gate(500)).sample('gate-a', gate(60, 10), 'line1');
    s.sample('gate-a', gate(30, 80), 'line2');
    expect(last(s.at(20))).toMatchObject({ phase: 'active', severity: 'red', value: 5 });
    const foyer = scene({}, venueOf([GATE_A, counter('street', { zone: 'foyer' })], ZONES)).at(0);
    foyer.sample('street', gate(250)).sample('gate-a', gate(100, 40)).sample('gate-a', gate(101, 40));
    expect(last(foyer, 'foyer')).toMatchObject({ phase: 'normal', value: 1.9, reason: { params: { persons: 190 } } });
  });

  test('the order of the first totals does not matter: nobody is invented by a clamp', () => {
    const venue = venueOf([GATE_A, counter('street', { zone: 'foyer' })], ZONES);
    const s = scene({}, venue).at(0).sample('gate-a', gate(100)).sample('street', gate(150));
    expect(last(s, 'foyer')?.reason.params).toMatchObject({ persons: 50 });
    expect(last(s, 'foyer')?.reason.params).not.toHaveProperty('driftPersons');
  });

  test('since-zero counts a first total, lifetime starts from it', () => {
    expect(last(scene().at(0).sample('gate-a', gate(300)))?.reason.params.persons).toBe(300);
    const s = scene({ counters: 'lifetime', initialPersons: { hall: 40 } })
      .at(0)
      .sample('gate-a', gate(90_000, 80_000));
    s.at(1).sample('gate-a', gate(90_300, 80_010)).at(20);
    expect(brief(s)).toEqual([[11, 'raised', 'hall', 'yellow']]);
    expect(s.open()[0]?.reason.zh).toContain('330±6 人');
  });

  test('a total that goes down is a reset: what it counted since comes on top, and is said', () => {
    const s = scene().at(0).sample('gate-a', gate(290)).at(5).sample('gate-a', gate(15)).at(20);
    expect(last(s)?.reason.params).toMatchObject({ persons: 305, resets: 1 });
  });

  test('a late message with an older stamp of its own is no reset', () => {
    const stamped = (atMs: number, entries: number) => ({
      ...sampleOf('gate-a', 0, gate(entries)),
      timeFrom: 'device' as const,
      timeMs: atMs,
    });
    const bearing = { sign: 1, watches: true, sinceZero: true, sigma: 0 } as const;
    const first = takeCounts(startCounts(0), stamped(100_000, 1000), bearing);
    expect(takeCounts(first, stamped(98_000, 998), bearing)).toBe(first);
    // A clock that jumped back by more than a minute must not silence the counter.
    expect(takeCounts(first, stamped(30_000, 5), bearing)).toMatchObject({ estimate: { persons: 1005 }, resets: 1 });
    expect(takeCounts(first, stamped(101_000, 5), bearing)).toMatchObject({ estimate: { persons: 1005 }, resets: 1 });
  });

  test('more exits than entries: nobody is fewer than nobody, and the drift is said', () => {
    const s = scene().at(0).sample('gate-a', gate(72, 200)).at(1).sample('gate-a', gate(372, 200)).at(20);
    expect(last(s)?.reason.params).toMatchObject({ persons: 300, driftPersons: 128 });
    expect(s.open()[0]?.reason.en).toContain('counters missed 128');
  });

  test('an implausible jump counts, with a word of warning', () => {
    const s = scene().at(0).sample('gate-a', gate(10)).at(1).sample('gate-a', gate(10_011)).at(20);
    expect(brief(s)).toEqual([[11, 'raised', 'hall', 'red']]);
    expect(s.open()[0]?.reason.zh).toContain('单次上报增加 10001 人，请核实');
  });

  test('regions of a counter are parts of what it counts in all; the higher of the two counts', () => {
    const venue = venueOf(
      [counter('tof', { zone: 'hall' }), counter('cam', { profile: 'camera', zone: 'hall' })],
      ZONES,
    );
    const s = scene({}, venue).at(0).sample('cam', camera(10));
    s.sample('tof', camera(200), 'region1').sample('tof', camera(100), 'region2');
    expect(last(s.at(20))?.reason.params).toMatchObject({ persons: 310 });
    s.sample('tof', camera(340));
    expect(last(s)?.reason.params).toMatchObject({ persons: 350 });
    s.sample('tof', camera(305), 'region1');
    expect(last(s)?.reason.params).toMatchObject({ persons: 415 });
  });

  test('capacity: yellow from 90 %, orange at 100 %, in persons', () => {
    const venue = venueOf([GATE_A], [zone('hall', { capacity: 200, areaM2: 1000 })]);
    const s = scene({}, venue).at(0).sample('gate-a', gate(180)).at(20).sample('gate-a', gate(200)).at(40);
    expect(brief(s)).toEqual([
      [10, 'raised', 'hall', 'yellow'],
      [30, 'escalated', 'hall', 'orange'],
    ]);
    expect(s.open()[0]).toMatchObject({ value: 200, unit: 'persons', limit: 200 });
    expect(s.open()[0]?.reason).toMatchObject({ zh: '约 200±4 人，核定 200 人，已达 200 人' });
    const noArea = venueOf([GATE_A], [zone('hall', { capacity: 200, areaM2: undefined })]);
    expect(rule(RULE, noArea).subjects(GATE_A, '')).toEqual([]);
    const named = scene({ zones: ['hall'] }, noArea)
      .at(0)
      .sample('gate-a', gate(200))
      .at(20);
    expect(brief(named)).toEqual([[10, 'raised', 'hall', 'orange']]);
  });

  test('which zones and devices: not badges, not other profiles when selected, gates of inner zones for the outer one too', () => {
    const all = rule(RULE, one);
    expect(all.subjects(GATE_A, '')).toEqual(['hall', 'foyer']);
    expect(all.subjects(device('badge', { zone: 'hall' }), '')).toEqual([]);
    expect(rule({ ...RULE, zones: ['foyer'] }, one).subjects(GATE_A, '')).toEqual(['foyer']);
    expect(rule({ ...RULE, for: { profiles: ['camera'] } }, one).subjects(GATE_A, '')).toEqual([]);
    expect(
      rule(RULE, venueOf([GATE_A], [zone('hall', { within: 'site' }), zone('site')])).subjects(GATE_A, ''),
    ).toEqual(['hall', 'site']);
  });
});

describe('crowd density without all data', () => {
  test('unknown until every gate has reported; a gate that never does is named', () => {
    const s = scene({}, two).at(0).sample('gate-a', gate(10)).at(29);
    expect(conditionsOf(s.verdicts).filter(({ subject }) => subject === 'hall')).toEqual([]);
    s.at(31);
    expect(last(s)).toMatchObject({
      phase: 'unknown',
      reason: { code: 'density-unknown', params: { lacking: 'gate-b' } },
    });
    s.sample('gate-b', gate(20));
    expect(last(s)).toMatchObject({ phase: 'normal', reason: { params: { persons: 30 } } });
  });

  test('a silent gate: unknown, and levels that the others show are raised all the same', () => {
    const s = scene({}, two).at(0).sample('gate-a', gate(10)).sample('gate-b', gate(20)).at(31);
    expect(last(s)).toMatchObject({ phase: 'unknown', reason: { params: { lacking: 'gate-b', persons: 30 } } });
    expect(brief(s.at(40).sample('gate-a', gate(380)).at(60))).toEqual([[50, 'raised', 'hall', 'orange']]);
    expect(s.open()[0]?.reason.zh).toBe('密度 4 人/㎡，超过限值 4（约 400±8 人）；gate-b 无数据，计数不完整');
  });

  test('an alarm stands when a gate falls silent, is never left while it is, and ends normally after', () => {
    const s = scene(HALL, two).at(0).sample('gate-a', gate(380)).sample('gate-b', gate(20)).at(31);
    expect(last(s)).toMatchObject({ phase: 'active', severity: 'orange', reason: { params: { lacking: 'gate-b' } } });
    s.at(40).sample('gate-a', gate(380, 300)).at(500);
    expect(brief(s)).toEqual([[10, 'raised', 'hall', 'orange']]);
    s.sample('gate-b', gate(25)).at(509).sample('gate-b', gate(25)).at(519).sample('gate-b', gate(25)).at(531);
    expect(brief(s).slice(1)).toEqual([
      [530, 'cleared', 'hall', 'orange'],
      [530, 'closed', 'hall', 'orange'],
    ]);
  });

  test('silence stops an off-delay that runs, and does not stop an on-delay', () => {
    const s = scene({ ...HALL, clearSeconds: 60 }, two)
      .at(0)
      .sample('gate-a', gate(400))
      .sample('gate-b', gate(0));
    s.at(12).sample('gate-a', gate(400, 400)).at(500);
    expect(brief(s)).toEqual([[10, 'raised', 'hall', 'orange']]);
    const rising = scene({ holdSeconds: 60 }, two).at(0).sample('gate-a', gate(400)).sample('gate-b', gate(0)).at(100);
    expect(brief(rising)).toEqual([[60, 'raised', 'hall', 'orange']]);
  });

  test('people who come through a gate that is dead from the start do not make the zone empty', () => {
    const s = scene({}, two).at(0).sample('gate-a', gate(0, 50)).at(31).sample('gate-a', gate(320, 50)).at(60);
    expect(last(s)?.reason.params).toMatchObject({ persons: 320, driftPersons: 50 });
  });

  test('a gate that comes back with the same total is heard all the same', () => {
    const s = scene({}, two).at(0).sample('gate-a', gate(10)).sample('gate-b', gate(20)).at(31);
    expect(last(s)?.phase).toBe('unknown');
    s.sample('gate-b', { temperatureCelsius: 20 });
    expect(last(s)?.phase).toBe('unknown');
    expect(last(s.sample('gate-b', gate(20)))?.phase).toBe('normal');
  });

  test('what is known so far is never less than nobody', () => {
    const slow = counter('gate-c', { zone: 'hall', reports: { everySeconds: 600 } });
    const s = scene({}, venueOf([...two.devices.values(), slow], ZONES))
      .at(0)
      .sample('gate-a', gate(0, 50))
      .at(31);
    expect(last(s)).toMatchObject({ phase: 'unknown', value: 0, reason: { params: { persons: 0, from: 'counters' } } });
  });

  test('a thermometer of the zone neither counts nor matters', () => {
    const venue = venueOf(
      [GATE_A, device('t', { role: undefined, profile: 'climate', zone: 'hall', reports: { everySeconds: 10 } })],
      ZONES,
    );
    const s = scene({}, venue).at(0).sample('gate-a', gate(10)).sample('t', { temperatureCelsius: 20 }).at(100);
    expect(conditionsOf(s.verdicts).map(({ condition }) => condition.phase)).toEqual(['normal', 'normal']);
  });

  test('a camera without a count is a gap only where there are no gates', () => {
    const cam = counter('cam', { profile: 'camera', zone: 'hall', reports: { everySeconds: 10 } });
    const s = scene({}, venueOf([GATE_A, cam], ZONES))
      .at(0)
      .sample('gate-a', gate(10))
      .at(60);
    expect(last(s)?.phase).toBe('normal');
    const alone = scene({}, venueOf([cam], ZONES)).at(60);
    expect(last(alone)).toMatchObject({ phase: 'unknown', reason: { params: { lacking: 'cam' } } });
  });

  test('more channels than a zone may have: bounded, unknown, said', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const s = scene(
      {},
      venueOf(
        ids.map((id) => counter(id, { zone: 'hall' })),
        ZONES,
      ),
    ).at(0);
    for (const id of ids) for (let line = 0; line < 60; line += 1) s.sample(id, gate(0), `line${line}`);
    expect(ids.length * 60).toBeGreaterThan(FEEDS_MAX);
    expect(last(s)).toMatchObject({ phase: 'unknown', reason: { params: { overflow: 1 } } });
    expect(JSON.stringify(s.save()).length).toBeLessThan(100_000);
  });
});

describe('crowd density, state', () => {
  test('the same state for anything that says nothing new', () => {
    const density = rule(RULE, one);
    const subject = { id: 'hall', device: GATE_A, channel: '' };
    const { state } = density.step(density.start(), sampleOf('gate-a', 1, gate(10, 2)), subject);
    for (const metrics of [
      gate(10, 2),
      { entriesTotal: 10 },
      {},
      { temperatureCelsius: 9 },
      { entriesTotal: Number.NaN },
    ]) {
      expect(density.step(state, sampleOf('gate-a', 2, metrics), subject)).toEqual({ state });
    }
    expect(density.step(state, { ...sampleOf('gate-a', 3, gate(500)), historical: true }, subject).state).toBe(state);
    expect(density.step(state, sampleOf('stranger', 3, gate(500)), subject).state).toBe(state);
  });

  test('a retained alarm is not rewritten with every person', () => {
    const s = scene().at(0).sample('gate-a', gate(300)).at(20);
    for (let person = 1; person < 10; person += 1) s.at(20 + person).sample('gate-a', gate(300 + person));
    expect(s.events).toHaveLength(1);
    s.at(40).sample('gate-a', gate(310));
    expect(s.events.at(-1)).toMatchObject({ type: 'changed', alarm: { value: 3.1 } });
  });

  test('entries less exits, whatever comes in which order, and through JSON', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('gate-a', 'gate-b'), fc.nat(500), fc.nat(300)), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (reports) => {
        const totals: Record<string, [number, number]> = { 'gate-a': [0, 0], 'gate-b': [0, 0] };
        const bearing = { sign: 1, watches: true, sinceZero: true, sigma: 0.01 } as const;
        let counts = startCounts(1_000_000);
        let expected = 1_000_000;
        for (const [id, came, left] of reports) {
          const total = totals[id] ?? [0, 0];
          total[0] += came;
          total[1] += left;
          expected += came - left;
          const sample = sampleOf(id, 0, gate(total[0], total[1]));
          counts = takeCounts(JSON.parse(JSON.stringify(counts)), sample, bearing);
        }
        expect(counts.estimate.persons).toBe(expected);
        expect(counts).toMatchObject({ resets: 0, driftPersons: 0 });
      }),
    );
  });

  test('saved and restored in mid-story, the story goes on', () => {
    const before = scene().at(0).sample('gate-a', gate(400)).at(4);
    const after = stage({ venue: one, rules: [rule(RULE, one)], startSeconds: 5, snapshot: before.save() }).at(6);
    after.sample('gate-a', gate(401)).at(30);
    expect(brief(after)).toEqual([[10, 'raised', 'hall', 'orange']]);
  });

  test('every sentence is whole', () => {
    const params = { persons: 9, from: 'counters', limit: 3, density: 3.1, capacity: 8, errorPersons: 1, lacking: 'g' };
    for (const code of ['over', 'rising', 'easing'].flatMap((stage) => [`density-${stage}`, `capacity-${stage}`])) {
      const { zh, en } = reasonText({ code, params });
      expect(zh + en).not.toMatch(/undefined|NaN|\{/);
    }
  });
});
