import type { List, Problem } from '../../../gateway/api/contract.ts';

/** What came of a request. `status` 0: no answer came at all. */
export type Answer<T> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly status: number; readonly problem: Problem | undefined };

export const API = '/api/v1';

const TIMEOUT_MS = 8_000;
/** A list is read to its end, but not for ever. */
const PAGES_MAX = 100;

const unanswered = { ok: false, status: 0, problem: undefined } as const;

const bodyOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
};

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'status' in body;

/** Asks the gateway that served the page; never rejects. What it answers is taken at its word: page and gateway are one release. */
const ask = async <T>(path: string, init: RequestInit, isBody: (body: unknown) => body is T): Promise<Answer<T>> => {
  try {
    const response = await fetch(path, {
      ...init,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await bodyOf(response);
    if (response.ok && isBody(body)) return { ok: true, body };
    return { ok: false, status: response.status, problem: isProblem(body) ? body : undefined };
  } catch {
    return unanswered;
  }
};

const anything = <T>(_body: unknown): _body is T => true;

export const get = <T>(path: string): Promise<Answer<T>> =>
  ask<T>(path, { headers: { accept: 'application/json' } }, anything);

export const send = <T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>> =>
  ask<T>(
    path,
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    anything,
  );

/** All pages of a list, in order. */
export const getAll = async <T>(path: string): Promise<Answer<readonly T[]>> => {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = `${path.includes('?') ? '&' : '?'}limit=1000${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const answer = await get<List<T>>(path + query);
    if (!answer.ok) return answer;
    items.push(...answer.body.items);
    cursor = answer.body.next;
    if (cursor === undefined) break;
  }
  return { ok: true, body: items };
};
