import type { Sample } from '../../ingest/model/sample.ts';
import { type Estimate, fixedAt, type Observation, type Observed, observe } from './estimate.ts';

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

/** A count by a person, or the hour at which the zone is known to be empty. */
export interface Fix {
  readonly atMs: number;
  readonly by: string;
  readonly persons: number;
  /** What was thought before. */
  readonly was: number;
}

/** The people of one zone, as counted. Plain JSON, bounded by the devices that feed the zone. */
export interface Counts {
  readonly feeds: readonly Feed[];
  /** Somebody or something has counted here: a device, or a person. */
  readonly counted: boolean;
  readonly estimate: Estimate;
  /** More people left than had come in: how many the counters have missed so far. */
  readonly driftPersons: number;
  /** How often a total went down: a counter that was reset. */
  readonly resets: number;
  /** The largest single report beyond JUMP_PERSONS; 0: none. */
  readonly jumpPersons: number;
  /** More channels reported than one zone may have; what they say is lost. */
  readonly overflow: boolean;
  /** The cameras' last word, as taken; null: none. */
  readonly seen: number | null;
  /** What disagrees with the rest beyond its declared accuracy: cameras that see far more or far fewer; null: nothing. */
  readonly conflict: 'more' | 'fewer' | null;
  readonly fix: Fix | null;
}

/** A single report of more people than this is counted, and people are asked to check. */
const JUMP_PERSONS = 10_000;

/** Devices times channels of one zone. */
export const FEEDS_MAX = 256;

/** A lower total with an own stamp older by up to this much is a late message, not a reset. */
const STALE_MAX_MS = 60_000;

export const startCounts = (initialPersons: number): Counts => ({
  feeds: [],
  counted: false,
  estimate: fixedAt(initialPersons, 0, 0),
  driftPersons: 0,
  resets: 0,
  jumpPersons: 0,
  overflow: false,
  seen: null,
  conflict: null,
  fix: null,
});

/** How a device's counts bear on the zone. */
export interface Bearing {
  /** 1: entries come into the zone; -1: entries leave it; 0: both sides of the gate are within it, or neither. */
  readonly sign: 1 | 0 | -1;
  /** Whom it sees is in the zone. */
  readonly watches: boolean;
  /** A first total counts from zero; otherwise it is only where counting starts. */
  readonly sinceZero: boolean;
  /** One standard deviation of its counting error, as a share of those who pass. */
  readonly sigma: number;
}

/** True where a sample says anything of people in a zone. */
export const hasCounts = ({ metrics }: Sample): boolean =>
  metrics.occupancyPersons !== undefined || metrics.entriesTotal !== undefined || metrics.exitsTotal !== undefined;

const valid = (value: number | undefined): number | null => (value !== undefined && value >= 0 ? value : null);

/** How many more a total says. A total that went down was reset: what it counted since then comes on top. */
const increase = (before: number | null, now: number | null, sinceZero: boolean): number => {
  if (now === null) return 0;
  if (before === null) return sinceZero ? now : 0;
  return now >= before ? now - before : now;
};

const wentDown = (before: number | null, now: number | null): boolean =>
  before !== null && now !== null && now < before;

const isStale = (feed: Feed, sample: Sample): boolean => {
  if (feed.stampMs === null || sample.timeFrom !== 'device') return false;
  const behindMs = feed.stampMs - sample.timeMs;
  return behindMs > 0 && behindMs <= STALE_MAX_MS;
};

const newFeed = ({ device, channel }: Sample): Feed => ({
  device,
  channel,
  entries: null,
  exits: null,
  occupancy: null,
  stampMs: null,
  covariance: 0,
  bias: 0,
});

/** People passed a gate: the estimate moves, and shares the gate's error the more, the more have passed. */
const passedBy = (
  { persons, variance, cameraCovariance, badgeCovariance, atMs }: Estimate,
  net: number,
  passed: number,
  sigma: number,
  covariance: number,
): Estimate => ({
  persons: persons + net,
  // e grows by bias · passed: Var(e + b·n) = P + 2n·cov(e, b) + n²σ².
  variance: variance + passed * (2 * covariance + passed * sigma * sigma),
  cameraCovariance,
  badgeCovariance,
  atMs,
});

/** Takes what a sample says of the zone in. The same counts when it says nothing new. */
export const takeCounts = (counts: Counts, sample: Sample, { sign, watches, sinceZero, sigma }: Bearing): Counts => {
  const index = counts.feeds.findIndex((feed) => feed.device === sample.device && feed.channel === sample.channel);
  const known = counts.feeds[index];
  if (known === undefined && counts.feeds.length >= FEEDS_MAX) {
    return counts.overflow ? counts : { ...counts, overflow: true };
  }
  const feed = known ?? newFeed(sample);
  const { metrics } = sample;
  const entries = sign === 0 ? null : valid(metrics.entriesTotal);
  const exits = sign === 0 ? null : valid(metrics.exitsTotal);
  const occupancy = watches ? (valid(metrics.occupancyPersons) ?? feed.occupancy) : null;
  const down = wentDown(feed.entries, entries) || wentDown(feed.exits, exits);
  if (down && isStale(feed, sample)) return counts;

  const came = increase(feed.entries, entries, sinceZero);
  const left = increase(feed.exits, exits, sinceZero);
  const unchanged =
    (entries ?? feed.entries) === feed.entries && (exits ?? feed.exits) === feed.exits && occupancy === feed.occupancy;
  if (known !== undefined && unchanged) return counts;
  const passed = came + left;
  const next: Feed = {
    device: feed.device,
    channel: feed.channel,
    entries: entries ?? feed.entries,
    exits: exits ?? feed.exits,
    occupancy,
    stampMs: sample.timeFrom === 'device' ? sample.timeMs : null,
    covariance: feed.covariance + passed * sigma * sigma,
    bias: feed.bias,
  };
  const largest = Math.max(came, left);
  const net = sign * (came - left);
  return {
    feeds: known === undefined ? [...counts.feeds, next] : counts.feeds.with(index, next),
    counted: true,
    estimate: passed === 0 ? counts.estimate : passedBy(counts.estimate, net, passed, sigma, feed.covariance),
    driftPersons: counts.driftPersons,
    resets: counts.resets + (down ? 1 : 0),
    jumpPersons: largest > JUMP_PERSONS ? Math.max(counts.jumpPersons, largest) : counts.jumpPersons,
    overflow: counts.overflow,
    seen: counts.seen,
    conflict: counts.conflict,
    fix: counts.fix,
  };
};

/** Nobody can be fewer than nobody: what is missing to zero is drift of the counters. */
export const clampCounts = (counts: Counts): Counts => {
  const { estimate } = counts;
  if (estimate.persons >= 0) return counts;
  const driftPersons = counts.driftPersons - estimate.persons;
  return { ...counts, estimate: { ...estimate, persons: 0 }, driftPersons };
};

/**
 * What an absolute count teaches of the gates: each one's error is corrected as the filter would (gain -cov(e, b) / S for
 * an innovation of the opposite sign), and the estimate shares less of it from now on.
 */
const taught = (feeds: readonly Feed[], { gain, innovation, variance }: Observed): readonly Feed[] => {
  if (!feeds.some(({ covariance }) => covariance > 0)) return feeds;
  return feeds.map((feed) => ({
    ...feed,
    bias: feed.bias - (feed.covariance / variance) * innovation,
    covariance: feed.covariance * (1 - gain),
  }));
};

/** Takes an absolute count of cameras or badges in. The same counts when it changes nothing. */
export const observeCounts = (counts: Counts, observation: Observation): Counts => {
  const observed = observe(counts.estimate, observation);
  if (observed === undefined) return counts;
  const { estimate, innovation, disagrees } = observed;
  const ofCameras = observation.of === 'camera';
  const conflict = ofCameras ? (disagrees ? (innovation > 0 ? 'more' : 'fewer') : null) : counts.conflict;
  if (estimate === counts.estimate && conflict === counts.conflict) return counts;
  const feeds = estimate === counts.estimate ? counts.feeds : taught(counts.feeds, observed);
  return { ...counts, feeds, estimate, conflict };
};

/** Somebody has counted, or the zone is known to be empty: counting goes on from there. */
export const fixCounts = (counts: Counts, { atMs, by, persons }: Omit<Fix, 'was'>, sigmaPersons: number): Counts => {
  const was = Math.round(Math.max(0, counts.estimate.persons));
  const variance = counts.estimate.variance + sigmaPersons * sigmaPersons;
  const observed = { gain: 1, innovation: persons - counts.estimate.persons, variance: Math.max(1, variance) };
  return {
    ...counts,
    counted: true,
    feeds: taught(counts.feeds, { ...observed, estimate: counts.estimate, disagrees: false }),
    estimate: fixedAt(persons, sigmaPersons, atMs),
    driftPersons: 0,
    resets: 0,
    jumpPersons: 0,
    conflict: null,
    fix: { atMs, by, persons, was },
  };
};

type Watching = readonly Pick<Feed, 'device' | 'channel' | 'occupancy'>[];

/** Regions of a device that counts its whole view, too, are parts of that: the higher of the two is taken. */
const personsInRegions = (watching: Watching): number => {
  const wholes = new Map<string, number>();
  const parts = new Map<string, number>();
  for (const { device, channel, occupancy } of watching) {
    const of = channel === '' ? wholes : parts;
    of.set(device, (of.get(device) ?? 0) + (occupancy ?? 0));
  }
  let persons = 0;
  for (const device of new Set([...wholes.keys(), ...parts.keys()])) {
    persons += Math.max(wholes.get(device) ?? 0, parts.get(device) ?? 0);
  }
  return persons;
};

/** The people that cameras see, each watching its part; null where none has said. Devices that left the zone have no say. */
export const seenBy = (counts: Counts, devices: ReadonlySet<string>): number | null => {
  if (counts.feeds.every(({ occupancy }) => occupancy === null)) return null;
  const watching = counts.feeds.filter(({ device, occupancy }) => occupancy !== null && devices.has(device));
  if (watching.length === 0) return null;
  return watching.some(({ channel }) => channel !== '')
    ? personsInRegions(watching)
    : watching.reduce((sum, { occupancy }) => sum + (occupancy ?? 0), 0);
};

/** True where gates count people in and out. */
export const isIntegrated = ({ feeds }: Counts): boolean =>
  feeds.some(({ entries, exits }) => entries !== null || exits !== null);
