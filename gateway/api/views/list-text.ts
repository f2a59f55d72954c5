import type { Readable } from 'node:stream';
import { inTurns } from './in-turns.ts';

/** Items of a piece: about a millisecond. */
const ITEMS_A_TURN = 50;

function* pieces<T>(items: readonly T[], view: (item: T) => unknown): Generator<string> {
  for (let at = 0; at < items.length; at += ITEMS_A_TURN) {
    yield items
      .slice(at, at + ITEMS_A_TURN)
      .map((item) => JSON.stringify(view(item)))
      .join(',');
  }
}

/** A page of a list as JSON, where making its items takes time. */
export const listText = <T>(items: readonly T[], next: string | undefined, view: (item: T) => unknown): Readable => {
  const tail = next === undefined ? ']}' : `],"next":${JSON.stringify(next)}}`;
  return inTurns({ head: '{"items":[', tail }, pieces(items, view));
};
