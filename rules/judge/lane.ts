import type { Rule, RuleState, Subject } from '../rule.ts';
import type { JudgedSubject } from './subject.ts';

/**
 * The subjects that one channel of one device feeds, as parallel arrays. A sample walks over `rules` (one array for all
 * devices alike) and `states` alone: with a hundred thousand devices every pointer followed is a miss of the cache, and
 * that, not the arithmetic, is what a sample costs.
 */
export interface Lane {
  readonly rules: readonly Rule[];
  /** Undefined where the subject holds its state itself and must be asked. */
  readonly states: (RuleState | undefined)[];
  /** What rules are told of the subject: the same for all that only this channel feeds. */
  readonly view: Subject;
  /** How long the device was silent in all: time that does not count for rules that freeze, milliseconds. */
  behindMs: number;
  readonly subjects: readonly JudgedSubject[];
}

/** Subjects that are fed by this lane alone leave their states in it. */
export const settle = (lane: Lane): void => {
  lane.subjects.forEach((subject, slot) => {
    if (!subject.rule.shared) subject.settle(lane, slot);
  });
};
