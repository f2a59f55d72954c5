import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  heardBy,
  NOWHERE,
  notHeardSinceMs,
  type PresenceSettings,
  type Whereabouts,
  type ZoneHearing,
} from '../../../ingest/presence/whereabouts.ts';

const SETTINGS: PresenceSettings = { marginDb: 6, dwellMs: 5000, lostMs: 15_000 };

/** Two receivers of the hall, one of the foyer and one of the stage. */
const ZONES: Readonly<Record<string, string>> = { h1: 'hall', h2: 'hall', f: 'foyer', s: 'stage' };

const heard = (receiver: string, rssiDbm: number | undefined, seconds: number): ZoneHearing => ({
  receiver,
  zone: ZONES[receiver] ?? '?',
  rssiDbm,
  atMs: Math.round(seconds * 1000),
});

interface Move {
  readonly seconds: number;
  readonly zone: string | undefined;
}

/** Every change of the zone. */
const movesOf = (hearings: Iterable<ZoneHearing>, from: Whereabouts = NOWHERE) => {
  const moves: Move[] = [];
  let state = from;
  for (const hearing of hearings) {
    const next = heardBy(state, hearing, SETTINGS);
    if (next.place?.zone !== state.place?.zone) moves.push({ seconds: hearing.atMs / 1000, zone: next.place?.zone });
    state = next;
  }
  return { moves, state };
};

/** Noise that is the same in every run: a linear congruential generator (Numerical Recipes) and Box-Muller. */
const noise = (seed: number, sigmaDb: number): (() => number) => {
  let x = seed;
  const uniform = (): number => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return (x + 1) / 4_294_967_297;
  };
  return () => sigmaDb * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
};

/** Log-distance path loss indoors: -59 dBm at a metre, exponent 2.7. */
const rssiAt = (metres: number): number => -59 - 27 * Math.log10(Math.max(1, metres));

describe('the zone of a badge', () => {
  test('the first receiver that hears it places it; the receiver that hears best is named', () => {
    const { state } = movesOf([heard('h1', -80, 0), heard('h2', -60, 0.01)]);
    expect(state.place).toEqual({ zone: 'hall', sinceMs: 0, receiver: 'h2', rssiDbm: -60 });
  });

  test('changes when another zone hears it by the margin more strongly, all through the dwell time', () => {
    const both = (seconds: number) => [heard('f', -70, seconds), heard('h1', -62, seconds + 0.01)];
    const { moves } = movesOf([heard('f', -70, 0), ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap(both)]);
    expect(moves).toEqual([
      { seconds: 0, zone: 'foyer' },
      { seconds: 6.01, zone: 'hall' },
    ]);
  });

  test('stays where the other is stronger by less than the margin, for however long', () => {
    const seconds = Array.from({ length: 600 }, (_, index) => index);
    const { moves } = movesOf(seconds.flatMap((at) => [heard('f', -70, at), heard('h1', -65, at)]));
    expect(moves).toEqual([{ seconds: 0, zone: 'foyer' }]);
  });

  test('two receivers of one zone count as one: it does not wander between them, and the better one speaks', () => {
    const seconds = Array.from({ length: 120 }, (_, index) => index);
    const swaying = seconds.flatMap((at) => [
      heard('h1', at % 20 < 10 ? -55 : -90, at),
      heard('h2', at % 20 < 10 ? -90 : -55, at),
      heard('f', -66, at),
    ]);
    expect(movesOf(swaying).moves).toEqual([{ seconds: 0, zone: 'hall' }]);
  });

  test('a body that stands in the way for 6 s moves it nowhere: strength is smoothed', () => {
    const seconds = Array.from({ length: 60 }, (_, index) => index);
    const { moves } = movesOf(
      seconds.flatMap((at) => [heard('h1', at >= 30 && at < 36 ? -72 : -60, at), heard('f', -61, at + 0.003)]),
    );
    expect(moves).toEqual([{ seconds: 0, zone: 'hall' }]);
  });

  test('an hour of noise around equal strength moves it nowhere', () => {
    const jitter = noise(7, 5);
    const seconds = Array.from({ length: 3600 }, (_, index) => index);
    const { moves } = movesOf(
      seconds.flatMap((at) => [heard('h1', -70 + jitter(), at), heard('f', -70 + jitter(), at + 0.003)]),
    );
    expect(moves).toEqual([{ seconds: 0, zone: 'hall' }]);
  });

  test.each([1, 2, 3, 4, 5])(
    'a real walk from one receiver to the other is seen within 10 s of arriving (%i)',
    (seed) => {
      const jitter = noise(seed, 4);
      const lost = noise(seed + 100, 1);
      const metres = 30;
      const arrives = metres / 1.4;
      const hearings: ZoneHearing[] = [];
      for (let at = 0; at < arrives + 30; at += 1) {
        const x = Math.min(metres, 1.4 * at);
        // Every third advert or so is lost.
        if (lost() < 0.5) hearings.push(heard('f', rssiAt(x) + jitter(), at));
        if (lost() < 0.5) hearings.push(heard('h1', rssiAt(metres - x) + jitter(), at));
      }
      const { moves } = movesOf(hearings);
      const last = moves.at(-1);
      expect(last?.zone).toBe('hall');
      expect(last?.seconds).toBeLessThan(arrives + 10);
      expect(last?.seconds).toBeGreaterThan(arrives / 2);
    },
  );

  test('out of reach of its zone it is where it is heard, once that zone has missed it for long enough', () => {
    const near = Array.from({ length: 10 }, (_, at) => heard('f', -50, at));
    const far = Array.from({ length: 40 }, (_, index) => heard('h1', -88, 10 + index));
    const { moves } = movesOf([...near, ...far]);
    expect(moves).toEqual([
      { seconds: 0, zone: 'foyer' },
      // Lost 15 s after second 9, and then the dwell time.
      { seconds: 30, zone: 'hall' },
    ]);
  });

  test('a badge that sends every 30 s is placed as well', () => {
    const at = (seconds: number, f: number, h: number) => [heard('h1', h, seconds), heard('f', f, seconds + 0.01)];
    const { moves } = movesOf([
      heard('f', -60, 0),
      ...[30, 60, 90].flatMap((seconds) => at(seconds, -60, -80)),
      ...[120, 150, 180, 210, 240].flatMap((seconds) => at(seconds, -85, -55)),
    ]);
    expect(moves.map(({ zone }) => zone)).toEqual(['foyer', 'hall']);
    expect(moves[1]?.seconds).toBeLessThanOrEqual(180.01);
  });

  test('heard by nobody it stays where it was, marked; the first advert after a silence moves it nowhere', () => {
    const { state } = movesOf([heard('f', -60, 0), heard('f', -60, 1), heard('h1', -50, 1.5)]);
    expect(notHeardSinceMs(state, 10_000, SETTINGS)).toBeUndefined();
    expect(notHeardSinceMs(state, 3_600_000, SETTINGS)).toBe(1500);
    expect(state.place?.zone).toBe('foyer');
    // The radio of the hall is a few milliseconds faster: no reason to go there.
    const { moves } = movesOf([heard('h1', -70, 3600), heard('f', -60, 3600.01), heard('h1', -70, 3606)], state);
    expect(moves).toEqual([]);
  });

  test('a receiver that does not say how strongly it hears counts as the weakest', () => {
    expect(movesOf([heard('f', undefined, 0)]).state.place).toMatchObject({ zone: 'foyer', rssiDbm: -127 });
    const seconds = Array.from({ length: 10 }, (_, at) => at + 1);
    const { moves } = movesOf([
      heard('f', undefined, 0),
      ...seconds.flatMap((at) => [heard('f', undefined, at), heard('h1', -95, at)]),
    ]);
    expect(moves.map(({ zone }) => zone)).toEqual(['foyer', 'hall']);
  });

  test('state is plain JSON of bounded size, and is not mutated', () => {
    let state = NOWHERE;
    for (let index = 0; index < 1000; index += 1) {
      const hearing = { receiver: `r${index}`, zone: `z${index % 7}`, rssiDbm: -60, atMs: index * 10 };
      state = heardBy(Object.freeze(state), hearing, SETTINGS);
    }
    expect(state.levels.length).toBeLessThanOrEqual(16);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

test('whatever is heard, the zone never changes more than once in a dwell time', () => {
  const hearing = fc.record({
    receiver: fc.constantFrom('h1', 'h2', 'f', 's'),
    rssiDbm: fc.option(fc.integer({ min: -127, max: 20 }), { nil: undefined }),
    afterMs: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 20_000 })),
  });
  fc.assert(
    fc.property(fc.array(hearing, { maxLength: 200 }), (list) => {
      let atMs = 0;
      const hearings = list.map(({ receiver, rssiDbm, afterMs }) => {
        atMs += afterMs;
        return heard(receiver, rssiDbm, atMs / 1000);
      });
      const { moves, state } = movesOf(hearings);
      for (const [index, { seconds }] of moves.entries()) {
        const before = moves[index - 1];
        if (before !== undefined) expect(seconds - before.seconds).toBeGreaterThanOrEqual(5);
      }
      // It is somewhere where it was heard.
      if (list.length > 0) expect(list.map(({ receiver }) => ZONES[receiver])).toContain(state.place?.zone);
    }),
    { numRuns: 300 },
  );
});
