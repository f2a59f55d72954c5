import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrateBadge } from '../../../gateway/cli/calibrate-badge.ts';
import { calibrate, type Vector } from '../../../gateway/cli/calibration.ts';
import { loadVenue } from '../../../gateway/config/load.ts';
import { configOf, connect, start, venueYaml } from '../fixture.ts';
import { folder } from '../people/fixture.ts';
import { printer } from './printer.ts';

describe('what counts as upright', () => {
  const still = (...vector: [number, number, number]): readonly Vector[] =>
    [-0.02, 0, 0.02].map((sway): Vector => [vector[0] + sway, vector[1], vector[2]]);

  test('is the mean of what was measured, to a thousandth', () => {
    expect(calibrate(still(0.1, -0.98, 0.05))).toEqual({ ok: true, upright: [0.1, -0.98, 0.05], samples: 3 });
  });

  test('and nothing that moves, is too short, or is not about 1 g', () => {
    expect(calibrate(still(0, 0, 1).slice(1))).toEqual({ ok: false, why: 'too-few', samples: 2 });
    expect(calibrate([...still(0, 0, 1), [0.5, 0, 0.9]])).toMatchObject({ why: 'not-still' });
    expect(calibrate(still(0, 0, 0.7))).toEqual({ ok: false, why: 'not-one-g', lengthG: 0.7 });
    expect(calibrate(still(0, 0, 9.81))).toMatchObject({ why: 'not-one-g' });
  });

  test('whatever it accepts, venue.yaml accepts', () => {
    const component = fc.double({ min: -1.3, max: 1.3, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(component, component, component), (vector) => {
        const result = calibrate(still(...vector));
        if (!result.ok) return;
        const upright = JSON.stringify(result.upright);
        const badge = `badges: { b: { role: guard, upright: ${upright} } }`;
        expect(loadVenue(venueYaml(badge), 'v').ok, upright).toBe(true);
      }),
    );
  });
});

const BADGES = `
# who works here
badges:
  b-7: { role: guard }   # Li
devices: { truss: { profile: badge } }
security: { anonymous: loopback }
`;

describe('muster badges calibrate', () => {
  const measured = async (acceleration: (index: number) => Vector, id = 'b-7', seconds = 1) => {
    const app = await start(BADGES);
    const client = await connect(app);
    const file = join(folder(), 'venue.yaml');
    const text = venueYaml(BADGES);
    writeFileSync(file, text);
    const printed = printer();
    const url = `http://127.0.0.1:${app.http.port}`;
    const options = { file, config: configOf(text), locale: 'en', target: { url }, id, seconds } as const;
    let isOver = false;
    const measuring = calibrateBadge(options, printed.out, printed.err).finally(() => {
      isOver = true;
    });
    // A badge that reports, as fast as it is acknowledged, for as long as anybody measures.
    for (let index = 0; !isOver; index += 1) {
      const g = acceleration(index);
      const axes = (['x', 'y', 'z'] as const).map((axis, at) => ({
        n: `acceleration/${axis}`,
        u: 'm/s2',
        v: (g[at] ?? 0) * 9.80665,
      }));
      await client.publishAsync('muster/hall/up/b-7', JSON.stringify(axes), { qos: 1 });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const code = await measuring;
    await client.endAsync();
    await app.stop();
    return { code, text, file, written: readFileSync(file, 'utf8'), ...printed.texts() };
  };

  test('measures what the gateway hears, and writes it beside the badge, all else kept', async () => {
    const { code, text, written, out } = await measured(() => [0, -0.6, 0.8]);
    expect(code).toBe(0);
    expect(written).toBe(text.replace('{ role: guard }', '{ role: guard, upright: [0, -0.6, 0.8] }'));
    expect(out).toMatch(/under badges\.b-7:\n {2}upright: \[0, -0\.6, 0\.8\]\n[\s\S]*from \d+ samples\n$/);
  });

  test('one that moves is not written', async () => {
    const { code, text, written, err } = await measured((index) => (index % 2 === 0 ? [0, 0, 1] : [0, 1, 0]));
    expect([code, written]).toEqual([1, text]);
    expect(err).toContain('it was moved meanwhile');
  });

  test('one that is not heard is not written; one that there is not is said, with the nearest spelling', async () => {
    const silent = await measured(() => [0, 0, 1], 'truss');
    expect([silent.code, silent.written]).toEqual([1, silent.text]);
    expect(silent.err).toContain('acceleration came 0 times in 1 s, and it takes 3');
    const unknown = await measured(() => [0, 0, 1], 'trus');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('did you mean "truss"?')]);
  });
});
