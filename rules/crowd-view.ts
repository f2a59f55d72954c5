import { type CrowdedZone, crowdOf, type DensityState } from './crowding.ts';
import type { Scale } from './levels.ts';
import type { CrowdView } from './rule.ts';

const limitsOf = (scale: Scale | undefined): CrowdView['densityLimits'] =>
  Object.fromEntries((scale?.levels ?? []).map(({ severity, limit }) => [severity, limit]));

/** What a zone's state says to people who look. */
export const viewCrowd = (zone: CrowdedZone, { phase, severity, counts, silent }: DensityState): CrowdView => {
  const { persons, from, densityPerM2, lacking } = crowdOf(zone, counts, silent);
  return {
    phase,
    severity: severity ?? undefined,
    counted: counts.feeds.length > 0,
    persons,
    from,
    densityPerM2,
    errorPersons: Math.round(zone.errorFraction * counts.passed),
    driftPersons: Math.round(counts.driftPersons),
    feeders: zone.feeders,
    lacking,
    complete: lacking.length === 0 && !counts.overflow,
    densityLimits: limitsOf(zone.density),
    personsLimits: limitsOf(zone.fill),
  };
};
