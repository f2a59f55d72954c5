import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affectedZones, counted, NO_ALARMS } from '../../../rules/incident/alarm-tally.ts';
import type { AlarmChange } from '../../../rules/rule.ts';
import { device, EPOCH, rule, type Stage, stage, venueOf, zone } from '../stage.ts';

const ZONES = ['a', 'b', 'c', 'd', 'e', 'f'];
const climate = { role: undefined, profile: 'climate' } as const;
const venue = venueOf(
  ZONES.flatMap((id) => [
    device(`t-${id}`, { ...climate, zone: id, reports: { everySeconds: 60 } }),
    device(`u-${id}`, { ...climate, zone: id, reports: undefined }),
  ]),
  [zone('hall'), ...ZONES.map((id) => zone(id, id < 'c' ? { within: 'hall' } : {}))],
);
const heat = rule(
  { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { yellow: 30, orange: 40, red: 60 } },
  venue,
);
const incident = (extra: object = {}) => rule({ id: 'class', kind: 'incident-class', ...extra }, venue);
const scene = (extra: object = {}): Stage => stage({ venue, rules: [heat, incident(extra)] });
const warm = (s: Stage, celsius: number, ...ids: string[]): Stage => {
  for (const id of ids) s.sample(id, { temperatureCelsius: celsius });
  return s;
};
const story = (s: Stage) =>
  s
    .story()
    .filter(([, type, subject]) => subject === 'venue' && type !== 'changed')
    .map(([at, type, , severity]) => [at, type, severity]);
const classOf = (s: Stage) => s.open().find(({ subject }) => subject === 'venue');

describe('incident-class', () => {
  test('two zones are orange, three still are, the fourth is red: at that very moment', () => {
    const s = warm(scene().at(1), 45, 'u-a');
    expect(story(s)).toEqual([]);
    warm(s.at(2), 45, 'u-b');
    expect(story(s)).toEqual([[2, 'raised', 'orange']]);
    warm(s.at(3), 45, 'u-c');
    expect(story(s)).toHaveLength(1);
    expect(classOf(s)).toMatchObject({
      value: 3,
      unit: 'zones',
      limit: 2,
      reason: { code: 'incident-zones', zh: '3 个区域受影响（a, b, c），3 个报警' },
    });
    warm(s.at(4), 45, 'u-d');
    expect(story(s).slice(1)).toEqual([[4, 'escalated', 'red']]);
    expect(classOf(s)?.reason.en).toBe('4 zones affected (a, b, c, d), 4 alarms');
  });

  test('more alarms of the same zone are not more zones; five are orange by their number', () => {
    const many = venueOf(
      Array.from({ length: 12 }, (_, index) => device(`x${index}`, { ...climate, zone: 'a', reports: undefined })),
      [zone('a')],
    );
    const s = stage({
      venue: many,
      rules: [
        rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 40 } }, many),
        rule({ id: 'class', kind: 'incident-class' }, many),
      ],
    });
    for (let index = 0; index < 10; index += 1) s.at(index).sample(`x${index}`, { temperatureCelsius: 50 });
    expect(story(s)).toEqual([
      [4, 'raised', 'orange'],
      [9, 'escalated', 'red'],
    ]);
    expect(classOf(s)).toMatchObject({ value: 10, unit: 'alarms', limit: 10 });
  });

  test('milder alarms do not count, and count once they have grown', () => {
    const s = warm(scene().at(1), 35, 'u-a', 'u-b', 'u-c', 'u-d');
    expect(story(s)).toEqual([]);
    warm(s.at(2), 45, 'u-a', 'u-b');
    expect(story(s)).toEqual([[2, 'raised', 'orange']]);
    // And no longer once they are mild again.
    warm(s.at(3), 35, 'u-a').at(100);
    expect(story(s).slice(1)).toEqual([
      [63, 'cleared', 'orange'],
      [63, 'closed', 'orange'],
    ]);
  });

  test('closing: the class falls step by step, each after the off-delay, and is over at last', () => {
    const s = warm(scene().at(0), 45, 'u-a', 'u-b', 'u-c', 'u-d');
    warm(s.at(10), 20, 'u-d').at(69.999);
    expect(classOf(s)?.severity).toBe('red');
    expect(classOf(s.at(70))?.severity).toBe('orange');
    warm(s.at(80), 20, 'u-a', 'u-b', 'u-c').at(139.999);
    expect(classOf(s)?.condition).toBe('active');
    s.at(140);
    expect(classOf(s)).toBeUndefined();
    expect(story(s).slice(-2)).toEqual([
      [140, 'cleared', 'orange'],
      [140, 'closed', 'orange'],
    ]);
  });

  test('an alarm that comes back within the off-delay keeps the class', () => {
    const s = warm(scene().at(0), 45, 'u-a', 'u-b');
    warm(s.at(10), 20, 'u-b');
    warm(s.at(69), 45, 'u-b').at(500);
    expect(story(s)).toEqual([[0, 'raised', 'orange']]);
  });

  test('an alarm whose device falls silent is unknown and still counts', () => {
    const s = warm(scene().at(0), 45, 't-a', 't-b').at(10_000);
    expect(s.open().filter(({ condition }) => condition === 'unknown')).toHaveLength(2);
    expect(story(s)).toEqual([[0, 'raised', 'orange']]);
  });

  test('a latched alarm that has cleared and waits for somebody is no longer an effect', () => {
    const latching = rule(
      { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 40 }, latching: true },
      venue,
    );
    const s = warm(stage({ venue, rules: [latching, incident()] }).at(0), 45, 'u-a', 'u-b');
    warm(s.at(5), 20, 'u-a', 'u-b').at(100);
    expect(s.open().map(({ subject, condition }) => [subject, condition])).toEqual([
      ['u-a', 'cleared'],
      ['u-b', 'cleared'],
    ]);
  });

  test('a zone with an affected zone within it is counted by that one', () => {
    const nested = venueOf(
      ['hall', 'a', 'b'].map((id) => device(id, { ...climate, zone: id, reports: undefined })),
      [zone('hall'), zone('a', { within: 'hall' }), zone('b', { within: 'hall' })],
    );
    const rules = [
      rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 40 } }, nested),
      rule({ id: 'class', kind: 'incident-class' }, nested),
    ];
    const s = warm(stage({ venue: nested, rules }).at(0), 45, 'hall', 'a');
    expect(story(s)).toEqual([]);
    expect(story(warm(s.at(1), 45, 'b'))).toEqual([[1, 'raised', 'orange']]);
  });

  test('its own alarms, those of equipment and those of other classes never count', () => {
    const s = stage({
      venue,
      rules: [
        heat,
        incident({ zones: {}, alarms: { orange: 1, red: 2 } }),
        rule({ id: 'other', kind: 'incident-class', alarms: { orange: 1 }, zones: {} }, venue),
      ],
    });
    warm(s.at(0), 45, 'u-a').at(100);
    expect(s.open().map(({ rule: id, severity }) => [id, severity])).toEqual([
      ['heat', 'orange'],
      ['class', 'orange'],
      ['other', 'orange'],
    ]);
    const fault: AlarmChange = {
      type: 'alarm',
      nowMs: EPOCH,
      id: 'x',
      rule: 'gateway',
      kind: 'gateway-health',
      subject: 'store',
      zone: undefined,
      severity: 'red',
      condition: 'active',
      human: 'unacknowledged',
    };
    expect(
      scene({ alarms: { red: 1 } })
        .at(0)
        .put(fault)
        .story(),
    ).toEqual([]);
    const heard = { ...fault, kind: 'sos' };
    expect(
      scene({ alarms: { red: 1 } })
        .at(0)
        .put(heard)
        .story(),
    ).toHaveLength(1);
    for (const human of ['suppressed', 'out-of-service'] as const) {
      expect(
        scene({ alarms: { red: 1 } })
          .at(0)
          .put({ ...heard, human })
          .story(),
      ).toEqual([]);
    }
    expect(
      scene({ alarms: { red: 1 } })
        .at(0)
        .put({ ...heard, human: 'shelved' })
        .story(),
    ).toHaveLength(1);
  });

  test('with a hold: exactly after it, not one millisecond before; one that breaks it starts again', () => {
    const s = warm(scene({ holdSeconds: 30 }).at(0), 45, 'u-a', 'u-b').at(29.999);
    expect(story(s)).toEqual([]);
    expect(story(s.at(30))).toEqual([[30, 'raised', 'orange']]);
    const broken = warm(scene({ holdSeconds: 30 }).at(0), 45, 'u-a', 'u-b');
    warm(broken.at(20), 20, 'u-a');
    expect(story(warm(broken.at(21), 45, 'u-a').at(60))).toEqual([[51, 'raised', 'orange']]);
  });

  test('restart in every phase: what counted still counts, and durations keep their ends', () => {
    const rules = [heat, incident({ holdSeconds: 30 })];
    const evening = (s: Stage, at: number): Stage => {
      if (at === 0) warm(s, 45, 'u-a', 'u-b', 'u-c');
      if (at === 50) warm(s, 45, 'u-d');
      if (at === 120) warm(s, 20, 'u-d', 'u-c');
      if (at === 200) warm(s, 20, 'u-a', 'u-b');
      return s;
    };
    const play = (restartAt: number) => {
      let s = stage({ venue, rules });
      const told: (readonly [number, string, string, string])[] = [];
      for (let at = 0; at <= 300; at += 5) {
        evening(s.at(at), at);
        if (at !== restartAt) continue;
        told.push(...s.story());
        s = stage({ venue, rules, startSeconds: at, snapshot: s.save(), alarms: s.open() });
      }
      return [...told, ...s.story()].filter(([, , subject]) => subject === 'venue');
    };
    const whole = play(-1);
    expect(whole.map(([at, type, , severity]) => [at, type, severity])).toEqual([
      [30, 'raised', 'orange'],
      [50, 'changed', 'orange'],
      [80, 'escalated', 'red'],
      [120, 'changed', 'red'],
      [120, 'changed', 'red'],
      [180, 'changed', 'orange'],
      [200, 'changed', 'orange'],
      [200, 'changed', 'orange'],
      [260, 'cleared', 'orange'],
      [260, 'closed', 'orange'],
    ]);
    for (const at of [0, 10, 35, 60, 100, 150, 190, 230]) expect(play(at)).toEqual(whole);
  });

  test('time down never clears: what was left of the off-delay is waited for again', () => {
    const rules = [heat, incident()];
    const s = warm(stage({ venue, rules }).at(0), 45, 'u-a', 'u-b');
    warm(s.at(10), 20, 'u-a', 'u-b').at(20);
    const later = stage({ venue, rules, startSeconds: 1000, snapshot: s.save(), alarms: s.open() }).at(1049.999);
    expect(later.story()).toEqual([]);
    expect(story(later.at(1050)).map(([at, type]) => [at, type])).toEqual([
      [1050, 'cleared'],
      [1050, 'closed'],
    ]);
  });

  test('refuses numbers that fall', () => {
    expect(() => incident({ zones: { orange: 4, red: 2 } })).toThrow('the numbers must rise');
    expect(() => incident({ alarms: { yellow: 4, orange: 4 } })).toThrow('the numbers must rise');
  });
});

test('the tally is what is open, whatever order things come in and however often', () => {
  const change = fc.record({
    id: fc.constantFrom('r.x.1', 'r.y.1', 's.x.2', 'constructor', '__proto__', 'toString'),
    zone: fc.constantFrom('a', 'b', 'hall', undefined, 'constructor'),
    counts: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const open = new Map<string, string>();
      let tally = NO_ALARMS;
      for (const { id, zone: at, counts } of changes) {
        const input: AlarmChange = {
          type: 'alarm',
          nowMs: 0,
          id,
          rule: 'r',
          kind: 'sos',
          subject: 'x',
          zone: at,
          severity: 'red',
          condition: 'active',
          human: 'acknowledged',
        };
        tally = counted(tally, input, counts);
        if (counts) open.set(id, at ?? '');
        else open.delete(id);
        expect(counted(tally, input, counts)).toBe(tally);
      }
      expect(tally.alarms).toBe(open.size);
      const zones = new Set([...open.values()].filter((each) => each !== ''));
      expect(new Set(Object.keys(tally.zones))).toEqual(zones);
      if (zones.has('a') || zones.has('b')) zones.delete('hall');
      expect(affectedZones(tally, venue)).toEqual([...zones].sort());
      expect(JSON.parse(JSON.stringify(tally))).toEqual(tally);
    }),
  );
});
