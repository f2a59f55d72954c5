import { type Refusal, refuse } from '../problems.ts';

interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export const cursorOf = (key: string): string => Buffer.from(key).toString('base64url');

export const keyOfCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

/**
 * One page of a list in memory. The cursor is the key of its last item, so that items that come or go elsewhere shift
 * nothing; refused when that item itself has gone.
 */
export const pageOf = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { limit, cursor }: Asked,
): Page<T> | Refusal => {
  const shown = cursor === undefined ? undefined : keyOfCursor(cursor);
  const after = shown === undefined ? -1 : items.findIndex((item) => keyOf(item) === shown);
  if (cursor !== undefined && after < 0) return refuse('cursor-expired');
  const page = items.slice(after + 1, after + 1 + limit);
  const last = page.at(-1);
  return after + 1 + limit >= items.length || last === undefined
    ? { items: page }
    : { items: page, next: cursorOf(keyOf(last)) };
};
