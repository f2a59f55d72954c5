import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aged,
  BAND_SIGMAS,
  bandOf,
  fixedAt,
  type Observation,
  observe,
  replaced,
} from '../../../rules/crowd/estimate.ts';
import {
  type Bearing,
  type Counts,
  clampCounts,
  fixCounts,
  observeCounts,
  startCounts,
  takeCounts,
} from '../../../rules/crowd/occupancy.ts';
import { sampleOf } from '../stage.ts';

const seen = (persons: number, sigma = 0.1, partial = false): Observation => ({
  of: 'camera',
  persons,
  sigma,
  partial,
});
const bearing = (sigma: number): Bearing => ({ sign: 1, watches: true, sinceZero: true, sigma });
const came = (counts: Counts, gate: string, entriesTotal: number, exitsTotal: number, sigma: number): Counts =>
  takeCounts(counts, sampleOf(gate, 1, { entriesTotal, exitsTotal }), bearing(sigma));

describe('the estimate', () => {
  test('a gate’s error grows with those who pass, whether they are counted one by one or at once', () => {
    const atOnce = came(startCounts(0), 'g', 1000, 400, 0.01);
    let byOne = startCounts(0);
    for (let step = 1; step <= 100; step += 1) byOne = came(byOne, 'g', step * 10, step * 4, 0.01);
    expect(bandOf(atOnce.estimate)).toBeCloseTo(BAND_SIGMAS * 0.01 * 1400, 9);
    expect(bandOf(byOne.estimate)).toBeCloseTo(BAND_SIGMAS * 0.01 * 1400, 9);
  });

  test('errors of several gates are independent: their squares add up', () => {
    const two = came(came(startCounts(0), 'a', 300, 0, 0.01), 'b', 400, 0, 0.01);
    expect(bandOf(two.estimate)).toBeCloseTo(BAND_SIGMAS * 0.01 * 500, 9);
  });

  test('time alone widens the band, with its square root; a clock set back does not', () => {
    const begun = fixedAt(100, 0, 1000);
    expect(bandOf(aged(begun, 1, 1100))).toBeCloseTo(BAND_SIGMAS * 10, 9);
    expect(aged(begun, 1, 900)).toEqual(begun);
    expect(bandOf(aged(fixedAt(100, 0, 0), 1, 1_000_000))).toBe(0);
  });

  test('gates and cameras count by their variances', () => {
    const { estimate, gain } = observe(fixedAt(100, 10, 1), seen(110, 0.1)) ?? {};
    // 10² of the gates against 11² + 1 of the cameras: 100 + 10 * 100 / 222.
    expect(gain).toBeCloseTo(100 / 222, 9);
    expect(estimate?.persons).toBeCloseTo(100 + 1000 / 222, 9);
    expect(estimate?.variance).toBeCloseTo((100 * 122) / 222, 9);
  });

  test('the same camera said again and again makes nothing surer', () => {
    let estimate = observe(fixedAt(100, 10, 1), seen(110, 0.1))?.estimate ?? fixedAt(0, 0, 0);
    const once = estimate.variance;
    for (let time = 0; time < 1000; time += 1) estimate = observe(estimate, seen(110, 0.1))?.estimate ?? estimate;
    expect(estimate.variance).toBeGreaterThan(once * 0.95);
  });

  test('far more seen than possible is believed, far fewer is not', () => {
    const more = observe(fixedAt(100, 2, 1), seen(300, 0.05));
    expect(more).toMatchObject({ disagrees: 'more' });
    expect(more?.estimate.persons).toBeGreaterThan(250);
    expect(bandOf(more?.estimate ?? fixedAt(0, 0, 0))).toBeGreaterThan(20);
    const before = fixedAt(300, 2, 1);
    expect(observe(before, seen(0, 0.05))).toMatchObject({ disagrees: 'fewer', estimate: before, gain: 0 });
  });

  test('a part of the zone can only show that there are more', () => {
    const before = fixedAt(100, 5, 1);
    expect(observe(before, seen(20, 0.05, true))).toBeUndefined();
    expect(observe(before, seen(105, 0.05, true))).toBeUndefined();
    expect(observe(before, seen(150, 0.05, true))?.estimate.persons).toBeGreaterThan(110);
  });

  test('the limits of belief: three standard deviations for the whole, two for a part', () => {
    // A camera without error of its own, but for the rounding: 3 + 1 persons².
    const before = { ...fixedAt(100, 0, 1), variance: 3 };
    const of = (persons: number, partial = false) => observe(before, seen(persons, 0, partial));
    expect(of(106)?.disagrees).toBeNull();
    expect(of(106.01)?.disagrees).toBe('more');
    expect(of(94)).toMatchObject({ disagrees: null, gain: 0.75 });
    expect(of(93.99)).toMatchObject({ disagrees: 'fewer', gain: 0 });
    expect(of(104, true)).toBeUndefined();
    expect(of(104.01, true)?.gain).toBe(0.75);
  });

  test('a count that stood for all shares its error with those who said it, and with nobody else', () => {
    const camera = replaced({ of: 'camera', persons: 100, sigma: 0.125, partial: false }, 5);
    expect(camera).toMatchObject({
      persons: 100,
      variance: 157.25,
      cameraCovariance: 1.5625,
      badgeCovariance: 0,
      atMs: 5,
    });
    const badges = replaced({ of: 'badge', persons: 100, sigma: 0.125, partial: false }, 5);
    expect(badges).toMatchObject({ cameraCovariance: 0, badgeCovariance: 1.5625 });
    // The same cameras again make nothing surer; badges do.
    expect(observe(camera, seen(110, 0.125))?.estimate.variance).toBeGreaterThan(150);
    expect(observe(badges, seen(110, 0.125))?.estimate.variance).toBeLessThan(100);
  });

  test('a count by a person shows which gate counts wrongly, in proportion to those who passed it', () => {
    const two = came(came(startCounts(0), 'a', 900, 0, 0.02), 'b', 100, 0, 0.02);
    const fixed = fixCounts(two, { atMs: 5, by: 'chen', persons: 960 }, 0);
    expect(fixed).toMatchObject({ estimate: { persons: 960, variance: 0 }, fix: { was: 1000, by: 'chen' } });
    const [a = 0, b = 0] = fixed.feeds.map(({ bias }) => bias);
    // 40 too many: nine tenths of the passages, by the square nearly all of the error.
    expect(900 * a + 100 * b).toBeCloseTo(40, 6);
    expect(a / b).toBeCloseTo(9, 6);
    expect(came(fixed, 'a', 1000, 0, 0.02).estimate).toMatchObject({ persons: 1060, variance: (0.02 * 100) ** 2 });
  });

  test('whatever is said, the estimate is a number, nobody is fewer than nobody, and no variance is negative', () => {
    const total = fc.integer({ min: 0, max: 4_294_967_295 });
    const word = fc.oneof(
      fc.record({ do: fc.constant('gate' as const), id: fc.constantFrom('a', 'b'), entries: total, exits: total }),
      fc.record({ do: fc.constant('camera' as const), persons: fc.nat(1_000_000), partial: fc.boolean() }),
      fc.record({ do: fc.constant('badge' as const), persons: fc.nat(100_000) }),
      fc.record({ do: fc.constant('fix' as const), persons: fc.nat(1_000_000) }),
      fc.record({ do: fc.constant('age' as const), nowMs: fc.nat(1e9) }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        let counts = startCounts(0);
        for (const said of words) {
          if (said.do === 'gate') counts = came(counts, said.id, said.entries, said.exits, 0.02);
          else if (said.do === 'camera') counts = observeCounts(counts, seen(said.persons, 0.075, said.partial));
          else if (said.do === 'badge') {
            counts = observeCounts(counts, { of: 'badge', persons: said.persons, sigma: 0.2, partial: false });
          } else if (said.do === 'fix') counts = fixCounts(counts, { atMs: 1, by: '', persons: said.persons }, 3);
          else counts = { ...counts, estimate: aged(counts.estimate, 1e-6, said.nowMs) };
          counts = clampCounts(counts);
          const { persons, variance } = counts.estimate;
          expect(Number.isFinite(persons) && Number.isFinite(variance)).toBe(true);
          expect(persons).toBeGreaterThanOrEqual(0);
          expect(variance).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

/** Seeded: mulberry32, and a normal deviate from it (Box and Muller). */
const noise = (seed: number) => {
  let a = seed >>> 0;
  const next = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, normal: (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()) };
};

/** Of 100 moments of an evening, how many the band held: two gates that miscount, and a camera that sees too few or too many. */
const evening = (seed: number, hasCamera: boolean): number => {
  const { next, normal } = noise(seed);
  const [gateSigma, cameraSigma] = [0.01, 0.075];
  const gates = ['a', 'b'].map((id) => ({
    id,
    into: gateSigma * normal(),
    out: gateSigma * normal(),
    entries: 0,
    exits: 0,
  }));
  const cameraBias = cameraSigma * normal();
  let truth = 0;
  let counts = startCounts(0);
  let held = 0;
  for (let moment = 0; moment < 100; moment += 1) {
    for (const gate of gates) {
      const arriving = Math.floor(next() * (moment < 60 ? 60 : 10));
      const leaving = Math.min(truth, Math.floor(next() * (moment < 60 ? 15 : 50)));
      truth += arriving - leaving;
      gate.entries += arriving * (1 + gate.into);
      gate.exits += leaving * (1 + gate.out);
      counts = came(counts, gate.id, Math.round(gate.entries), Math.round(gate.exits), gateSigma);
    }
    if (hasCamera && moment % 5 === 4) {
      counts = observeCounts(counts, seen(Math.max(0, Math.round(truth * (1 + cameraBias))), cameraSigma));
    }
    counts = clampCounts(counts);
    const error = bandOf(counts.estimate);
    if (Math.abs(counts.estimate.persons - truth) <= Math.max(1, error)) held += 1;
  }
  return held;
};

describe('the band holds the truth as often as it promises', () => {
  test.each([
    ['gates alone', false],
    ['gates and a camera', true],
  ])('%s', (_, hasCamera) => {
    const evenings = 300;
    let held = 0;
    for (let seed = 1; seed <= evenings; seed += 1) held += evening(seed, hasCamera);
    expect(held / (evenings * 100)).toBeGreaterThanOrEqual(0.95);
  });
});
