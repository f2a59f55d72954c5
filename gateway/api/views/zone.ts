import type { Zone } from '../../../ingest/model/device.ts';
import type { PresenceView } from '../../../ingest/presence/presence.ts';
import type { JudgeView } from '../../../rules/engine.ts';
import { type CrowdView, type Rule, SEVERITIES } from '../../../rules/rule.ts';
import type { VenueClock } from '../../clock.ts';
import type { Registry } from '../../config/registry.ts';
import type { VenueConfig } from '../../config/schema.ts';
import type { LastSamples } from '../../last-samples.ts';
import type { ZoneStatus } from '../contract.ts';
import { iso, stateOf } from './device.ts';

/** What a zone is seen by. */
export interface ZoneSight {
  readonly config: VenueConfig;
  readonly registry: Registry;
  readonly rules: readonly Rule[];
  readonly clock: VenueClock;
  readonly hotPath: {
    readonly lastSamples: Pick<LastSamples, 'get' | 'changes'>;
    readonly view: JudgeView;
    readonly presence: PresenceView;
  };
}

interface Watched {
  readonly rule: Rule;
  readonly crowd: CrowdView;
}

const gravity = ({ crowd }: Watched): number =>
  crowd.phase === 'active' && crowd.severity !== undefined ? SEVERITIES.indexOf(crowd.severity) : -1;

/** What the rules count in a zone; of several the one that finds it gravest, else the first. */
export const watched = (zone: string, { rules, hotPath }: ZoneSight): Watched | undefined => {
  let gravest: Watched | undefined;
  for (const rule of rules) {
    const crowd = rule.crowdOf?.(hotPath.view.stateOf(rule.id, zone), zone);
    if (crowd === undefined) continue;
    const found = { rule, crowd };
    if (gravest === undefined || gravity(found) > gravity(gravest)) gravest = found;
  }
  return gravest;
};

/** When a device that counts here last gave a count. */
const countedMs = (feeders: Iterable<string>, { hotPath }: ZoneSight): number | undefined => {
  let lastMs: number | undefined;
  for (const device of feeders) {
    for (const { seenMs } of hotPath.lastSamples.get(device).values()) {
      for (const atMs of [seenMs.entriesTotal, seenMs.exitsTotal, seenMs.occupancyPersons]) {
        if (atMs !== undefined && atMs > (lastMs ?? 0)) lastMs = atMs;
      }
    }
  }
  return lastMs;
};

const round = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;

const MINUTE_MS = 60_000;

const forecastOf = ({ ahead }: CrowdView) => {
  if (ahead === undefined) return {};
  const { inMs, earliestMs, latestMs, severity, limit, unit } = ahead;
  const minutes = (ms: number): number => round(ms / MINUTE_MS, 1);
  const [earliestMinutes, latestMinutes] = [minutes(earliestMs), minutes(latestMs)];
  return { forecast: { minutes: minutes(inMs), earliestMinutes, latestMinutes, severity, limit, unit } };
};

const exitsOf = ({ flow, egressMinutes }: CrowdView) => ({
  ...(flow === undefined
    ? {}
    : {
        exitFlow: {
          device: flow.device,
          personsPerMinute: round(flow.perMinute, 1),
          perMetreMinute: round(flow.perMetreMinute, 1),
          capacityPerMetreMinute: round(flow.capacityPerMetreMinute, 1),
          share: round(flow.share, 3),
        },
      }),
  ...(egressMinutes === undefined ? {} : { egressMinutes: round(egressMinutes, 1) }),
});

/** How sure the count is, and what it was last compared with. */
const surenessOf = ({ persons, errorPersons, conflict, gateBiases, fix, zeroSkipped }: CrowdView) => ({
  ...(errorPersons > 0
    ? {
        errorPersons,
        band: { low: Math.max(0, Math.round(persons) - errorPersons), high: Math.round(persons) + errorPersons },
      }
    : {}),
  ...(conflict === undefined ? {} : { conflict }),
  ...(gateBiases.length === 0
    ? {}
    : { gateBiases: gateBiases.map((gate) => ({ ...gate, share: round(gate.share, 4) })) }),
  ...(fix === undefined ? {} : { fix: { at: iso(fix.atMs), by: fix.by, persons: fix.persons, was: fix.was } }),
  ...(zeroSkipped ? { zeroSkipped } : {}),
});

const figuresOf = (crowd: CrowdView, { capacity }: Zone) => {
  const { persons, densityPerM2, driftPersons } = crowd;
  return {
    persons: Math.round(persons),
    from: crowd.from,
    ...(densityPerM2 === undefined ? {} : { densityPerM2 }),
    ...(capacity === undefined ? {} : { fillFraction: persons / capacity }),
    ...surenessOf(crowd),
    ...(driftPersons > 0 ? { driftPersons } : {}),
    ...forecastOf(crowd),
    ...exitsOf(crowd),
  };
};

const ageOf = (atMs: number | undefined, nowMs: number) =>
  atMs === undefined ? {} : { countedAt: iso(atMs), ageSeconds: Math.max(0, Math.round((nowMs - atMs) / 1000)) };

/** Every device that has counted here still reports as often as it should; others that stand here have no say. */
const isLive = ({ feeders }: CrowdView, sight: ZoneSight): boolean => {
  const { registry, hotPath, clock } = sight;
  const nowMs = clock.now();
  return [...feeders].every((id) => {
    if (countedMs([id], sight) === undefined) return true;
    const state = stateOf(registry.venue.devices.get(id)?.reports, hotPath.view.lifeOf(id), nowMs);
    return state === 'live' || state === 'never';
  });
};

const knowledgeOf = (crowd: CrowdView, sight: ZoneSight): ZoneStatus['state'] => {
  if (!crowd.counted) return 'unknown';
  return crowd.complete && isLive(crowd, sight) ? 'known' : 'stale';
};

const crowdPart = ({ rule, crowd }: Watched, zone: Zone, sight: ZoneSight) => ({
  rule: rule.id,
  state: knowledgeOf(crowd, sight),
  ...(crowd.counted ? figuresOf(crowd, zone) : {}),
  ...ageOf(countedMs(crowd.feeders, sight), sight.clock.now()),
  lacking: crowd.lacking,
  phase: crowd.phase,
  ...(crowd.severity === undefined ? {} : { severity: crowd.severity }),
  ...(Object.keys(crowd.densityLimits).length === 0 ? {} : { densityLimits: crowd.densityLimits }),
  ...(Object.keys(crowd.personsLimits).length === 0 ? {} : { personsLimits: crowd.personsLimits }),
});

const UNWATCHED = { state: 'unknown', lacking: [], phase: 'unknown' } as const;

/** A zone and how full it is, as the rule that watches it counts; read from memory. */
export const zoneStatus = (zone: Zone, sight: ZoneSight): ZoneStatus => {
  const { id, areaM2, capacity, use, within } = zone;
  const polygon = Object.hasOwn(sight.config.zones, id) ? sight.config.zones[id]?.polygon : undefined;
  const found = watched(id, sight);
  return {
    id,
    name: sight.registry.zoneName(id),
    ...(areaM2 === undefined ? {} : { areaM2 }),
    ...(capacity === undefined ? {} : { capacity }),
    use,
    ...(within === undefined ? {} : { within }),
    ...(polygon === undefined ? {} : { polygon }),
    ...(found === undefined ? UNWATCHED : crowdPart(found, zone, sight)),
  };
};
