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
}

/** The device of each alarm and when it was raised, microseconds of CLOCK_MONOTONIC. */
type AlarmTime = readonly [device: string, us: number];

const questionSchema = z.union([
  z.strictObject({ do: z.literal('start'), brokerPort: z.number().optional() }),
  z.strictObject({ do: z.enum(['mark', 'alarms']) }),
]);

type Start = (onAlarm: (device: string) => void, brokerPort: number | undefined) => Promise<Contestant>;

/** The contestant's process: starts when asked, then tells its counters and the alarms since last asked. */
export const serveContestant = (start: Start): void => {
  let running: Contestant | undefined;
  let alarms: AlarmTime[] = [];
  const onAlarm = (device: string): void => {
    alarms.push([device, monotonicUs()]);
  };
  answerQuestions(async (raw) => {
    const question = questionSchema.parse(raw);
    if (question.do === 'start') {
      running = await start(onAlarm, question.brokerPort);
      return { port: running.port };
    }
    if (running === undefined) throw new Error('not started');
    if (question.do === 'mark') return { judged: running.judged(), shed: running.shed() };
    const told = alarms;
    alarms = [];
    return { alarms: told };
  });
};
