/** Things of which only the latest state matters. `Print` is equal for states that look alike. */
export interface Watched<Thing, Print, View> {
  things(): readonly Thing[];
  keyOf(thing: Thing): string;
  print(thing: Thing): Print;
  isSame(a: Print, b: Print): boolean;
  /** At the first look since `primedMs`: whether it may have changed since then. */
  isNews(print: Print, primedMs: number): boolean;
  view(thing: Thing): View;
}

/**
 * Finds what has changed by looking, a part of the things at a time: samples come far more often than anybody can see,
 * and cost nothing here. A client that was cut off is given what changed meanwhile, each once, without any of it having
 * been kept.
 */
export interface Watch<View> {
  /** Looks at the next things, and takes those that differ from what was last taken, `most` of them. */
  take(looks: number, most: number): readonly Taken<View>[];
  /** From now on changes count: what was before, nobody is told. Of judged time `nowMs`. */
  prime(nowMs: number): void;
  /** It was told under this number. */
  told(key: string, sequence: number): void;
  /** Those that were told after this number, as they are now; undefined: more than `most`. */
  since(sequence: number, most: number): readonly Taken<View>[] | undefined;
}

export interface Taken<View> {
  readonly key: string;
  readonly view: View;
}

export const watch = <Thing, Print, View>(of: Watched<Thing, Print, View>): Watch<View> => {
  const prints = new Map<string, Print>();
  const sequences = new Map<string, number>();
  let at = 0;
  let primedMs = 0;

  const differs = (thing: Thing): boolean => {
    const key = of.keyOf(thing);
    const print = of.print(thing);
    const before = prints.get(key);
    if (before !== undefined && of.isSame(before, print)) return false;
    prints.set(key, print);
    return before !== undefined || of.isNews(print, primedMs);
  };

  const taken = (thing: Thing): Taken<View> => ({ key: of.keyOf(thing), view: of.view(thing) });

  /** Strangers come and go: what is no longer there is forgotten. */
  const forget = (things: readonly Thing[]): void => {
    if (prints.size <= things.length * 2 + 100) return;
    const there = new Set(things.map(of.keyOf));
    for (const key of prints.keys()) if (!there.has(key)) prints.delete(key);
    for (const key of sequences.keys()) if (!there.has(key)) sequences.delete(key);
  };

  return {
    take: (looks, most) => {
      const things = of.things();
      const found: Taken<View>[] = [];
      forget(things);
      for (let left = Math.min(looks, things.length); left > 0 && found.length < most; left -= 1) {
        at = at + 1 < things.length ? at + 1 : 0;
        const thing = things[at];
        if (thing !== undefined && differs(thing)) found.push(taken(thing));
      }
      return found;
    },
    prime: (nowMs) => {
      prints.clear();
      primedMs = nowMs;
    },
    told: (key, sequence) => {
      sequences.set(key, sequence);
    },
    since: (sequence, most) => {
      const keys = new Set<string>();
      for (const [key, told] of sequences) if (told > sequence) keys.add(key);
      if (keys.size > most) return undefined;
      return keys.size === 0
        ? []
        : of
            .things()
            .filter((thing) => keys.has(of.keyOf(thing)))
            .map(taken);
    },
  };
};
