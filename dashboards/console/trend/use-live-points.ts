import { useEffect, useState } from 'preact/hooks';
import type { Reading } from '../state/devices.ts';
import { type Point, withLive } from './series.ts';

/** What was kept, and every value that has come since. `fromMs`: the left edge of the chart. */
export const useLivePoints = (
  kept: readonly Point[],
  latest: Reading | undefined,
  fromMs: number,
): readonly Point[] => {
  const [points, setPoints] = useState(kept);
  useEffect(() => setPoints(kept), [kept]);
  const at = latest?.at;
  const value = latest?.value;
  // A new value comes with a new time.
  useEffect(() => {
    if (at !== undefined && value !== undefined) setPoints((before) => withLive(before, Date.parse(at), value, fromMs));
  }, [at, kept]);
  return points;
};
