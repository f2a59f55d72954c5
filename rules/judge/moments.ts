const NEAR_MS = 400 * 86_400_000;

/**
 * Plain JSON with every moment in it later by `byMs`. A moment is a number close to the Unix milliseconds `aroundMs`:
 * durations, counts and readings are nowhere near.
 */
export const moved = <T>(value: T, byMs: number, aroundMs: number): T =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' && Math.abs(each - aroundMs) < NEAR_MS ? each + byMs : each,
    ),
  );
