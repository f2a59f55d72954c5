import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HistoryAnswer } from '../contract.ts';

/** Points written in one go: well under a millisecond, then whatever else waits has its turn. */
const POINTS_A_TURN = 1000;

const written = (value: number | undefined): string => (Number.isFinite(value) ? String(value) : 'null');

const pointsText = (values: Float64Array, width: number, from: number, to: number): string => {
  const points: string[] = [];
  for (let at = from; at < to; at += width) {
    const figures: string[] = [];
    for (let offset = 0; offset < width; offset += 1) figures.push(written(values[at + offset]));
    points.push(`[${figures.join(',')}]`);
  }
  return points.join(',');
};

async function* textOf(
  head: Omit<HistoryAnswer, 'points'>,
  values: Float64Array,
  width: number,
): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"points":[`;
  const stride = POINTS_A_TURN * width;
  for (let at = 0; at < values.length; at += stride) {
    if (at > 0) await nextTurn();
    yield `${at > 0 ? ',' : ''}${pointsText(values, width, at, Math.min(values.length, at + stride))}`;
  }
  yield ']}';
}

/**
 * A history answer as JSON, written a piece a turn: a day of readings at once would hold up whatever has to be judged
 * meanwhile.
 * @param width figures of a point: 2, or 4 with steps
 */
export const historyText = (head: Omit<HistoryAnswer, 'points'>, values: Float64Array, width: 2 | 4): Readable =>
  Readable.from(textOf(head, values, width), { objectMode: false, highWaterMark: 65_536 });
