import type { Sample } from '../../ingest/model/sample.ts';
import type { Observed } from './estimate.ts';

/** What one channel of one device last said of a zone. Plain JSON; null: never said. */
export interface Feed {
  readonly device: string;
  readonly channel: string;
  readonly entries: number | null;
  readonly exits: number | null;
  readonly occupancy: number | null;
  /** The device's own stamp of its last totals. */
  readonly stampMs: number | null;
  /** Covariance of the estimate's error with the counting error of this gate (a share of those who pass). */
  readonly covariance: number;
  /** Estimate of that error: how many too many it counts for each who passes. Shown, never applied. */
  readonly bias: number;
}

/** A lower total with an own stamp older by up to this much is a late message, not a reset. */
const STALE_MAX_MS = 60_000;

export const valid = (value: number | undefined): number | null => (value !== undefined && value >= 0 ? value : null);

/** How many more a total says. A total that went down was reset: what it counted since then comes on top. */
export const increase = (before: number | null, now: number | null, sinceZero: boolean): number => {
  if (now === null) return 0;
  if (before === null) return sinceZero ? now : 0;
  return now >= before ? now - before : now;
};

export const wentDown = (before: number | null, now: number | null): boolean =>
  before !== null && now !== null && now < before;

export const isStale = (feed: Feed, sample: Sample): boolean => {
  if (feed.stampMs === null || sample.timeFrom !== 'device') return false;
  const behindMs = feed.stampMs - sample.timeMs;
  return behindMs > 0 && behindMs <= STALE_MAX_MS;
};

export const newFeed = ({ device, channel }: Sample): Feed => ({
  device,
  channel,
  entries: null,
  exits: null,
  occupancy: null,
  stampMs: null,
  covariance: 0,
  bias: 0,
});

/** True where gates count people in and out. */
export const isIntegrated = (feeds: readonly Feed[]): boolean =>
  feeds.some(({ entries, exits }) => entries !== null || exits !== null);

/** The people that cameras see, each watching its part; null where none has said. Devices that left the zone have no say. */
export const seenBy = (feeds: readonly Feed[], devices: ReadonlySet<string>): number | null => {
  let views: Map<string, { whole: number; parts: number }> | undefined;
  for (const { device, channel, occupancy } of feeds) {
    if (occupancy === null || !devices.has(device)) continue;
    views ??= new Map();
    const view = views.get(device) ?? { whole: 0, parts: 0 };
    view[channel === '' ? 'whole' : 'parts'] += occupancy;
    views.set(device, view);
  }
  if (views === undefined) return null;
  let persons = 0;
  // Regions of a device that counts its whole view, too, are parts of that: the higher of the two is taken.
  for (const { whole, parts } of views.values()) persons += Math.max(whole, parts);
  return persons;
};

type Lesson = Pick<Observed, 'gain' | 'innovation' | 'variance'>;

/**
 * What an absolute count teaches of the gates: each one's error is corrected as the filter would (gain -cov(e, b) / S for
 * an innovation of the opposite sign), and the estimate shares less of it from now on.
 */
export const taught = (feeds: readonly Feed[], { gain, innovation, variance }: Lesson): readonly Feed[] =>
  feeds.map((feed) => ({
    ...feed,
    bias: feed.bias - (feed.covariance / variance) * innovation,
    covariance: feed.covariance * (1 - gain),
  }));
