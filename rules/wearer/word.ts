import type { Occurrence } from '../../ingest/model/sample.ts';
import type { Input } from '../rule.ts';
import { buzzUntilMs } from './prealarm.ts';

/** What a wearer, or somebody for them, says to a rule. */
export type Word =
  | {
      readonly type: 'cancel' /** Who said so for the wearer; undefined: the badge. */;
      readonly by: string | undefined;
    }
  /** `untilMs`: of the pre-alarm whose buzz is confirmed, gateway time. */
  | { readonly type: 'confirm'; readonly untilMs: number };

/** True for a cancel of all that runs for the badge, or of this rule by name: the console cancels one rule's pre-alarm. */
export const isCancelFor = ({ kind, attributes }: Occurrence, rule: string): boolean =>
  kind === 'cancel' && (attributes.rule === undefined || attributes.rule === rule);

/** What an input says to one subject of a rule; undefined: nothing. A replayed word says nothing of now. */
export const wordOf = (input: Input, rule: string, subject: string): Word | undefined => {
  if (input.type !== 'occurrence' || input.retained || input.historical) return undefined;
  const { attributes } = input;
  if (isCancelFor(input, rule)) {
    return { type: 'cancel', by: typeof attributes.by === 'string' ? attributes.by : undefined };
  }
  const untilMs = input.kind === 'done' ? buzzUntilMs(String(attributes.id), rule, subject) : undefined;
  return untilMs === undefined ? undefined : { type: 'confirm', untilMs };
};

/** A press is a sign of life; the automatic answer of a badge's firmware is not. */
export const isSignOfLife = (input: Occurrence, rule: string): boolean =>
  !input.retained &&
  !input.historical &&
  (isCancelFor(input, rule) || input.kind === 'checkin' || input.kind === 'button' || input.kind === 'sos');
