import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startChild } from './child.ts';
import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { medianOf } from './measure.ts';

const rateSchema = z.object({ perSecond: z.number(), perCoreSecond: z.number() });

const SECONDS_MAX = 5;

/** A controller in a process of its own floods a terminal; who reads it has a core to himself. */
const measure = async (side: 'ours' | 'noble', seconds: number) => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const path = join(directory, 'hci');
  const controller = startChild('ble/controller', { core: 0 });
  const reader = startChild('ble/worker', { core: 1 });
  try {
    await controller.ask({ path });
    return rateSchema.parse(await reader.ask({ path, side, seconds }));
  } finally {
    await reader.stop();
    await controller.stop();
    rmSync(directory, { recursive: true, force: true });
  }
};

const run = async ({ rounds, seconds, log }: BenchOptions): Promise<readonly Figure[]> => {
  const runs = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = await measure('ours', Math.min(seconds, SECONDS_MAX));
    const noble = await measure('noble', Math.min(seconds, SECONDS_MAX));
    log(
      `ble/adverts: ${Math.round(ours.perSecond)} a second (${Math.round(ours.perCoreSecond)} a second of one core), ` +
        `noble ${Math.round(noble.perSecond)} (${Math.round(noble.perCoreSecond)})`,
    );
    runs.push({ ours, noble });
  }
  const ours = medianOf(runs, (one) => one.ours.perSecond);
  const noble = medianOf(runs, (one) => one.noble.perSecond);
  return [figure('ble/adverts', ours, 'adverts/s', 'noble, nothing decoded', noble)];
};

/** Adverts a second over a terminal, scanned and decoded on one core, beside what noble only scans. */
export const ble: Group = { name: 'ble', figures: ['ble/adverts'], run };
