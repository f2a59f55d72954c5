import { z } from 'zod';
import { requireProgram } from '../system-programs.ts';
import { startChild } from './child.ts';
import { figure } from './figures.ts';
import type { Group } from './group.ts';
import { median } from './measure.ts';

const NAME = 'modbus/poll-p50-ms';

const resultSchema = z.object({ ours: z.array(z.number()), bare: z.array(z.number()) });

/**
 * From a request's first byte to its answer's last over a pseudo terminal, through the source and by the library alone, both
 * with the silence between frames that RTU demands.
 */
export const modbus: Group = {
  name: 'modbus',
  figures: [NAME],
  async run({ rounds, log }) {
    if (!requireProgram('socat', 'socat')) return [];
    const child = startChild('modbus/worker');
    try {
      const { ours, bare } = resultSchema.parse(await child.ask({ rounds, polls: 400 }));
      log(`${NAME}: ${median(ours).toFixed(2)} ms, bare ${median(bare).toFixed(2)} ms`);
      return [figure(NAME, median(ours), 'ms', 'modbus-serial', median(bare))];
    } finally {
      await child.stop();
    }
  },
};
