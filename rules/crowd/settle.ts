import type { Badges } from './badges.ts';
import { unheard } from './crowd.ts';
import { aged, type Observation, replaced } from './estimate.ts';
import { isIntegrated, seenBy } from './feeds.ts';
import { type Counts, clampCounts, observeCounts } from './occupancy.ts';
import type { DensityState } from './state.ts';
import type { CrowdedZone } from './zone.ts';

/** What is known before it is judged. */
export type Known = Pick<DensityState, 'counts' | 'silent' | 'badges'>;

const withCameras = (zone: CrowdedZone, counts: Counts, silent: readonly string[], nowMs: number): Counts => {
  const seen = seenBy(counts.feeds, zone.feeders);
  if (seen === null || seen === counts.seen) return counts;
  const isHeard = (id: string): boolean =>
    !silent.includes(id) && counts.feeds.some(({ device, occupancy }) => device === id && occupancy !== null);
  const partial = !zone.isWatchedWhole || !zone.cameras.every(isHeard);
  const observation: Observation = { of: 'camera', persons: seen / zone.cameraShare, sigma: zone.cameraSigma, partial };
  if (!isIntegrated(counts.feeds)) return { ...counts, seen, estimate: replaced(observation, nowMs) };
  return observeCounts({ ...counts, seen }, observation);
};

/** A share of the people wears badges: those who are here stand for all, as a sample of so many does (binomial). */
const withBadges = (zone: CrowdedZone, counts: Counts, badges: Badges, nowMs: number): Counts => {
  const { badges: told } = zone;
  const count = badges.here.length;
  if (told === undefined || count === 0) return counts;
  const persons = count / told.share;
  const sigma = Math.sqrt(told.sigma ** 2 + (1 - told.share) / count);
  const observation: Observation = { of: 'badge', persons, sigma, partial: false };
  if (!isIntegrated(counts.feeds) && counts.seen === null) {
    return { ...counts, counted: true, estimate: replaced(observation, nowMs) };
  }
  return observeCounts(counts, observation);
};

/** Counts with the time that has passed, what cameras and badges say, and nobody fewer than nobody. */
export const settled = (zone: CrowdedZone, before: DensityState, known: Known, nowMs: number): Counts => {
  const { silent, badges } = known;
  const estimate = aged(known.counts.estimate, isIntegrated(known.counts.feeds) ? zone.driftPerMs : 0, nowMs);
  const seen = withCameras(zone, { ...known.counts, estimate }, silent, nowMs);
  const counts = badges === before.badges ? seen : withBadges(zone, seen, badges, nowMs);
  // Before every gate has given its first total, people who came by one may be missing where others let them out.
  return unheard(zone, counts).some((id) => !silent.includes(id)) ? counts : clampCounts(counts);
};
