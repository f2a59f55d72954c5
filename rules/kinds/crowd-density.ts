import { z } from 'zod';
import type { Device, Zone } from '../../ingest/model/device.ts';
import { commonShape, guidanceText, NO_SUBJECTS, seconds, selects } from '../common.ts';
import { viewCrowd } from '../crowd-view.ts';
import { type CrowdedZone, type DensityState, judgeCrowd, passCrowd, startState } from '../crowding.ts';
import type { Level, Scale } from '../levels.ts';
import { type Counts, hasCounts, startCounts, takeCounts } from '../occupancy.ts';
import type { Guidance, Input, Severity, Step, Venue } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

/** Static crowds: 5 persons/m² is the maximum, above it the risk is high (Still, gkstill.com, static crowd density). */
const NEVER_ABOVE = 5;

const limitsSchema = (yellow: number, orange: number, red: number) =>
  z
    .strictObject({
      yellow: z.number().positive().max(NEVER_ABOVE).default(yellow),
      orange: z.number().positive().max(NEVER_ABOVE).default(orange),
      red: z.number().positive().max(NEVER_ABOVE).default(red),
    })
    .refine(
      (limits) => limits.yellow < limits.orange && limits.orange < limits.red,
      'the limits must rise: yellow, orange, red',
    )
    .prefault({});

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('crowd-density').describe('persons per square metre of a zone'),
  zones: z.array(z.string()).min(1).optional().describe('ids of zones; default: every zone that has areaM2'),
  limits: z
    .strictObject({
      // Moving crowds: flow falls from 2-3 (Fruin, gkstill.com), 4 is critical (Still).
      moving: limitsSchema(2, 3, 4),
      // Standing crowds: 4.7 is the Green Guide's maximum of 47 persons per 10 m² (Taylor inquiry).
      standing: limitsSchema(3, 4, 4.7),
    })
    .prefault({})
    .describe('persons/m² by use of the zone; never above 5'),
  capacityFractions: z
    .strictObject({
      yellow: z.number().positive().max(2).default(0.9),
      orange: z.number().positive().max(2).default(1),
    })
    .refine((share) => share.yellow < share.orange, 'the shares must rise: yellow, orange')
    .prefault({})
    .describe('of the capacity of a zone that has one'),
  holdSeconds: seconds('a level counts after').default(10),
  clearSeconds: seconds('a level is left after').default(30),
  deadband: z.number().min(0).max(2).default(0.2).describe('a level is left this far below its limit, persons/m²'),
  initialPersons: z
    .record(z.string(), z.number().int().min(0))
    .default({})
    .describe('persons in a zone when counting starts, by zone id'),
  counters: z
    .enum(['since-zero', 'lifetime'])
    .default('since-zero')
    .describe('since-zero: totals were reset for the event; lifetime: a first total is only the starting point'),
  errorFraction: z.number().min(0).max(1).default(0.02).describe('counting error, as a share of the persons counted'),
});

type Config = z.output<typeof schema>;

/** Profiles of things that count people. */
const GATE_PROFILE = 'people-counter';
const CAMERA_PROFILE = 'camera';

/** Leaves the capacity by this share of it. */
const FILL_DEADBAND = 0.02;

const scaleOf = (config: Config, limits: Partial<Record<Severity, number>>, deadband: number): Scale => ({
  direction: 'above',
  levels: (['yellow', 'orange', 'red'] as const).flatMap((severity): Level[] => {
    const limit = limits[severity];
    return limit === undefined ? [] : [{ severity, limit, holdMs: config.holdSeconds * 1000 }];
  }),
  clearMs: config.clearSeconds * 1000,
  deadband,
});

const fillScaleOf = (config: Config, capacity: number): Scale => {
  const { yellow, orange } = config.capacityFractions;
  return scaleOf(config, { yellow: yellow * capacity, orange: orange * capacity }, FILL_DEADBAND * capacity);
};

/** Badges of the staff do not count the crowd. */
const counts = (config: Config, device: Device): boolean =>
  device.registered && device.role === undefined && selects(config.for, device);

const crowdedZone = (config: Config, zone: Zone, venue: Venue): CrowdedZone => {
  const { id, areaM2, capacity } = zone;
  const feeders = [...venue.devices.values()].filter(
    (device) => (device.zone === id || device.fromZone === id) && counts(config, device),
  );
  const gates = feeders.filter(({ profile, fromZone }) => profile === GATE_PROFILE || fromZone !== undefined);
  // Where gates count everybody, a camera that never counted is no gap in the count.
  const expected = gates.length > 0 ? gates : feeders.filter(({ profile }) => profile === CAMERA_PROFILE);
  return {
    id,
    areaM2,
    capacity,
    density: areaM2 === undefined ? undefined : scaleOf(config, config.limits[zone.use], config.deadband),
    fill: capacity === undefined ? undefined : fillScaleOf(config, capacity),
    errorFraction: config.errorFraction,
    feeders: new Set(feeders.map((device) => device.id)),
    expected: expected.map((device) => device.id),
  };
};

/** The zones that are judged: those named, else every zone with an area; neither area nor capacity: nothing to judge. */
const crowdedZones = (config: Config, venue: Venue): ReadonlyMap<string, CrowdedZone> => {
  const zones = [...venue.zones.values()].filter(({ id, areaM2, capacity }) =>
    config.zones === undefined
      ? areaM2 !== undefined
      : config.zones.includes(id) && (areaM2 !== undefined || capacity !== undefined),
  );
  return new Map(zones.map((zone) => [zone.id, crowdedZone(config, zone, venue)]));
};

const START = startState(startCounts(0));

/** Counting starts with the first word of a device, from the persons who are said to be there already. */
const begun = (config: Config, zone: CrowdedZone, before: Counts): Counts => {
  const { initialPersons } = config;
  if (before.feeds.length > 0 || !Object.hasOwn(initialPersons, zone.id)) return before;
  return startCounts(initialPersons[zone.id] ?? 0);
};

const step = (
  config: Config,
  zone: CrowdedZone,
  venue: Venue,
  state: DensityState,
  input: Input,
): Step<DensityState> => {
  const { silent } = state;
  switch (input.type) {
    case 'sample': {
      const device = venue.devices.get(input.device);
      if (device === undefined || input.historical) return stay(state);
      const sign = device.zone === zone.id ? 1 : -1;
      const taken = takeCounts(begun(config, zone, state.counts), input, {
        sign,
        sinceZero: config.counters === 'since-zero',
      });
      const speaksAgain = silent.includes(input.device);
      if (taken === state.counts && !speaksAgain) return stay(state);
      const quiet = speaksAgain ? silent.filter((id) => id !== input.device) : silent;
      return judgeCrowd(zone, state, taken, quiet, input.nowMs);
    }
    case 'silence': {
      const feeds =
        zone.expected.includes(input.device) || state.counts.feeds.some(({ device }) => device === input.device);
      if (!feeds || silent.includes(input.device)) return stay(state);
      return judgeCrowd(zone, state, state.counts, [...silent, input.device], input.nowMs);
    }
    case 'wake':
      return passCrowd(zone, state, input.nowMs);
    default:
      // `alive` brings no count: the zone stays unknown until the device reports one.
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: { zh: '人群过密，有拥挤踩踏危险。', en: 'The crowd is too dense: risk of crushing.' },
  action: {
    zh: '立即停止进场，打开疏散出口，向低密度区域分流，广播引导。',
    en: 'Stop admission now, open exits, lead people to emptier areas, announce it.',
  },
  owner: { zh: '现场安全经理', en: 'event safety manager' },
};

/**
 * Persons per square metre of a zone, and persons against its capacity, from gate counters (added up) and cameras
 * (added up), whichever is higher. A zone is fed by its own gates and cameras only: those of zones within it count for
 * those zones. Silence of a feeding device makes the zone `unknown` unless a level is reached; while anything is
 * missing, levels are reached but never left.
 */
export const crowdDensity = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config, venue) => {
    const zones = crowdedZones(config, venue);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: () => true,
      reads: () => true,
      subjects: (device) => {
        if (!counts(config, device)) return NO_SUBJECTS;
        const fed = new Set([device.zone, device.fromZone]);
        return [...fed].filter((id): id is string => id !== undefined && zones.has(id));
      },
      start: () => START,
      // Whoever was counted in is still there.
      carried: (state: DensityState, subject, nowMs) => {
        const zone = zones.get(subject.id);
        const { counts: kept, silent } = state;
        const begun = { ...startState(kept), silent };
        return zone === undefined ? stay(begun) : judgeCrowd(zone, begun, kept, silent, nowMs);
      },
      step: (state: DensityState, input, subject) => {
        if (input.type === 'sample' && !hasCounts(input)) return stay(state);
        const zone = zones.get(subject.id);
        return zone === undefined ? stay(state) : step(config, zone, venue, state, input);
      },
      crowdOf: (state: DensityState | undefined, id) => {
        const zone = zones.get(id);
        return zone === undefined ? undefined : viewCrowd(zone, state ?? START);
      },
    };
  },
});
