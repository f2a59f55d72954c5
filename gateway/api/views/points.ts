import type { Readable } from 'node:stream';
import type { HistoryAnswer } from '../contract.ts';
import { inTurns } from './in-turns.ts';

/** Points of a piece: well under a millisecond. */
const POINTS_A_TURN = 1000;

const written = (value: number | undefined): string => (Number.isFinite(value) ? String(value) : 'null');

function* pieces(values: Float64Array, width: number): Generator<string> {
  const stride = POINTS_A_TURN * width;
  for (let from = 0; from < values.length; from += stride) {
    const points: string[] = [];
    for (let at = from; at < Math.min(values.length, from + stride); at += width) {
      const figures: string[] = [];
      for (let offset = 0; offset < width; offset += 1) figures.push(written(values[at + offset]));
      points.push(`[${figures.join(',')}]`);
    }
    yield points.join(',');
  }
}

/**
 * A history answer as JSON.
 * @param width figures of a point: 2, or 4 with steps
 */
export const historyText = (head: Omit<HistoryAnswer, 'points'>, values: Float64Array, width: 2 | 4): Readable =>
  inTurns({ head: `${JSON.stringify(head).slice(0, -1)},"points":[`, tail: ']}' }, pieces(values, width));
