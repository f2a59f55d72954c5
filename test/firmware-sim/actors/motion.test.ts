import { describe, expect, it } from 'vitest';
import { acceleration, type Body, impact, type Vector } from '../../../firmware-sim/actors/motion.ts';
import { seededRandom } from '../../../firmware-sim/random.ts';

const UPRIGHTS: readonly Vector[] = [
  [0, 0, 1],
  [0, 1, 0],
  [-0.6, 0, 0.8],
];

const body = (change: Partial<Body>): Body => ({
  posture: 'upright',
  activity: 'idle',
  upright: [0, 0, 1],
  azimuth: 1,
  tremorG: 0,
  ...change,
});

const samples = (of: Body, count = 2000): readonly Vector[] => {
  const random = seededRandom(7, 'motion');
  return Array.from({ length: count }, () => acceleration(of, random));
};

const degreesTo = (upright: Vector, [x, y, z]: Vector): number =>
  (Math.acos((x * upright[0] + y * upright[1] + z * upright[2]) / Math.hypot(x, y, z)) * 180) / Math.PI;

const length = (vector: Vector): number => Math.hypot(...vector);

const distance = (a: Vector, b: Vector): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe('posture', () => {
  it.each(UPRIGHTS)(
    'a body that lies measures 0.8 to 1.2 g, more than 45 degrees from upright (%d, %d, %d)',
    (...upright) => {
      const lying = [0, 1, 2, 3, 4, 5, 6].flatMap((azimuth) =>
        samples(body({ posture: 'lying', upright, azimuth }), 300),
      );
      const lengths = lying.map(length);
      expect(Math.min(...lengths)).toBeGreaterThan(0.8);
      expect(Math.max(...lengths)).toBeLessThan(1.2);
      expect(Math.min(...lying.map((sample) => degreesTo(upright, sample)))).toBeGreaterThan(60);
    },
  );

  it('a fall peaks above 2 g', () => {
    const random = seededRandom(7, 'fall');
    for (let count = 0; count < 200; count += 1) expect(length(impact(body({}), 2.4, random))).toBeGreaterThan(2);
  });
});

describe('activity', () => {
  it('a still badge never differs by 0.03 g from itself', () => {
    const still = samples(body({ activity: 'still' }), 400);
    const widest = Math.max(...still.map((one) => Math.max(...still.map((other) => distance(one, other)))));
    expect(widest).toBeLessThan(0.03);
    expect(widest).toBeGreaterThan(0.01);
  });

  it('a tremor shows, and stays under its peak', () => {
    const trembling = samples(body({ activity: 'still', tremorG: 0.05 }));
    const [first = [0, 0, 1]] = trembling;
    const widest = Math.max(...trembling.map((sample) => distance(first, sample)));
    expect(widest).toBeGreaterThan(0.05);
    expect(widest).toBeLessThan(0.2);
  });

  it('walking swings around 1 g by enough to be seen in most pairs of samples, and stays upright', () => {
    const walking = samples(body({ activity: 'walking' }));
    const mean = walking.reduce((sum, sample) => sum + length(sample), 0) / walking.length;
    expect(mean).toBeGreaterThan(0.95);
    expect(mean).toBeLessThan(1.08);
    const seen = walking.filter((sample, index) => distance(sample, walking[index - 1] ?? sample) > 0.1);
    expect(seen.length / walking.length).toBeGreaterThan(0.6);
    expect(Math.max(...walking.map((sample) => degreesTo([0, 0, 1], sample)))).toBeLessThan(35);
  });

  it('somebody at ease moves within any minute of five-second reports', () => {
    const idle = samples(body({ activity: 'idle' }));
    let quiet = 0;
    let longest = 0;
    idle.forEach((sample, index) => {
      quiet = distance(sample, idle[index - 1] ?? sample) > 0.1 ? 0 : quiet + 1;
      longest = Math.max(longest, quiet);
    });
    expect(longest).toBeLessThan(60);
  });
});
