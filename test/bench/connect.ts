import { z } from 'zod';
import { startChild } from './child.ts';
import { figure } from './figures.ts';
import type { Group } from './group.ts';
import { medianOf, sleep } from './measure.ts';
import { type ContestantName, latenciesOf, startCourse } from './pipeline/course.ts';
import { DEVICES } from './pipeline/venue.ts';

const BARE = 'aedes + JSON.parse + map';
/** Time in which a broker notices that its clients are gone. */
const GONE_MS = 3_000;

const stormSchema = z.object({
  seconds: z.number(),
  calls: z.array(z.tuple([z.string(), z.number()])),
  retries: z.number(),
});

interface Storm {
  readonly seconds: number;
  /** Connections that were cut before they stood, and made again. */
  readonly retries: number;
  /** The latest alarm after a call for help in it; Infinity where one raised no alarm. */
  readonly sosMs: number;
}

const stormOnce = async (name: ContestantName): Promise<Storm> => {
  const course = await startCourse(name, { connections: 1 });
  const clients = startChild('connect/clients');
  const { port } = course;
  try {
    await clients.ask({ do: 'connect', port });
    await clients.ask({ do: 'drop', port });
    await sleep(GONE_MS);
    const { seconds, calls, retries } = stormSchema.parse(await clients.ask({ do: 'storm', port }));
    await sleep(1_000);
    const latencies = latenciesOf(calls, await course.alarms());
    return { seconds, retries, sosMs: latencies.length < calls.length ? Infinity : Math.max(...latencies) };
  } finally {
    await clients.stop();
    await course.stop();
  }
};

/**
 * 10,000 clients come back at once over TCP, subscribe to their commands; two hundred of them call for help, and so do as
 * many that were in before.
 */
export const connect: Group = {
  name: 'connect',
  figures: ['connect/storm-s', 'connect/storm-sos-ms'],
  async run({ rounds, log }) {
    const ours: Storm[] = [];
    const theirs: Storm[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, storms] of [['gateway', ours] as const, ['bare', theirs] as const]) {
        const storm = await stormOnce(name);
        storms.push(storm);
        log(
          `${name}: ${DEVICES} clients in ${storm.seconds.toFixed(1)} s with ${storm.retries} retries, call for help within ${storm.sosMs.toFixed(0)} ms`,
        );
      }
    }
    const seconds = (storm: Storm): number => storm.seconds;
    const sosMs = (storm: Storm): number => storm.sosMs;
    return [
      figure('connect/storm-s', medianOf(ours, seconds), 's', BARE, medianOf(theirs, seconds)),
      figure('connect/storm-sos-ms', medianOf(ours, sosMs), 'ms', BARE, medianOf(theirs, sosMs)),
    ];
  },
};
