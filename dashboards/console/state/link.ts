import type { State } from './state.ts';

/** The gateway speaks every second or two; a page that has heard nothing for this long is not live. */
const DEAF_MS = 5_000;

/** What is wrong with the connection: it was lost, never was, or holds while the lists cannot be read. */
export type Trouble = 'lost' | 'never' | 'unread';

/** Undefined: nothing is wrong, or it is too early to say. */
export const troubleOf = ({ link, nowMs, listed }: State): Trouble | undefined => {
  const { phase, heardAtMs, openedAtMs } = link;
  if (heardAtMs === undefined) return phase === 'lost' || nowMs > DEAF_MS ? 'never' : undefined;
  if (phase !== 'live' || nowMs - heardAtMs > DEAF_MS) return 'lost';
  if (listed || openedAtMs === undefined) return undefined;
  return nowMs - openedAtMs > DEAF_MS ? 'unread' : undefined;
};

/** Whether what is shown may be taken for the present. */
export const isLive = (state: State): boolean =>
  state.link.phase === 'live' && state.listed && troubleOf(state) === undefined;
