import type { RuleState } from '../rule.ts';
import type { Lane } from './lane.ts';

/**
 * What every sample touches, in dense arrays by the device's index: with a hundred thousand devices every pointer
 * followed is a miss of the cache, and that, not the arithmetic, is what a sample costs. Everything else about a device
 * lies in its entry, which a plain sample does not touch.
 */
export class Ground {
  /** When each device was last heard, judged milliseconds; -1: never. */
  lastHeardMs = new Float64Array(64).fill(-1);
  /** Channel `''`; undefined where the entry must be asked: never heard, silent, or its own time runs behind. */
  readonly lanes: (Lane | undefined)[] = [];
  /** States side by side, one lane after the other; undefined where the subject holds it itself and must be asked. */
  readonly states: (RuleState | undefined)[] = [];
  /** Two for each state: when it wants to be woken, and the time under which it stands in the queue. */
  deadlinesMs = new Float64Array(128).fill(Infinity);

  /** Room for the states of a lane; answers where it begins. */
  reserve(size: number): number {
    const base = this.states.length;
    for (let slot = 0; slot < size; slot += 1) this.states.push(undefined);
    if (2 * this.states.length > this.deadlinesMs.length) {
      const { deadlinesMs } = this;
      this.deadlinesMs = new Float64Array(2 * deadlinesMs.length + 2 * size).fill(Infinity);
      this.deadlinesMs.set(deadlinesMs);
    }
    return base;
  }

  /**
   * Keeps a new state that says nothing and puts its deadline off, or has none: most samples end here, and the subject
   * is not touched. False where the queue must be asked.
   */
  putOff(place: number, state: RuleState, wakeAtMs: number): boolean {
    const { deadlinesMs } = this;
    const queuedMs = deadlinesMs[2 * place + 1] ?? Infinity;
    // Not for NaN either.
    if (!(wakeAtMs >= queuedMs)) return false;
    deadlinesMs[2 * place] = wakeAtMs;
    this.states[place] = state;
    return true;
  }

  /** A device takes its place; it was not heard yet. */
  seat(index: number): void {
    if (index >= this.lastHeardMs.length) this.#grow(index);
    this.lastHeardMs[index] = -1;
    this.lanes[index] = undefined;
  }

  #grow(index: number): void {
    const { lastHeardMs } = this;
    this.lastHeardMs = new Float64Array(Math.max(index + 1, lastHeardMs.length * 2)).fill(-1);
    this.lastHeardMs.set(lastHeardMs);
  }
}
