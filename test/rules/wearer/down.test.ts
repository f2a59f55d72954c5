import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { type DownLimits, fallenAt, isImpact, type Lying, lying, shaken } from '../../../rules/wearer/down.ts';

const LIMITS: DownLimits = {
  movementG: 0.5,
  impactG: 2,
  freeFallG: 0.5,
  stillMs: 10_000,
  impactStillMs: 5000,
  downMs: 30_000,
};

const at = (x: number, extra: Metrics = {}): Metrics => ({
  accelerationXG: x,
  accelerationYG: 0,
  accelerationZG: 0,
  ...extra,
});

/** How somebody lies after samples of one second each. */
const lain = (...samples: readonly Metrics[]): Lying => {
  const [first = at(1), ...others] = samples;
  return others.reduce<Lying>(
    (state, metrics, index) => lying(state, metrics, (index + 1) * 1000, LIMITS),
    lying(null, first, 0, LIMITS),
  );
};

describe('an impact', () => {
  test('is a peak of the limit and more, or weightlessness of the limit and less', () => {
    const sizes = [1.999, 2, 2.5, 0.501, 0.5, 0];
    expect(sizes.map((size) => isImpact(at(-size), LIMITS))).toEqual([false, true, true, false, true, true]);
  });

  test('is not seen in a sample that lacks an axis', () => {
    for (const missing of ['accelerationXG', 'accelerationYG', 'accelerationZG'] as const) {
      const all = { accelerationXG: 3, accelerationYG: 3, accelerationZG: 3 };
      expect(isImpact(all, LIMITS)).toBe(true);
      expect(isImpact({ ...all, [missing]: undefined }, LIMITS)).toBe(false);
    }
  });
});

describe('who lies', () => {
  test('has moved where the pose has changed by more than the limit since the last movement', () => {
    expect(lain(at(1), at(0.5)).stillSinceMs).toBe(0);
    expect(lain(at(1), at(0.499)).stillSinceMs).toBe(1000);
    expect(lain(at(1), at(0.7), at(0.4))).toMatchObject({ stillSinceMs: 2000, x: 0.4 });
  });

  test('has moved where the badge says so, by its counter or its flag', () => {
    expect(lain(at(1, { moving: 0 }), at(1, { moving: 1 })).stillSinceMs).toBe(1000);
    expect(lain(at(1, { movementCount: 3 }), at(1, { movementCount: 4 }))).toMatchObject({
      stillSinceMs: 1000,
      movementCount: 4,
    });
  });

  test('has not moved where the counter is told for the first time, or not at all', () => {
    expect(lain(at(1), at(1, { movementCount: 3 }))).toMatchObject({ stillSinceMs: 0, movementCount: 3 });
    const quiet = lain(at(1, { movementCount: 3 }), at(1), at(1, { movementCount: 3 }));
    expect(quiet).toMatchObject({ stillSinceMs: 0, movementCount: 3, stills: 2 });
    expect(lain(at(1, { movementCount: 3 }), at(1), at(1, { movementCount: 4 })).stillSinceMs).toBe(2000);
  });

  test('is the same object as soon as nothing more is to be learnt', () => {
    const still = lain(at(1), at(1), at(1));
    expect(still).toMatchObject({ stills: 2, samples: 3 });
    expect(lying(still, at(1), 3000, LIMITS)).toBe(still);
    const counted = lying(still, at(1, { movementCount: 9 }), 4000, LIMITS);
    expect(counted.movementCount).toBe(9);
    const met = { ...still, samples: 1 };
    expect(lying(met, at(1), 4000, LIMITS).samples).toBe(2);
  });

  test('a repetition of the same moment shows no stillness', () => {
    const first = lying(null, at(1), 1000, LIMITS);
    expect(lying(first, at(1), 1000, LIMITS)).toMatchObject({ stills: 0, samples: 1 });
    expect(lying(first, at(1), 1001, LIMITS).stills).toBe(1);
  });
});

describe('shocks', () => {
  const down = lain(at(1), at(1), at(1));

  test('one leaves open how they lie, until the next sample shows it; that time does not count', () => {
    const hit = shaken(down, 5000);
    expect(hit).toMatchObject({ shakenMs: 5000, stillSinceMs: 5000, stills: 0, samples: 3, downSinceMs: 0 });
    expect(lying(hit, at(1), 6500, LIMITS)).toMatchObject({ shakenMs: null, downSinceMs: 1500, samples: 3 });
  });

  test('after two seconds of them they are steps: whoever walks was up', () => {
    const steps = (lastMs: number) => shaken(shaken(down, 5000), lastMs);
    expect(steps(6999)).toMatchObject({ samples: 3, downSinceMs: 0, shakenMs: 5000 });
    expect(steps(7000)).toMatchObject({ samples: 0, downSinceMs: null, shakenMs: 5000 });
    expect(lying(steps(7000), at(1), 8000, LIMITS)).toMatchObject({ samples: 1, downSinceMs: 8000 });
  });
});

describe('counts as fallen', () => {
  const lies: Lying = {
    x: 1,
    y: 0,
    z: 0,
    movementCount: null,
    stillSinceMs: 20_000,
    stills: 2,
    samples: 3,
    countedMs: 20_000,
    downSinceMs: 20_000,
    shakenMs: null,
  };

  test('sooner after an impact of the last 6 s before they lay, not after one before', () => {
    expect(fallenAt(20_000, lies, 14_000, LIMITS)).toEqual({ atMs: 25_000, why: 'fallen-impact' });
    expect(fallenAt(20_000, lies, 13_999, LIMITS)).toEqual({ atMs: 30_000, why: 'fallen-still' });
    expect(fallenAt(20_000, lies, null, LIMITS)).toEqual({ atMs: 30_000, why: 'fallen-still' });
    expect(fallenAt(3000, { ...lies, stillSinceMs: 3000 }, null, LIMITS).why).toBe('fallen-still');
  });

  test('by lying alone, however they move; stillness is the reason where both are due at once', () => {
    const moving = { ...lies, stills: 1 };
    expect(fallenAt(20_000, moving, null, LIMITS)).toEqual({ atMs: 50_000, why: 'fallen-down' });
    expect(fallenAt(20_000, { ...lies, stillSinceMs: 40_000 }, null, LIMITS).why).toBe('fallen-still');
    expect(fallenAt(20_000, { ...lies, stillSinceMs: 40_001 }, null, LIMITS).why).toBe('fallen-down');
  });

  test('never where nothing is known of how they lie', () => {
    const unknown = { ...lies, stills: 1 };
    for (const open of [{ samples: 2 }, { shakenMs: 21_000 }, { downSinceMs: null }]) {
      expect(fallenAt(20_000, { ...unknown, ...open }, null, LIMITS).atMs).toBe(Infinity);
    }
  });
});
