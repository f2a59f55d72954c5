import { unregisteredDevice } from '../../ingest/model/device.ts';
import type { FreeInput, Rule } from '../rule.ts';
import { JudgedSubject } from './subject.ts';

/** Of one rule. Names come from payloads: whoever invents them must not fill the memory. */
export const FREE_SUBJECTS_MAX = 5000;

/** Nothing of it would be lost. */
const isIdle = ({ state, dueMs, rule }: JudgedSubject): boolean =>
  state === rule.start() || (state.phase === 'normal' && dueMs === Infinity);

/** Subjects that no device feeds: they come to be when an input first names them. */
export class FreeSubjects {
  readonly #rules: readonly Rule[];
  readonly #byRule = new Map<string, Map<string, JudgedSubject>>();
  readonly #onForget: (subject: JudgedSubject) => void;
  #forgotten = 0;

  /** `onForget`: called before a subject leaves. */
  constructor(rules: readonly Rule[], onForget: (subject: JudgedSubject) => void) {
    this.#rules = rules.filter(({ freeSubject }) => freeSubject !== undefined);
    this.#onForget = onForget;
  }

  get all(): readonly JudgedSubject[] {
    return [...this.#byRule.values()].flatMap((ofRule) => [...ofRule.values()]);
  }

  /** How many left, or found no room, while something of theirs ran. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Those that an input concerns. */
  concerned(input: FreeInput): readonly JudgedSubject[] {
    return this.#rules.flatMap((rule) => {
      const id = rule.freeSubject?.(input);
      const subject = id === undefined ? undefined : this.#of(rule, id);
      return subject === undefined ? [] : [subject];
    });
  }

  find(rule: string, id: string): JudgedSubject | undefined {
    return this.#byRule.get(rule)?.get(id);
  }

  /** One of an earlier run; undefined where the rule has no such subjects, or no room. */
  restore(ruleId: string, id: string): JudgedSubject | undefined {
    const rule = this.#rules.find((each) => each.id === ruleId);
    return rule === undefined ? undefined : this.#of(rule, id);
  }

  #of(rule: Rule, id: string): JudgedSubject | undefined {
    const ofRule = this.#byRule.get(rule.id) ?? new Map<string, JudgedSubject>();
    this.#byRule.set(rule.id, ofRule);
    const known = ofRule.get(id);
    if (known !== undefined) return known;
    if (ofRule.size >= FREE_SUBJECTS_MAX && !this.#makeRoom(ofRule)) return undefined;
    const subject = new JudgedSubject(rule, id, unregisteredDevice(id), '', undefined);
    ofRule.set(id, subject);
    return subject;
  }

  /** Forgets one of which nothing is lost, else the one known longest, but none of which an alarm stands. */
  #makeRoom(ofRule: Map<string, JudgedSubject>): boolean {
    let leaving: JudgedSubject | undefined;
    for (const subject of ofRule.values()) {
      if (isIdle(subject)) {
        leaving = subject;
        break;
      }
      if (leaving === undefined && subject.state.phase !== 'active') leaving = subject;
    }
    if (leaving === undefined || !isIdle(leaving)) this.#forgotten += 1;
    if (leaving === undefined) return false;
    this.#onForget(leaving);
    leaving.dueMs = Infinity;
    ofRule.delete(leaving.id);
    return true;
  }
}
