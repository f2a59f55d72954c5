import { z } from 'zod';
import { startChild } from './child.ts';
import { ADVERT_FORMATS } from './decode/adverts.ts';
import { FORMATS } from './decode/frames.ts';
import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { medianOf } from './measure.ts';

const runSchema = z.object({ ours: z.number(), bare: z.number() });
const resultSchema = z.object({ runs: z.array(runSchema) });

const CONTESTS: readonly { readonly name: string; readonly yardstick: string }[] = [
  ...FORMATS.map(({ name, bare }) => ({ name, yardstick: bare })),
  ...ADVERT_FORMATS,
];

const nameOf = (format: string): string => `decode/${format}`;

const measureFormat = async (format: string, { rounds, count, log }: BenchOptions) => {
  const child = startChild('decode/worker');
  try {
    const { runs } = resultSchema.parse(await child.ask({ format, rounds, count }));
    const ours = medianOf(runs, (run) => run.ours);
    const bare = medianOf(runs, (run) => run.bare);
    log(`${nameOf(format)}: ${Math.round(ours)} frames/s, bare ${Math.round(bare)}`);
    return { ours, bare };
  } finally {
    await child.stop();
  }
};

/** Frames a second from bytes to samples, checks and all, beside a bare parse of the same bytes. */
export const decode: Group = {
  name: 'decode',
  figures: CONTESTS.map(({ name }) => nameOf(name)),
  async run(options) {
    const figures: Figure[] = [];
    for (const { name, yardstick } of CONTESTS) {
      if (!options.wants(nameOf(name))) continue;
      const { ours, bare: theirs } = await measureFormat(name, options);
      figures.push(figure(nameOf(name), ours, 'frames/s', yardstick, theirs));
    }
    return figures;
  },
};
