import { describe, expect, test } from 'vitest';
import { areaOf } from '../../../rules/geo/area.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { conditionsOf, device, rule, type Stage, sampleOf, stage, venueOf, zone } from '../stage.ts';

const venue = {
  ...venueOf(
    [device('b1', { reports: undefined }), device('b2', { reports: { everySeconds: 30 } })],
    [zone('hall'), zone('stage', { within: 'hall' }), zone('yard')],
  ),
};
/** 100 m square around 31.2, 121.5; metres east and north of its centre. */
const at = (east: number, north: number, accuracyMeters?: number) => ({
  latitudeDegrees: 31.2 + north / 111_320,
  longitudeDegrees: 121.5 + east / (111_320 * Math.cos((31.2 * Math.PI) / 180)),
  ...(accuracyMeters === undefined ? {} : { accuracyMeters }),
});
const corner = (east: number, north: number) => [at(east, north).latitudeDegrees, at(east, north).longitudeDegrees];
const polygon = [corner(-50, -50), corner(50, -50), corner(50, 50), corner(-50, 50)];
const FENCE = { id: 'fence', kind: 'geofence', polygon, for: { devices: ['b1'] } };
const scene = (config: Record<string, unknown> = {}, options: Partial<Parameters<typeof stage>[0]> = {}) =>
  stage({ venue, rules: [rule({ ...FENCE, ...config }, venue)], ...options });
const inside = at(0, 0, 5);
const outside = at(90, 0, 5);
const phase = (s: Stage) => conditionsOf(s.verdicts).at(-1)?.condition.phase;
const goes = (s: Stage, id: string, to: string) => s.occur(id, 'presence', { attributes: { zone: to } });

describe('geofence by position', () => {
  test('outside for 30 s, not a millisecond less', () => {
    const s = scene().at(0).sample('b1', inside).at(10).sample('b1', outside).at(39.999);
    expect(s.story()).toEqual([]);
    expect(phase(s)).toBe('pending');
    expect(s.at(40).story()).toEqual([[40, 'raised', 'b1', 'yellow']]);
    expect(s.open()[0]).toMatchObject({ value: 40, unit: 'm', reason: { code: 'fence-outside' } });
  });

  test('back within the hold is nothing', () => {
    const s = scene().at(0).sample('b1', inside).at(10).sample('b1', outside).at(35).sample('b1', inside).at(36);
    expect(s.sample('b1', outside).at(65.9).story()).toEqual([]);
    expect(s.at(66).story()).toHaveLength(1);
  });

  test('clears once they have been back for as long, by more than the margin', () => {
    const s = scene()
      .at(0)
      .sample('b1', outside)
      .at(30)
      .sample('b1', at(42, 0, 5))
      .at(100);
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
    s.sample('b1', at(34, 0, 5)).at(129.999);
    expect(s.open()).toMatchObject([{ reason: { code: 'fence-returning' } }]);
    expect(s.at(130).open()).toEqual([]);
  });

  test('where the circle of accuracy is on both sides nothing is known: never inside, never outside', () => {
    const first = scene()
      .at(0)
      .sample('b1', at(0, 0, 60))
      .at(100);
    expect(first.verdicts).toEqual([]);
    const s = scene()
      .at(0)
      .sample('b1', inside)
      .at(10)
      .sample('b1', at(90, 0, 45))
      .at(1000);
    expect(s.story()).toEqual([]);
    expect(conditionsOf(s.verdicts).at(-1)?.condition).toMatchObject({
      phase: 'unknown',
      reason: { code: 'position-unclear' },
    });
    expect(
      scene()
        .at(0)
        .sample('b1', at(90, 0, 39))
        .at(30)
        .story(),
    ).toHaveLength(1);
  });

  test('a position without accuracy has the one assumed', () => {
    expect(scene().at(0).sample('b1', at(59, 0)).at(100).story()).toEqual([]);
    expect(scene().at(0).sample('b1', at(61, 0)).at(100).story()).toHaveLength(1);
    expect(scene({ assumedAccuracyMeters: 5 }).at(0).sample('b1', at(59, 0)).at(100).story()).toHaveLength(1);
  });

  test('while nothing is known the time stands still, and no alarm clears', () => {
    const s = scene()
      .at(0)
      .sample('b1', outside)
      .at(20)
      .sample('b1', at(60, 0, 50))
      .at(500)
      .sample('b1', outside);
    expect(s.at(509.999).story()).toEqual([]);
    expect(s.at(510).story()).toHaveLength(1);
    s.at(600)
      .sample('b1', inside)
      .at(620)
      .sample('b1', at(45, 0, 50))
      .at(5000);
    expect(s.open()).toMatchObject([{ condition: 'unknown' }]);
    s.sample('b1', inside).at(5009.999);
    expect(s.open()).toHaveLength(1);
    expect(s.at(5010).open()).toEqual([]);
  });

  test('entered what is forbidden', () => {
    const s = scene({ alarm: 'inside', holdSeconds: 0, clearSeconds: 0 }).at(0).sample('b1', outside);
    expect(phase(s)).toBe('normal');
    expect(
      s
        .at(1)
        .sample('b1', at(30, 0, 5))
        .open(),
    ).toMatchObject([{ reason: { code: 'fence-inside' }, value: 20 }]);
    s.at(2).sample('b1', at(60, 0, 5));
    expect(s.open()).toHaveLength(1);
    expect(
      s
        .at(3)
        .sample('b1', at(70, 0, 5))
        .open(),
    ).toEqual([]);
  });

  test('off duty nobody has to be anywhere; back on duty it counts from then', () => {
    const s = scene()
      .at(0)
      .sample('b1', outside)
      .at(20)
      .sample('b1', { onDuty: 0 })
      .at(500)
      .sample('b1', outside)
      .at(600);
    expect(s.story()).toEqual([]);
    expect(phase(s)).toBe('normal');
    s.sample('b1', { onDuty: 1 }).at(629.999);
    expect(s.story()).toEqual([]);
    expect(s.at(630).story()).toHaveLength(1);
    expect(s.at(700).sample('b1', { onDuty: 0 }).open()).toEqual([]);
  });

  test('an active one is told again when it has moved a good way', () => {
    const s = scene()
      .at(0)
      .sample('b1', outside)
      .at(31)
      .sample('b1', at(100, 0, 5));
    expect(s.events).toHaveLength(1);
    expect(
      s
        .at(32)
        .sample('b1', at(130, 0, 5))
        .events.at(-1),
    ).toMatchObject({ type: 'changed', alarm: { value: 80 } });
  });

  test('the same position again is the same state; a historical one is none', () => {
    const s = scene().at(0).sample('b1', inside);
    const before = s.save().subjects;
    s.at(5).sample('b1', inside).sample('b1', { batteryPercent: 3 });
    expect(s.save().subjects).toEqual(before);
    s.put({ ...sampleOf('b1', s.nowMs - 600_000, outside), historical: true }).at(1000);
    expect(s.story()).toEqual([]);
  });

  test('the very same object comes back when nothing changed', () => {
    const fence = rule(FENCE, venue);
    const b1 = device('b1');
    const subject = { id: 'b1', device: b1, channel: '' };
    const first = fence.step(fence.start(), sampleOf('b1', 1000, inside), subject);
    expect(fence.step(first.state, sampleOf('b1', 2000, inside), subject)).toEqual({ state: first.state });
    expect(fence.step(first.state, sampleOf('b1', 2000, inside), subject).state).toBe(first.state);
    expect(fence.step(first.state, sampleOf('b1', 2000, outside), subject).state).not.toBe(first.state);
    expect(fence.step(first.state, sampleOf('b1', 2000, { onDuty: 1 }), subject).state).toBe(first.state);
  });

  test('silence: unknown, the time stands still, nothing clears', () => {
    const only = { for: { devices: ['b2'] } };
    const s = scene(only)
      .at(0)
      .sample('b2', inside)
      .at(30)
      .sample('b2', { batteryPercent: 9 })
      .at(60)
      .sample('b2', outside);
    s.at(85).sample('b2', outside).at(1000);
    // Raised at 90: the last position holds until the badge is silent, 90 s after its last report.
    expect(s.story().map(([when, type]) => [when, type])).toEqual([
      [90, 'raised'],
      [175, 'unknown'],
    ]);
    s.sample('b2', inside).at(1029.999).sample('b2', inside);
    expect(s.open()).toHaveLength(1);
    expect(s.at(1030).open()).toEqual([]);
  });

  test('a clock that jumps raises and clears nothing by itself', () => {
    const s = scene().at(1000).sample('b1', outside);
    s.put(sampleOf('b1', s.nowMs - 500_000, outside))
      .put(sampleOf('b1', s.nowMs, outside))
      .at(1029.999);
    expect(s.story()).toEqual([]);
    expect(s.at(1030).story()).toHaveLength(1);
  });

  test.each([
    [5, 'kept'],
    [20, 'pending'],
    [50, 'active'],
    [80, 'returning'],
  ])('a restart at second %i, while %s', (until) => {
    const play = (s: Stage, from: number, to: number) => {
      const moments = [
        [0, inside],
        [10, outside],
        [70, inside],
      ] as const;
      for (const [when, place] of moments) if (when >= from && when < to) s.at(when).sample('b1', place);
      return s.at(to);
    };
    const first = play(scene(), 0, until);
    const second = play(scene({}, { startSeconds: until, snapshot: first.save(), alarms: first.open() }), until, 120);
    expect(
      [...first.story(), ...second.story()]
        .map(([when, type]) => [when, type])
        .filter(([, type]) => type !== 'changed'),
    ).toEqual([
      [40, 'raised'],
      [100, 'cleared'],
      [100, 'closed'],
    ]);
  });
});

describe('geofence by the receivers that hear the badge', () => {
  const zones = { polygon: undefined, zones: ['hall'] };
  test('in the zone or one that is part of it is inside', () => {
    const s = scene(zones).at(0).sample('b1', {});
    goes(s, 'b1', 'stage').at(100);
    expect(phase(s)).toBe('normal');
    goes(s, 'b1', 'yard').at(129.999);
    expect(s.story()).toEqual([]);
    expect(s.at(130).story()).toHaveLength(1);
    expect(s.open()[0]).not.toHaveProperty('value');
    goes(s, 'b1', 'hall');
    expect(s.at(160).open()).toEqual([]);
  });

  test('a position too inaccurate to tell leaves it as the receivers have it; a clear one does not', () => {
    const both = { zones: ['hall'] };
    const s = goes(scene(both).at(0).sample('b1', {}), 'b1', 'stage');
    s.at(10)
      .sample('b1', at(60, 0, 80))
      .at(100);
    expect(phase(s)).toBe('normal');
    expect(s.sample('b1', outside).at(130).story()).toHaveLength(1);
  });

  test('a badge that is silent is nowhere; where it was heard meanwhile counts once it reports', () => {
    const s = goes(
      scene({ ...zones, for: { devices: ['b2'] } })
        .at(0)
        .sample('b2', {}),
      'b2',
      'hall',
    ).at(200);
    expect(phase(s)).toBe('unknown');
    goes(s, 'b2', 'yard').at(400);
    expect(s.story()).toEqual([]);
    s.sample('b2', {}).at(429.999).sample('b2', {});
    expect(s.story()).toEqual([]);
    expect(s.at(430).story()).toHaveLength(1);
  });

  test('… also where the gateway was started anew in between', () => {
    const config = { ...zones, for: { devices: ['b2'] } };
    const first = goes(scene(config).at(0).sample('b2', {}), 'b2', 'hall').at(200);
    goes(first, 'b2', 'yard').at(300);
    const s = scene(config, { startSeconds: 310, snapshot: first.save() }).at(400).sample('b2', {});
    expect(s.at(430).story()).toHaveLength(1);
  });
});

test('an area has to be given', () => {
  const ok = (config: Record<string, unknown>) =>
    ruleSchema.safeParse({ id: 'f', kind: 'geofence', ...config }).success;
  expect(ok({})).toBe(false);
  expect(ok({ zones: ['hall'] })).toBe(true);
  expect(ok({ polygon: polygon.slice(0, 2) })).toBe(false);
  expect(ok({ polygon })).toBe(true);
});

describe('geofence at its edges', () => {
  const depthOf = (east: number): number => {
    const place = at(east, 0);
    const area = areaOf({ zones: [], polygon: polygon.map(([lat = 0, lon = 0]) => [lat, lon] as const) }, venue);
    return area.depth([place.latitudeDegrees, place.longitudeDegrees]) ?? 0;
  };

  test('a circle of accuracy that just touches the outline lies on neither side', () => {
    const [far, deep] = [-depthOf(90), depthOf(20)];
    const first = (east: number, accuracy: number) =>
      phase(
        scene()
          .at(0)
          .sample('b1', at(east, 0, accuracy)),
      );
    expect([first(90, far), first(90, far - 0.001)]).toEqual([undefined, 'pending']);
    expect([first(20, deep), first(20, deep - 0.001)]).toEqual([undefined, 'normal']);
  });

  test('back is who is beyond the margin by more than the accuracy', () => {
    const deep = depthOf(20);
    const back = (accuracy: number) =>
      phaseSide(
        scene()
          .at(0)
          .sample('b1', outside)
          .at(30)
          .sample('b1', at(20, 0, accuracy)),
      );
    expect(back(deep - 10)).toBe('fence-outside');
    expect(back(deep - 10.001)).toBe('fence-returning');
  });

  const phaseSide = (s: Stage) => conditionsOf(s.verdicts).at(-1)?.condition.reason.code;

  test('is told again every 25 m, not for less', () => {
    const s = scene().at(0).sample('b1', outside).at(30);
    const told = () => conditionsOf(s.verdicts).at(-1)?.condition.value;
    expect(told()).toBe(40);
    s.sample('b1', at(114, 0, 5));
    expect(told()).toBe(40);
    s.sample('b1', at(115, 0, 5));
    expect(told()).toBe(65);
    expect(s.open()[0]?.reason.en).toBe('outside fence, about 65 m from its edge');
  });

  test('half a position is none', () => {
    const { latitudeDegrees, longitudeDegrees } = outside;
    const s = scene().at(0).sample('b1', { latitudeDegrees }).sample('b1', { longitudeDegrees });
    expect(s.at(100).verdicts).toEqual([]);
  });

  test('says which zones, or which rule', () => {
    const zones = { polygon: undefined, zones: ['hall', 'yard'] };
    const s = goes(scene(zones).at(0).sample('b1', {}), 'b1', 'hall');
    expect(conditionsOf(s.verdicts).at(-1)?.condition.reason.params).toEqual({ area: 'hall, yard' });
    expect(conditionsOf(scene().at(0).sample('b1', inside).verdicts).at(-1)?.condition.reason.params).toEqual({
      area: 'fence',
    });
  });

  test('where a receiver has heard them elsewhere, how far off they were before is not said', () => {
    const both = { zones: ['hall'] };
    const s = goes(scene(both).at(0).sample('b1', outside).at(10), 'b1', 'yard').at(30);
    expect(s.open()).toHaveLength(1);
    expect(s.open()[0]).not.toHaveProperty('value');
    expect(s.open()[0]?.reason.en).toBe('outside hall');
  });
});
