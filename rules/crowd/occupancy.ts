import type { Sample } from '../../ingest/model/sample.ts';
import { type Disagreement, type Estimate, fixedAt, type Observation, observe } from './estimate.ts';
import { type Feed, increase, isStale, newFeed, taught, valid, wentDown } from './feeds.ts';

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
  readonly conflict: Disagreement | null;
  readonly fix: Fix | null;
}

/** A single report of more people than this is counted, and people are asked to check. */
const JUMP_PERSONS = 10_000;

/** Devices times channels of one zone. */
export const FEEDS_MAX = 256;

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

/** Takes an absolute count of cameras or badges in. The same counts when it changes nothing. */
export const observeCounts = (counts: Counts, observation: Observation): Counts => {
  const observed = observe(counts.estimate, observation);
  if (observed === undefined) return counts;
  const { estimate, disagrees } = observed;
  const conflict = observation.of === 'camera' ? disagrees : counts.conflict;
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
    feeds: taught(counts.feeds, observed),
    estimate: fixedAt(persons, sigmaPersons, atMs),
    driftPersons: 0,
    resets: 0,
    jumpPersons: 0,
    conflict: null,
    fix: { atMs, by, persons, was },
  };
};
