import type { Limit, Severity } from './rule.ts';

/** One step of a scale: from `limit` on, once that has lasted. */
export interface Level {
  readonly severity: Severity;
  readonly limit: number;
  /** On-delay, milliseconds. */
  readonly holdMs: number;
  /** Time alone does not count: a further sample must agree, at least `holdMs` after the first. */
  readonly confirmed?: true;
}

/** A scale of levels from mild to severe: limits rise (`above`) or fall (`below`). */
export interface Scale {
  readonly direction: 'above' | 'below';
  readonly levels: readonly Level[];
  /** Off-delay of every level, milliseconds. */
  readonly clearMs: number;
  /** How far a value must be back within a limit before the level is left, in the value's unit. */
  readonly deadband: number;
}

/** Where a value stands at one level. `rising` and `leaving` run since then; judged Unix milliseconds. */
type Mark =
  | { readonly phase: 'off' }
  | { readonly phase: 'on' }
  | { readonly phase: 'rising' | 'leaving'; readonly sinceMs: number };

/** One mark for each level of the scale; empty while all are off. Plain JSON. */
export type Marks = readonly Mark[];

export const NO_MARKS: Marks = [];

const OFF: Mark = { phase: 'off' };
const ON: Mark = { phase: 'on' };

const beyond = (scale: Scale, limit: number, value: number): boolean =>
  scale.direction === 'above' ? value >= limit : value <= limit;

/** True while a value is not far enough back to leave the level. */
const clings = ({ direction, deadband }: Scale, limit: number, value: number): boolean =>
  direction === 'above' ? value >= limit - deadband : value <= limit + deadband;

/** A wake at `sinceMs + forMs` must count, also where a shift of time has rounded a fraction of a millisecond. */
const lasted = (sinceMs: number, forMs: number, nowMs: number): boolean => nowMs - sinceMs >= forMs - 0.001;

const rise = (level: Level, mark: Mark, nowMs: number): Mark => {
  if (mark.phase === 'rising') return lasted(mark.sinceMs, level.holdMs, nowMs) ? ON : mark;
  return level.holdMs <= 0 && level.confirmed !== true ? ON : { phase: 'rising', sinceMs: nowMs };
};

const leave = (mark: Mark, nowMs: number, clearMs: number): Mark => {
  if (mark.phase === 'leaving') return lasted(mark.sinceMs, clearMs, nowMs) ? OFF : mark;
  return clearMs <= 0 ? OFF : { phase: 'leaving', sinceMs: nowMs };
};

const judgeMark = (scale: Scale, level: Level, mark: Mark, value: number, nowMs: number, mayLeave: boolean): Mark => {
  if (mark.phase === 'off' || mark.phase === 'rising') {
    return beyond(scale, level.limit, value) ? rise(level, mark, nowMs) : OFF;
  }
  if (!mayLeave || clings(scale, level.limit, value)) return mark.phase === 'on' ? mark : ON;
  return leave(mark, nowMs, scale.clearMs);
};

/** Applies `next` to every level; the same marks, and nothing allocated, when none changed. */
const each = (scale: Scale, marks: Marks, next: (level: Level, mark: Mark) => Mark): Marks => {
  let result: Mark[] | undefined;
  scale.levels.forEach((level, index) => {
    const mark = marks[index] ?? OFF;
    const then = next(level, mark);
    if (then.phase === mark.phase) return;
    result ??= scale.levels.map((_, other) => marks[other] ?? OFF);
    result[index] = then;
  });
  if (result === undefined) return marks;
  return result.every(({ phase }) => phase === 'off') ? NO_MARKS : result;
};

/**
 * Judges a new value. Every level keeps its own time: a level counts once the value has been at or beyond its limit for
 * `holdMs` without a break, and is left once the value has been back by more than the deadband for `clearMs`. With
 * `mayLeave` false no level is left, and what was being left stands again: for values known to be incomplete.
 */
export const judgeLevels = (scale: Scale, marks: Marks, value: number, nowMs: number, mayLeave = true): Marks => {
  const mildest = scale.levels[0];
  if (marks.length === 0 && (mildest === undefined || !beyond(scale, mildest.limit, value))) return marks;
  return each(scale, marks, (level, mark) => judgeMark(scale, level, mark, value, nowMs, mayLeave));
};

/** Time has passed and the value held: levels are reached or left by that alone. */
export const passTime = (scale: Scale, marks: Marks, nowMs: number): Marks => {
  if (marks.length === 0) return marks;
  return each(scale, marks, (level, mark) => {
    if (mark.phase === 'rising') return level.confirmed === true ? mark : rise(level, mark, nowMs);
    return mark.phase === 'leaving' ? leave(mark, nowMs, scale.clearMs) : mark;
  });
};

/** The value is not known any more: what was on its way to a level, or out of one, has to begin anew. */
export const interrupted = (marks: Marks): Marks => {
  if (marks.every(({ phase }) => phase === 'off' || phase === 'on')) return marks;
  const left = marks.map((mark) => (mark.phase === 'leaving' ? ON : mark.phase === 'rising' ? OFF : mark));
  return left.every(({ phase }) => phase === 'off') ? NO_MARKS : left;
};

/** When the next level is reached or left if the value holds; undefined: never. */
export const nextDeadlineMs = (scale: Scale, marks: Marks): number | undefined => {
  let nextMs: number | undefined;
  marks.forEach((mark, index) => {
    const level = scale.levels[index];
    if (level === undefined || mark.phase === 'off' || mark.phase === 'on') return;
    if (mark.phase === 'rising' && level.confirmed === true) return;
    const dueMs = mark.sinceMs + (mark.phase === 'rising' ? level.holdMs : scale.clearMs);
    nextMs = earlier(nextMs, dueMs);
  });
  return nextMs;
};

const severest = (scale: Scale, marks: Marks, has: (mark: Mark) => boolean): Level | undefined =>
  scale.levels[marks.findLastIndex(has)];

/** The severest level that counts. */
export const reachedLevel = (scale: Scale, marks: Marks): Level | undefined =>
  severest(scale, marks, ({ phase }) => phase === 'on' || phase === 'leaving');

/** The severest level that the value is beyond without having lasted. */
export const risingLevel = (scale: Scale, marks: Marks): Level | undefined =>
  severest(scale, marks, ({ phase }) => phase === 'rising');

/** The limits of a scale, `factor` times as large, for people to see. */
export const limitsOfScale = ({ direction, levels }: Scale, factor = 1): readonly Limit[] =>
  levels.map(({ severity, limit }) => ({ severity, direction, limit: limit * factor }));

/** What is under way has so much longer to go: time in which nothing was known. */
export const laterBy = (marks: Marks, ms: number): Marks =>
  marks.map((mark) => ('sinceMs' in mark ? { ...mark, sinceMs: mark.sinceMs + ms } : mark));

/** The earlier of two deadlines. */
export const earlier = (a: number | undefined, b: number | undefined): number | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
};

/** True while the value itself is at or beyond the level, whatever has lasted. */
export const isBeyond = (scale: Scale, level: Level, value: number): boolean => beyond(scale, level.limit, value);
