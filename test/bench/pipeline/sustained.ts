import { type Course, type Leg, p99 } from './course.ts';

const P99_MAX_MS = 100;
const STEP_SECONDS = 3;
/** The generator may fall this far short of a rate before the leg says nothing of the contestant. */
const RATE_SHARE = 0.98;
/** Steps upwards: of a search that knows nothing, and of one whose start was measured before. */
const GROWTH = { unknown: 1.35, measured: 1.12 } as const;
const NEAR = 1.04;
const LOWEST = 5_000;
const CONFIRMS = 12;
/** How far to go down after a failed confirmation: a little at first, then in earnest. */
const stepDown = (attempt: number): number => (attempt <= 3 ? 0.96 : 0.88);

/** Everything was judged, nothing shed, and judged in time. */
export const holds = (leg: Leg, asked: number): boolean =>
  leg.judged >= leg.sent &&
  leg.shed === 0 &&
  leg.missing === 0 &&
  leg.perSecond >= asked * RATE_SHARE &&
  p99(leg) < P99_MAX_MS;

/** A second try, because a neighbour on the machine may have spoilt the first. */
const holdsOnce = async (course: Course, rate: number): Promise<boolean> => {
  if (holds(await course.run(rate, STEP_SECONDS), rate)) return true;
  return holds(await course.run(rate, STEP_SECONDS), rate);
};

/** The highest rate found by short legs: up by steps until it fails, then between the last two. */
const search = async (course: Course, start: number, growth: number): Promise<number> => {
  let good = 0;
  let bad = Infinity;
  for (let rate = start; bad / Math.max(good, 1) > NEAR && rate >= LOWEST; ) {
    if (await holdsOnce(course, rate)) good = rate;
    else bad = rate;
    if (bad === Infinity) rate *= growth;
    else rate = good === 0 ? bad / growth : Math.sqrt(good * bad);
  }
  return good;
};

export interface Sustained {
  readonly rate: number;
  readonly leg: Leg;
}

/**
 * The highest rate that holds for `seconds`.
 * @param start a guess at it; `known` says whether it was measured or not
 */
export const sustained = async (
  course: Course,
  start: number,
  known: keyof typeof GROWTH,
  seconds: number,
): Promise<Sustained> => {
  let rate = await search(course, start, GROWTH[known]);
  let leg = await course.run(rate, seconds);
  for (let attempt = 1; attempt < CONFIRMS && !holds(leg, rate); attempt += 1) {
    rate *= stepDown(attempt);
    leg = await course.run(rate, seconds);
  }
  return { rate: holds(leg, rate) ? rate : 0, leg };
};
