/** Which rows of a long list are drawn. */
export interface Window {
  readonly first: number;
  readonly count: number;
}

/** Rows drawn above and below what can be seen, so that a flick of the thumb meets no gap. */
const BEYOND_ROWS = 6;

/** The rows that can be seen of `total` rows of `rowPx` each. All lengths in CSS pixels. */
export const windowOf = (total: number, rowPx: number, scrollPx: number, heightPx: number): Window => {
  const first = Math.min(Math.max(0, Math.floor(scrollPx / rowPx) - BEYOND_ROWS), Math.max(0, total - 1));
  const last = Math.min(total, Math.ceil((scrollPx + heightPx) / rowPx) + BEYOND_ROWS);
  return { first, count: Math.max(0, last - first) };
};
