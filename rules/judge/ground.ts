import type { Rule, RuleState, Subject } from '../rule.ts';

/**
 * What every sample touches, in dense arrays by the device's index: with a hundred thousand devices every pointer
 * followed is a miss of the cache, and that, not the arithmetic, is what a sample costs. Everything else about a device
 * lies in its entry, which a plain sample does not touch.
 */
export class Ground {
  /** When each device was last heard, judged milliseconds; -1: never. */
  lastHeardMs = new Float64Array(64).fill(-1);
  /** 1: silent, or its own time runs behind, so that its entry must be asked. */
  careful = new Uint8Array(64);
  /** Where the states of its channel `''` begin. */
  bases = new Int32Array(64);
  /** Its rules: one list for all devices alike. */
  readonly rules: (readonly Rule[])[] = [];
  /** What rules are told of the subject. */
  readonly views: Subject[] = [];
  /** States side by side, one lane after the other; undefined where the subject holds it itself and must be asked. */
  readonly states: (RuleState | undefined)[] = [];

  /** Room for the states of a lane; answers where it begins. */
  reserve(size: number): number {
    const base = this.states.length;
    for (let slot = 0; slot < size; slot += 1) this.states.push(undefined);
    return base;
  }

  /** A device takes its place. */
  seat(index: number, base: number, rules: readonly Rule[], view: Subject): void {
    if (index >= this.bases.length) this.#grow(index);
    this.lastHeardMs[index] = -1;
    this.careful[index] = 0;
    this.bases[index] = base;
    this.rules[index] = rules;
    this.views[index] = view;
  }

  #grow(index: number): void {
    const size = Math.max(index + 1, this.bases.length * 2);
    const { lastHeardMs, careful, bases } = this;
    this.lastHeardMs = new Float64Array(size).fill(-1);
    this.lastHeardMs.set(lastHeardMs);
    this.careful = new Uint8Array(size);
    this.careful.set(careful);
    this.bases = new Int32Array(size);
    this.bases.set(bases);
  }
}
