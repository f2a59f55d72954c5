const FIRST_MS = 500;
const MAX_MS = 8_000;

/**
 * How long to wait after so many failed tries, milliseconds: twice as long each time. `random` (0 to 1) spreads it over
 * half of that, so that a hundred phones do not come back as one.
 */
export const backoffMs = (failures: number, random: number): number =>
  Math.min(MAX_MS, FIRST_MS * 2 ** failures) * (0.5 + random / 2);
