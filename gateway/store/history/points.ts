import type { Points } from './block.ts';

const isRising = (timesUs: Float64Array, count: number): boolean => {
  for (let index = 1; index < count; index += 1) if ((timesUs[index] ?? 0) < (timesUs[index - 1] ?? 0)) return false;
  return true;
};

/** The same readings in order of time; those of one time keep theirs. */
export const inOrder = (points: Points): Points => {
  const { timesUs, values, count } = points;
  if (isRising(timesUs, count)) return points;
  const order = Uint32Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => (timesUs[a] ?? 0) - (timesUs[b] ?? 0) || a - b,
  );
  return {
    timesUs: Float64Array.from(order, (index) => timesUs[index] ?? 0),
    values: Float64Array.from(order, (index) => values[index] ?? 0),
    count,
  };
};

/** All of them, in order of time. */
export const merged = (pieces: readonly Points[]): Points => {
  const [first, ...others] = pieces;
  if (first !== undefined && others.length === 0) return inOrder(first);
  const count = pieces.reduce((sum, piece) => sum + piece.count, 0);
  const timesUs = new Float64Array(count);
  const values = new Float64Array(count);
  let at = 0;
  for (const piece of pieces) {
    timesUs.set(piece.timesUs.subarray(0, piece.count), at);
    values.set(piece.values.subarray(0, piece.count), at);
    at += piece.count;
  }
  return inOrder({ timesUs, values, count });
};

/** Those from `fromUs` on, before `toUs`. */
export const within = (points: Points, fromUs: number, toUs: number): Points => {
  const { timesUs, values, count } = points;
  let start = 0;
  let end = count;
  while (start < end && (timesUs[start] ?? 0) < fromUs) start += 1;
  while (end > start && (timesUs[end - 1] ?? 0) >= toUs) end -= 1;
  return { timesUs: timesUs.subarray(start, end), values: values.subarray(start, end), count: end - start };
};

export const slice = ({ timesUs, values }: Points, start: number, end: number): Points => ({
  // Copies: a block's encoder reads the bytes behind them.
  timesUs: timesUs.slice(start, end),
  values: values.slice(start, end),
  count: end - start,
});
