import { useEffect, useState } from 'preact/hooks';
import type { Threshold } from '../../../gateway/api/contract.ts';
import { history } from '../live/gateway.ts';
import type { TrendChoice } from '../state/state.ts';
import { type Point, pointsOf, RANGES, type Range } from './series.ts';

/** What is kept. With `problem` it could not be read, and only what comes from now on is shown. */
export type Kept =
  | { readonly phase: 'loading' }
  | {
      readonly phase: 'read';
      readonly thresholds: readonly Threshold[];
      readonly points: readonly Point[];
      readonly problem?: { readonly zh: string; readonly en: string };
    };

const UNANSWERED = { zh: '没有答复', en: 'no answer' };

const LOADING: Kept = { phase: 'loading' };

/** A chart needs no more than this many answers put together. */
const PAGES_MAX = 20;

const read = async (choice: TrendChoice, range: Range, toMs: number): Promise<Kept> => {
  const { ms, stepSeconds } = RANGES[range];
  const step = stepSeconds === undefined ? {} : { step: String(stepSeconds) };
  const to = new Date(toMs).toISOString();
  const points: Point[] = [];
  let from = new Date(toMs - ms).toISOString();
  for (let page = 1; ; page += 1) {
    const answer = await history({ ...choice, ...step, from, to });
    if (!answer.ok) return { phase: 'read', thresholds: [], points, problem: answer.problem ?? UNANSWERED };
    const { thresholds, next } = answer.body;
    points.push(...pointsOf(answer.body));
    if (next === undefined || page === PAGES_MAX) return { phase: 'read', thresholds, points };
    from = next;
  }
};

/**
 * History of what was chosen, read again when the choice changes or the connection comes back. `nowMs`: the gateway's
 * clock, undefined until it is known.
 */
export const useHistory = (
  choice: TrendChoice | undefined,
  range: Range,
  live: boolean,
  nowMs: number | undefined,
): Kept => {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly kept: Kept }>({ key: '', kept: LOADING });
  const known = nowMs !== undefined;
  const key = choice === undefined ? '' : [choice.device, choice.channel, choice.metric, range].join('\n');
  // Time passes all the while; live values follow by the stream.
  useEffect(() => {
    if (choice === undefined || !live || nowMs === undefined) return undefined;
    let wanted = true;
    void read(choice, range, nowMs).then((kept) => {
      if (wanted) setAnswer({ key, kept });
    });
    return () => {
      wanted = false;
    };
  }, [key, live, known]);
  // What was read of another choice is not shown under this one's name.
  return answer.key === key ? answer.kept : LOADING;
};
