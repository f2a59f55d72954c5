import {
  type Baseline,
  Capture,
  deviceKey,
  devicePartKey,
  type EnginePart,
  sharedPartKey,
  type Touchable,
} from './capture.ts';
import type { Roster } from './roster.ts';

/** What has changed since it was last safe, and the capture that is being written out. */
export class Changes {
  readonly #roster: Roster;
  /** What has changed, beside the ground, since `#baseline`. */
  #touched = new Set<Touchable>();
  #baseline: Baseline | undefined;
  #capture: Capture | undefined;
  /** Was forgotten, with its device. */
  readonly #left = new WeakSet<Touchable>();
  /** Keys of parts of earlier captures that there are no more. */
  #gone: readonly string[] = [];

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** To be called before anything is changed that the ground does not hold. */
  touch(thing: Touchable): void {
    this.#capture?.preserve(thing);
    this.#touched.add(thing);
  }

  leave(things: readonly Touchable[]): void {
    for (const thing of things) {
      this.#capture?.preserve(thing);
      this.#touched.delete(thing);
      this.#left.add(thing);
    }
  }

  /** Keys of the parts that a whole capture has now. */
  partKeys(): ReadonlySet<string> {
    return new Set([...this.#roster.entries.map(devicePartKey), ...this.#roster.shared.map(sharedPartKey)]);
  }

  /** Parts that captures of an earlier engine may have left: the next one takes away what is no part of it. */
  succeedParts(before: Changes): void {
    const strangers = [...(before.#baseline?.strangers ?? [])].map(deviceKey);
    this.#gone = [...before.#gone, ...strangers, ...before.partKeys()];
  }

  /**
   * Begins to write out how things stand now.
   * @param isWhole all of it, not only what has changed since the capture that was kept last
   */
  capture(header: EnginePart, isWhole: boolean): Capture {
    if (this.#capture !== undefined) this.endCapture(this.#capture, false);
    const { entries, shared } = this.#roster;
    const present = this.#gone.length === 0 ? undefined : this.partKeys();
    this.#capture = new Capture(
      header,
      this.#roster.ground,
      [...entries],
      shared,
      isWhole ? undefined : this.#baseline,
      this.#touched,
      this.#gone.filter((key) => present?.has(key) === false),
    );
    this.#touched = new Set();
    return this.#capture;
  }

  /** `isKept`: it is safe, and the next one may build on it. */
  endCapture(capture: Capture, isKept: boolean): void {
    if (this.#capture !== capture) return;
    this.#capture = undefined;
    if (isKept) {
      this.#baseline = capture.baseline;
      this.#gone = [];
    } else for (const thing of capture.touched) if (!this.#left.has(thing)) this.#touched.add(thing);
  }
}
