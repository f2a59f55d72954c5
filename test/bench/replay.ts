import { z } from 'zod';
import { startChild } from './child.ts';
import { figure } from './figures.ts';
import type { Group } from './group.ts';
import { medianOf } from './measure.ts';

const SPEED = 'replay/speed';
/** Of the venue whose evening is recorded. */
const DEVICES = 1000;
const SECONDS = 600;

const runSchema = z.object({ replayed: z.number(), judged: z.number(), recording: z.number(), bytes: z.number() });

/** How much faster than real time a recording of 1,000 devices at 1 Hz is judged again. */
export const replay: Group = {
  name: 'replay',
  figures: [SPEED],
  async run({ rounds, log }) {
    const runs: z.output<typeof runSchema>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const child = startChild('replay/worker');
      try {
        const run = runSchema.parse(await child.ask({ devices: DEVICES, seconds: SECONDS }));
        runs.push(run);
        const perFrame = (times: number): string => (1e6 / (times * DEVICES)).toFixed(2);
        log(
          `${Math.round(run.replayed)} x real time; ${perFrame(run.judged)} us a frame judged, ` +
            `${perFrame(run.recording)} judged and recorded, ${(run.bytes / SECONDS / DEVICES).toFixed(1)} bytes of recording`,
        );
      } finally {
        await child.stop();
      }
    }
    return [
      figure(
        SPEED,
        medianOf(runs, ({ replayed }) => replayed),
        'x real time',
        'the same frames from memory, nothing recorded',
        medianOf(runs, ({ judged }) => judged),
      ),
    ];
  },
};
