/** Things by their id, and those of an alarm without looking at the others: alarms are raised on the hot path. */
export class Book<T> {
  readonly #all: Map<string, T>;
  readonly #ofAlarm = new Map<string, Set<string>>();
  readonly #alarmOf: (thing: T) => string;

  constructor(kept: Iterable<readonly [id: string, thing: T]>, alarmOf: (thing: T) => string) {
    this.#alarmOf = alarmOf;
    this.#all = new Map();
    for (const [id, thing] of kept) this.put(id, thing);
  }

  get size(): number {
    return this.#all.size;
  }

  get(id: string): T | undefined {
    return this.#all.get(id);
  }

  put(id: string, thing: T): void {
    this.#all.set(id, thing);
    const alarm = this.#alarmOf(thing);
    const known = this.#ofAlarm.get(alarm);
    if (known === undefined) this.#ofAlarm.set(alarm, new Set([id]));
    else known.add(id);
  }

  delete(id: string): void {
    const thing = this.#all.get(id);
    if (thing === undefined) return;
    this.#all.delete(id);
    const alarm = this.#alarmOf(thing);
    const known = this.#ofAlarm.get(alarm);
    known?.delete(id);
    if (known?.size === 0) this.#ofAlarm.delete(alarm);
  }

  /** In the order in which they were first put. */
  all(): readonly T[] {
    return [...this.#all.values()];
  }

  values(): Iterable<T> {
    return this.#all.values();
  }

  of(alarm: string): readonly T[] {
    return [...(this.#ofAlarm.get(alarm) ?? [])].flatMap((id) => this.#all.get(id) ?? []);
  }
}
