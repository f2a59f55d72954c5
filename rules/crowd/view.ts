import type { Scale } from '../levels.ts';
import type { CrowdView } from '../rule.ts';
import { crowdIn } from './crowd.ts';
import { egressMinutes } from './exits.ts';
import type { DensityState } from './state.ts';
import type { CrowdedZone } from './zone.ts';

const limitsOf = (scale: Scale | undefined): CrowdView['densityLimits'] =>
  Object.fromEntries((scale?.levels ?? []).map(({ severity, limit }) => [severity, limit]));

const biasesOf = ({ counts }: DensityState): CrowdView['gateBiases'] =>
  counts.feeds.flatMap(({ device, channel, bias }) => (bias === 0 ? [] : [{ device, channel, share: bias }]));

/** What a zone's state says to people who look. */
export const viewCrowd = (zone: CrowdedZone, state: DensityState): CrowdView => {
  const { phase, severity, counts, zero } = state;
  const crowd = crowdIn(zone, state);
  const { persons, from, densityPerM2, lacking, complete, ahead, flow } = crowd;
  return {
    phase,
    severity: severity ?? undefined,
    counted: counts.counted,
    persons,
    from,
    densityPerM2,
    errorPersons: Math.round(crowd.errorPersons),
    driftPersons: Math.round(counts.driftPersons),
    feeders: zone.feeders,
    lacking,
    complete,
    densityLimits: limitsOf(zone.density),
    personsLimits: limitsOf(zone.fill),
    conflict: counts.conflict ?? undefined,
    ahead,
    flow,
    egressMinutes: egressMinutes(zone.exits, persons),
    gateBiases: biasesOf(state),
    fix: counts.fix ?? undefined,
    zeroSkipped: zero.skipped,
  };
};
