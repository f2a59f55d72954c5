import type { Rule, Subject } from '../rule.ts';
import type { JudgedSubject } from './subject.ts';

/**
 * The subjects that one channel of one device feeds; their states lie side by side on the ground from `base` on. Those
 * whose rules read samples come first, and `rules` are the rules of these alone.
 */
export interface Lane {
  readonly rules: readonly Rule[];
  readonly base: number;
  /** What rules are told of the subject: the same for all that only this channel feeds. */
  readonly view: Subject;
  readonly subjects: readonly JudgedSubject[];
}
