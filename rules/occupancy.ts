import type { Sample } from '../ingest/model/sample.ts';

/** What one channel of one device last said of a zone. Plain JSON; null: never said. */
interface Feed {
  readonly device: string;
  readonly channel: string;
  readonly entries: number | null;
  readonly exits: number | null;
  readonly occupancy: number | null;
  /** The device's own stamp of its last totals. */
  readonly stampMs: number | null;
}

/** The people of one zone, as counted. Plain JSON, bounded by the devices that feed the zone. */
export interface Counts {
  readonly feeds: readonly Feed[];
  /** Entries less exits of all gates. Negative only until every gate has reported for the first time. */
  readonly counted: number;
  /** Everybody who passed a gate, either way. */
  readonly passed: number;
  /** More people left than had come in: how many the counters have missed so far. */
  readonly driftPersons: number;
  /** How often a total went down: a counter that was reset. */
  readonly resets: number;
  /** The largest single report beyond JUMP_PERSONS; 0: none. */
  readonly jumpPersons: number;
  /** More channels reported than one zone may have; what they say is lost. */
  readonly overflow: boolean;
}

/** A single report of more people than this is counted, and people are asked to check. */
const JUMP_PERSONS = 10_000;

/** Devices times channels of one zone. */
export const FEEDS_MAX = 256;

/** A lower total with an own stamp older by up to this much is a late message, not a reset. */
const STALE_MAX_MS = 60_000;

export const startCounts = (initialPersons: number): Counts => ({
  feeds: [],
  counted: initialPersons,
  passed: 0,
  driftPersons: 0,
  resets: 0,
  jumpPersons: 0,
  overflow: false,
});

/** How a device's counts bear on the zone. */
export interface Bearing {
  /** 1: entries come into the zone; -1: entries leave it. */
  readonly sign: 1 | -1;
  /** A first total counts from zero; otherwise it is only where counting starts. */
  readonly sinceZero: boolean;
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
});

/** Takes what a sample says of the zone in. The same counts when it says nothing new. */
export const takeCounts = (counts: Counts, sample: Sample, { sign, sinceZero }: Bearing): Counts => {
  const index = counts.feeds.findIndex((feed) => feed.device === sample.device && feed.channel === sample.channel);
  const known = counts.feeds[index];
  if (known === undefined && counts.feeds.length >= FEEDS_MAX) {
    return counts.overflow ? counts : { ...counts, overflow: true };
  }
  const feed = known ?? newFeed(sample);
  const { metrics } = sample;
  const entries = valid(metrics.entriesTotal);
  const exits = valid(metrics.exitsTotal);
  // A camera's count is of the zone it watches, not of the one its gate leads from.
  const occupancy = sign === 1 ? (valid(metrics.occupancyPersons) ?? feed.occupancy) : null;
  const down = wentDown(feed.entries, entries) || wentDown(feed.exits, exits);
  if (down && isStale(feed, sample)) return counts;

  const came = increase(feed.entries, entries, sinceZero);
  const left = increase(feed.exits, exits, sinceZero);
  const next: Feed = {
    device: feed.device,
    channel: feed.channel,
    entries: entries ?? feed.entries,
    exits: exits ?? feed.exits,
    occupancy,
    stampMs: sample.timeFrom === 'device' ? sample.timeMs : null,
  };
  const unchanged = next.entries === feed.entries && next.exits === feed.exits && occupancy === feed.occupancy;
  if (known !== undefined && unchanged) return counts;
  const largest = Math.max(came, left);
  return {
    driftPersons: counts.driftPersons,
    overflow: counts.overflow,
    feeds: known === undefined ? [...counts.feeds, next] : counts.feeds.with(index, next),
    counted: counts.counted + sign * (came - left),
    passed: counts.passed + came + left,
    resets: counts.resets + (down ? 1 : 0),
    jumpPersons: largest > JUMP_PERSONS ? Math.max(counts.jumpPersons, largest) : counts.jumpPersons,
  };
};

/** Nobody can be fewer than nobody: what is missing to zero is drift of the counters. */
export const clampCounts = (counts: Counts): Counts =>
  counts.counted >= 0 ? counts : { ...counts, counted: 0, driftPersons: counts.driftPersons - counts.counted };

export interface Persons {
  readonly persons: number;
  readonly from: 'counters' | 'cameras';
}

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

/**
 * The people in the zone. Cameras add up, each watching its part; of gates and cameras the higher count is taken, since
 * too many people reported is the safe error. `feeds` that no longer belong to the zone have no say.
 */
export const personsOf = (counts: Counts, feeds: ReadonlySet<string>): Persons => {
  const watching = counts.feeds.filter(({ device, occupancy }) => occupancy !== null && feeds.has(device));
  const hasRegions = watching.some(({ channel }) => channel !== '');
  const cameras = hasRegions
    ? personsInRegions(watching)
    : watching.reduce((sum, { occupancy }) => sum + (occupancy ?? 0), 0);
  const counted = Math.max(0, counts.counted);
  return cameras > counted ? { persons: cameras, from: 'cameras' } : { persons: counted, from: 'counters' };
};
