/** What the page knows of the gateway's clock. */
export interface ServerTime {
  /** The first moment of the span over which the rate is measured. */
  readonly base: Moment;
  /** The moment that the present is told from. */
  readonly anchor: Moment;
  /** Gateway milliseconds per real millisecond: 1, or the speed of a simulated evening. */
  readonly rate: number;
}

/** One moment on both clocks, milliseconds: the gateway's (Unix time) and the page's. */
interface Moment {
  readonly serverMs: number;
  readonly pageMs: number;
}

/** Two moments closer than this say nothing of the rate: the network's jitter is of that size. */
const RATE_MIN_SPAN_MS = 900;
/** The span begins anew after this long, so that a simulated clock that stood still at first is understood soon. */
const RATE_MAX_SPAN_MS = 20_000;
/** Clocks differ by parts in a million, and messages come late by fits: a rate this close to 1 is 1. */
const RATE_TOLERANCE = 0.35;

const between = (base: Moment, moment: Moment, otherwise: number): number => {
  const spanMs = moment.pageMs - base.pageMs;
  if (spanMs < RATE_MIN_SPAN_MS) return otherwise;
  const rate = (moment.serverMs - base.serverMs) / spanMs;
  return Math.abs(rate - 1) < RATE_TOLERANCE ? 1 : Math.max(0, rate);
};

/** What the gateway's clock shows, Unix milliseconds. */
export const serverNowMs = ({ anchor, rate }: ServerTime, pageMs: number): number =>
  anchor.serverMs + (pageMs - anchor.pageMs) * rate;

/** The gateway said what time it is. A message can only be late, never early: the least late one sets the clock. */
export const learnTime = (known: ServerTime | undefined, serverMs: number, pageMs: number): ServerTime => {
  const moment = { serverMs, pageMs };
  if (known === undefined) return { base: moment, anchor: moment, rate: 1 };
  const rate = between(known.base, moment, known.rate);
  const base = pageMs - known.base.pageMs > RATE_MAX_SPAN_MS ? moment : known.base;
  const late = rate === 1 && known.rate === 1 && serverNowMs(known, pageMs) > serverMs;
  return { base, anchor: late ? known.anchor : moment, rate };
};
