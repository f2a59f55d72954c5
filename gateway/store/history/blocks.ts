import { bytesAt, type Connection, numberAt, type Row } from '../database/connection.ts';
import { decodeBlock, encodeBlock, type Points } from './block.ts';

/** A block's row without its bytes. */
export interface BlockRow {
  readonly id: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly count: number;
  /** Undefined where a reading is no finite number. */
  readonly summary: { readonly min: number; readonly max: number; readonly sum: number } | undefined;
}

/** No block spans more: what overlaps a moment began at most this long before it. */
export const SPAN_MAX_US = 24 * 3600 * 1_000_000;

const blockRow = (row: Row): BlockRow => ({
  id: numberAt(row, 0),
  startUs: numberAt(row, 1),
  endUs: numberAt(row, 2),
  count: numberAt(row, 3),
  summary: row[6] === null ? undefined : { min: numberAt(row, 4), max: numberAt(row, 5), sum: numberAt(row, 6) },
});

const summaryOf = ({ values, count }: Points): readonly (number | null)[] => {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const value = values[index] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return Number.isFinite(sum) ? [min, max, sum] : [null, null, null];
};

/** The table of blocks. */
export interface Blocks {
  insert(key: number, points: Points): number;
  replace(id: number, points: Points): void;
  read(id: number): Points;
  /** Blocks with readings from `fromUs` on and before `toUs`, by their start. */
  overlapping(key: number, fromUs: number, toUs: number): readonly BlockRow[];
}

export const blocksOf = (connection: Connection): Blocks => {
  const columns = 'start_us, end_us, count, min, max, sum, bytes';
  const insert = connection.prepare(`INSERT INTO blocks (${columns}, series) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = connection.prepare(`UPDATE blocks SET (${columns}) = (?, ?, ?, ?, ?, ?, ?) WHERE id = ?`);
  const read = connection.prepare('SELECT bytes FROM blocks WHERE id = ?');
  const find = connection.prepare(
    `SELECT id, start_us, end_us, count, min, max, sum FROM blocks
     WHERE series = ? AND start_us >= ? AND start_us < ? AND end_us >= ? ORDER BY start_us, id`,
  );
  const fields = (points: Points): readonly (number | null | Buffer)[] => {
    const { timesUs, count } = points;
    return [timesUs[0] ?? 0, timesUs[count - 1] ?? 0, count, ...summaryOf(points), encodeBlock(points)];
  };
  return {
    insert: (key, points) => insert.run(...fields(points), key),
    replace: (id, points) => void update.run(...fields(points), id),
    read: (id) => decodeBlock(bytesAt(read.rows(id)[0], 0)),
    overlapping: (key, fromUs, toUs) => find.rows(key, fromUs - SPAN_MAX_US, toUs, fromUs).map(blockRow),
  };
};
