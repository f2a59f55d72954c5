import { z } from 'zod';
import type { AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { AlarmRecord } from '../api/ports.ts';
import { type Parameter, parametersOf } from './parameters.ts';
import { type SamplesOptions, type ShownSeries, samplesAround } from './samples.ts';
import { inputOf, wordsOf } from './words.ts';

/** Why there is an alarm: in words, and as data. */
export interface Explanation {
  readonly alarm: AlarmEvent['alarm'];
  /** The moment of the decision, Unix milliseconds. */
  readonly atMs: number;
  readonly words: { readonly zh: string; readonly en: string };
  readonly parameters: readonly Parameter[];
  readonly state: { readonly before?: unknown; readonly after?: unknown };
  readonly input: unknown;
  readonly samples: readonly ShownSeries[];
}

/** The rule called people by these. */
const CALLS: ReadonlySet<AlarmEvent['type']> = new Set(['raised', 'escalated', 'repeated']);

const settingsSchema = z.record(z.string(), z.unknown());

export interface ExplainOptions extends SamplesOptions {
  readonly record: AlarmRecord;
  readonly timezone: string;
}

/** Undefined: nothing is known of such an alarm. */
export const explain = async (options: ExplainOptions, id: string): Promise<Explanation | undefined> => {
  const events = await options.record.events(id);
  const judged = events.filter(({ evidence }) => evidence !== undefined);
  const decision = judged.findLast(({ type }) => CALLS.has(type)) ?? judged.at(-1) ?? events[0];
  if (decision === undefined) return undefined;
  const { alarm, atMs, evidence } = decision;
  const settings = settingsSchema.safeParse(evidence?.parameters);
  const parameters = parametersOf(alarm.kind, settings.success ? settings.data : {});
  return {
    alarm: events.at(-1)?.alarm ?? alarm,
    atMs,
    words: wordsOf(decision, parameters, events, options.timezone),
    parameters,
    state: evidence === undefined ? {} : { before: evidence.before, after: evidence.after },
    input: evidence?.input ?? null,
    samples: await samplesAround(options, alarm, atMs, inputOf(evidence)),
  };
};
