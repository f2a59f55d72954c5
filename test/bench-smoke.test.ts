import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ruleSchema } from '../rules/kinds/index.ts';
import { venueOf } from './bench/engine/venue.ts';

const MAIN = new URL('../dist/test/bench/main.js', import.meta.url).pathname;

const run = promisify(execFile);

const bench = (...args: readonly string[]) => run(process.execPath, ['--expose-gc', MAIN, ...args]);

const reportSchema = z.strictObject({
  figures: z.array(
    z.strictObject({
      name: z.string(),
      value: z.number().positive(),
      unit: z.string().min(1),
      yardstick: z.string().min(1),
      yardstickValue: z.number().positive(),
      ratio: z.number().positive(),
    }),
  ),
});

it('the venue of `engine/venue-all-kinds` has every kind of rule, and each badge is under seven', () => {
  const { venue, rules } = venueOf(20, 20);
  const kinds = ruleSchema.options.map(({ shape }) => shape.kind.value);
  expect(rules.map(({ kind }) => kind).toSorted()).toEqual([...kinds].toSorted());
  const steward = venue.devices.get('badge-1');
  if (steward === undefined) throw new Error('no such badge');
  const over = rules.filter((rule) => rule.subjects(steward, '').length > 0).map(({ kind }) => kind);
  expect(over).toEqual(
    expect.arrayContaining(['tilt', 'stillness', 'man-down', 'sos', 'silent', 'battery-low', 'geofence']),
  );
});

describe.skipIf(!existsSync(MAIN))('npm run bench', () => {
  it('prints one JSON object with the figures that were asked for', async () => {
    const { stdout } = await bench('engine/100x1', 'decode/senml-json', '--json', '--count', '500', '--rounds', '1');
    const { figures } = reportSchema.parse(JSON.parse(stdout));
    expect(figures.map(({ name, unit }) => [name, unit])).toEqual([
      ['engine/100x1', 'readings/s'],
      ['decode/senml-json', 'frames/s'],
    ]);
    for (const { value, yardstickValue, ratio } of figures) expect(ratio).toBeCloseTo(value / yardstickValue, 1);
  });

  it('names what there is when asked for something else', async () => {
    const failed = bench('nonsense');
    await expect(failed).rejects.toMatchObject({ code: 2, stdout: '' });
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining('engine/10000x10') });
  });
});
