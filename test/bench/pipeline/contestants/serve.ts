import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { answerQuestions } from '../../child.ts';
import { monotonicUs } from '../../measure.ts';

/** A running program that judges messages, as the benchmark sees it. */
export interface Contestant {
  /** Where it takes MQTT, or where its broker does. */
  readonly port: number;
  /** Messages judged so far. */
  judged(): number;
  /** Messages dropped so far. */
  shed(): number;
  /** Lines that a database has taken so far. */
  written?(): number;
}

const keepSchema = z.strictObject({
  /** Where the store is. */
  directory: z.string(),
  /** Databases beside it, as in venue.yaml. */
  sinks: z.array(z.record(z.string(), z.unknown())),
});

export type Keep = z.output<typeof keepSchema>;

/** The device of each alarm and when it was raised, microseconds of CLOCK_MONOTONIC. */
type AlarmTime = readonly [device: string, us: number];

const questionSchema = z.union([
  z.strictObject({ do: z.literal('start'), brokerPort: z.number().optional(), keep: keepSchema.optional() }),
  z.strictObject({ do: z.enum(['mark', 'alarms', 'watch', 'rest', 'stall']) }),
]);

interface StartOptions {
  /** Of the broker that is none of its own. */
  readonly brokerPort?: number | undefined;
  /** Absent: nothing is kept. */
  readonly keep?: Keep | undefined;
}

type Start = (onAlarm: (device: string) => void, options: StartOptions) => Promise<Contestant>;

const RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;

/** The contestant's process: starts when asked, then tells its counters and the alarms since last asked. */
export const serveContestant = (start: Start): void => {
  let running: Contestant | undefined;
  let alarms: AlarmTime[] = [];
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const onAlarm = (device: string): void => {
    alarms.push([device, monotonicUs()]);
  };
  answerQuestions(async (raw) => {
    const question = questionSchema.parse(raw);
    if (question.do === 'start') {
      running = await start(onAlarm, question);
      return { port: running.port };
    }
    if (running === undefined) throw new Error('not started');
    switch (question.do) {
      case 'mark':
        return { judged: running.judged(), shed: running.shed(), written: running.written?.() ?? 0 };
      case 'alarms': {
        const told = alarms;
        alarms = [];
        return { alarms: told };
      }
      case 'watch':
        delay.enable();
        return {};
      case 'rest':
        delay.disable();
        return {};
      case 'stall': {
        // What is over the timer's own interval is what the loop was late.
        const p99Ms = Math.max(0, delay.percentile(99) / NS_PER_MS - RESOLUTION_MS);
        delay.reset();
        return { p99Ms };
      }
    }
  });
};
