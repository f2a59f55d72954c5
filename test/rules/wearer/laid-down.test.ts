import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { type Handled, handled, jolted, timingWith } from '../../../rules/wearer/laid-down.ts';
import { tiltDegrees } from '../../../rules/wearer/posture.ts';

type Vector = readonly [x: number, y: number, z: number];

const DEGREES = 180 / Math.PI;
const UPRIGHT: Vector = [0, 0, 1];
const SIDE: Vector = [1, 0, 0];
const OTHER_SIDE: Vector = [0, -1, 0];
/** The face that it lies on. */
const FLAT: Vector = [0, 1, 0];
const UPSIDE_DOWN: Vector = [0, 0, -1];

const metricsOf = ([x, y, z]: Vector, movementCount?: number): Metrics => ({
  accelerationXG: x,
  accelerationYG: y,
  accelerationZG: z,
  ...(movementCount === undefined ? {} : { movementCount }),
});

type Shown = readonly [seconds: number, pose: Vector, movementCount?: number | undefined];

/** What samples of one badge make of what was known. */
const shown = (before: Handled | null, ...samples: readonly Shown[]): Handled | null =>
  samples.reduce<Handled | null>((state, [seconds, pose, count]) => {
    const metrics = metricsOf(pose, count);
    const degrees = tiltDegrees(metrics, UPRIGHT);
    const worn = jolted(state, metrics, seconds * 1000);
    return degrees === undefined ? worn : handled(worn, metrics, degrees, seconds * 1000);
  }, before);

const known = (state: Handled | null): Handled => {
  if (state === null) throw new Error('it is upright');
  return state;
};

const TURNED: readonly Shown[] = [
  [0, SIDE],
  [2, OTHER_SIDE],
  [4, FLAT],
];
/** Lies since 4 s, laid down since 8 s. */
const laidDown = (): Handled => known(shown(null, ...TURNED, [5, FLAT], [8, FLAT]));

const level = (index: 0 | 1 | 2, off: number): Vector => {
  const pose: [number, number, number] = [...FLAT];
  pose[index] += off;
  return pose;
};

describe('a badge that is taken off and laid down', () => {
  test('has been turned about, and lies level and dead still for 4 s, not a millisecond less', () => {
    expect(shown(null, ...TURNED, [5, FLAT], [7.999, FLAT])?.isLaid).toBe(false);
    expect(laidDown().isLaid).toBe(true);
  });

  test('shows three poses, of which one upside down counts twice; a fall shows fewer', () => {
    const lies: readonly Shown[] = [
      [2, FLAT],
      [3, FLAT],
      [9, FLAT],
    ];
    expect(shown(null, [0, SIDE], ...lies)?.isLaid).toBe(false);
    expect(shown(null, [0, UPSIDE_DOWN], ...lies)?.isLaid).toBe(true);
  });

  test('a pose leans by 60° and more, one upside down by 100°; below 45° it is upright', () => {
    const at = (degrees: number) => handled(null, metricsOf(SIDE), degrees, 0);
    expect(at(44.999)).toBeNull();
    expect(at(45)).toMatchObject({ poses: 0, uprights: 0 });
    expect([59.999, 60, 99.999, 100].map((degrees) => at(degrees)?.poses)).toEqual([0, 1, 1, 2]);
    const worn = handled(at(90), metricsOf(UPRIGHT), 44.999, 1000);
    expect(worn?.uprights).toBe(1);
    expect(handled(worn, metricsOf(SIDE), 45, 2000)?.uprights).toBe(0);
  });

  test('poses within a second are one, a body that bounces; those 12 s apart belong together, later ones do not', () => {
    const second = (seconds: number) => shown(null, [0, SIDE], [seconds, OTHER_SIDE])?.poses;
    expect([0.999, 1, 12, 12.001].map(second)).toEqual([1, 2, 2, 1]);
  });

  test('the pose before is what the next is compared with, however slowly it is turned', () => {
    const turning = (degrees: number): Vector => [Math.cos(degrees / DEGREES), Math.sin(degrees / DEGREES), 0];
    const poses = (until: number) => {
      const samples = Array.from({ length: until / 10 + 1 }, (_, index): Shown => [2 * index, turning(index * 10)]);
      return shown(null, ...samples)?.poses;
    };
    expect([20, 30, 50, 60].map(poses)).toEqual([1, 2, 2, 3]);
    // The first that counts is not too soon after one that did not.
    const leaning = handled(null, metricsOf([0.8, 0, 0.6]), 53, 0);
    expect(handled(leaning, metricsOf(SIDE), 90, 500)?.poses).toBe(1);
  });

  test('poses that were shown before a long rest count no more, nor do jolts', () => {
    const hit = shown(null, [0, SIDE], [1, [1.5, 0, 0]], [2, OTHER_SIDE]);
    expect(hit).toMatchObject({ poses: 2, jolts: 1, poseAtMs: 2000, pose: OTHER_SIDE });
    expect(shown(hit, [20, SIDE])).toMatchObject({ poses: 1, jolts: 0 });
  });

  test('three upright samples in a row: it is worn again; one or two are poses in a hand', () => {
    const two = shown(null, [0, SIDE], [1, UPRIGHT], [2, UPRIGHT]);
    expect(two).toMatchObject({ uprights: 2, poses: 1 });
    expect(shown(two, [3, UPRIGHT])).toBeNull();
    expect(shown(two, [3, OTHER_SIDE], [4, UPRIGHT])).toMatchObject({ uprights: 1, poses: 2 });
  });

  test.each([
    ['x', 0],
    ['y', 1],
    ['z', 2],
  ] as const)('more than noise along %s while it lies: somebody breathes', (_, axis) => {
    const rests = (off: number) => shown(null, ...TURNED, [5, FLAT], [6, level(axis, off)], [8, FLAT]);
    expect(rests(0.015)?.isLaid).toBe(true);
    expect(rests(0.017)).toMatchObject({ isLaid: false, isAlive: true });
    expect(rests(-0.017)).toMatchObject({ isLaid: false, isAlive: true });
    expect(shown(null, ...TURNED, [5, FLAT], [6, level(axis, 0.017)])?.isAlive).toBe(true);
    // What lives once is not compared any more.
    const alive = known(rests(0.017));
    expect(shown(alive, [20, FLAT])).toBe(alive);
  });

  test('the movement counter that goes on while it lies tells of somebody, too; one that is not told says nothing', () => {
    const counted = (...counts: readonly (number | undefined)[]) =>
      counts.reduce<Handled | null>(
        (state, count, index) => shown(state, [5 + index, FLAT, count]),
        shown(null, [0, SIDE, 7], [2, OTHER_SIDE, 7], [4, FLAT, 7]),
      );
    expect(counted(7, undefined, 7, 7)?.isLaid).toBe(true);
    expect(counted(7, undefined, 8, 8)?.isLaid).toBe(false);
  });

  test('the hand lets go: it lies so from then on', () => {
    const let5 = shown(null, ...TURNED, [5, level(0, 0.05)]);
    expect(let5).toMatchObject({ x: 0.05, atMs: 5000, rests: 1 });
    expect(shown(let5, [8.999, level(0, 0.05)])?.isLaid).toBe(false);
    expect(shown(let5, [9, level(0, 0.05)])?.isLaid).toBe(true);
  });

  test('what leans against something is not laid down, however still; and costs nothing more', () => {
    const leaning: Vector = [0.2, 0.9798, 0];
    const still = known(shown(null, ...TURNED.slice(0, 2), [4, leaning], [5, leaning], [6, leaning]));
    expect(still.isLaid).toBe(false);
    expect(shown(still, [30, leaning])).toBe(still);
  });
});

describe('a badge that was laid down', () => {
  test('lies on, the same', () => {
    const lies = laidDown();
    expect(shown(lies, [30, FLAT], [300, FLAT])).toBe(lies);
  });

  test('a knock on the table is over with the next sample; what goes on is somebody who wears it', () => {
    const knocked = shown(laidDown(), [30, level(0, 0.05)]);
    expect(knocked).toMatchObject({ isLaid: true, stirs: 1 });
    expect(shown(knocked, [31, FLAT])).toMatchObject({ isLaid: true, stirs: 0 });
    expect(shown(knocked, [31, FLAT], [32, level(0, 0.05)])?.isLaid).toBe(true);
    expect(shown(knocked, [31, level(0, 0.05)])).toMatchObject({ isLaid: false, isAlive: true });
  });

  test('is taken up: not level any more, or on another face at once', () => {
    expect(shown(laidDown(), [30, [0.3, 0.954, 0]])?.isLaid).toBe(false);
    expect(shown(laidDown(), [30, [0.1, 0.995, 0]])?.isLaid).toBe(true);
    expect(shown(laidDown(), [30, SIDE])?.isLaid).toBe(false);
  });

  test('a blow does not wake it', () => {
    const lies = laidDown();
    expect(jolted(lies, metricsOf([0, 2.5, 0]), 30_000)).toBe(lies);
  });
});

describe('jolts', () => {
  const once = known(shown(null, [0, SIDE]));
  const hit = (before: Handled | null, size: number) =>
    jolted(before, metricsOf([size, 0, 0]), (before?.countedMs ?? 0) + 1000);

  test('one may be a hand, a second is a step: it is worn', () => {
    expect(hit(once, 0.65)).toBe(once);
    const jolt = hit(once, 0.64);
    expect(jolt?.jolts).toBe(1);
    expect(hit(jolt, 1.36)).toBeNull();
    expect(hit(jolt, 1)).toBe(jolt);
  });

  test('of one moment, what comes twice counts once', () => {
    const jolt = hit(once, 1.5);
    expect(jolted(jolt, metricsOf([1.5, 0, 0]), 1000)).toBe(jolt);
    const pose = known(shown(null, [0, SIDE], [2, UPRIGHT]));
    expect(shown(pose, [2, UPRIGHT], [2, OTHER_SIDE])).toBe(pose);
  });

  test('from 0.75 g beside gravity on it is a blow, and one is enough', () => {
    expect(hit(once, 1.749)?.jolts).toBe(1);
    expect(hit(once, 1.75)).toBeNull();
  });

  test('a badge that is upright knows of none, and a sample that lacks an axis is none', () => {
    expect(hit(null, 2)).toBeNull();
    for (const missing of ['accelerationXG', 'accelerationYG', 'accelerationZG'] as const) {
      const metrics = { ...metricsOf([2, 2, 2]), [missing]: undefined };
      expect(jolted(once, metrics, 1000)).toBe(once);
      expect(handled(once, metrics, 90, 1000)).toBe(once);
    }
  });
});

test('a rule waits 10 s longer for a badge that may turn out to be laid down', () => {
  const timing = {
    delayMs: 10_000,
    preAlarmMs: 1,
    confirmMs: 2,
    normalMs: 3,
    preAlarmNormalMs: 4,
    clearMs: 5,
    cancelledMs: 6,
  };
  expect(timingWith(timing, null)).toBe(timing);
  expect(timingWith(timing, shown(null, [0, SIDE], [2, FLAT]))).toBe(timing);
  expect(timingWith(timing, shown(null, ...TURNED))).toEqual({ ...timing, delayMs: 20_000 });
  expect(timingWith(timing, shown(null, ...TURNED, [5, level(0, 0.05)], [6, FLAT]))).toBe(timing);
});
