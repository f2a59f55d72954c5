import { guidanceText, NO_SUBJECTS } from '../common.ts';
import { heardAgain, hushed, moved } from '../crowd/badges.ts';
import { fixCrowd, judgeCrowd, passCrowd } from '../crowd/crowding.ts';
import { type Counts, hasCounts, startCounts, takeCounts } from '../crowd/occupancy.ts';
import { type CrowdConfig, crowdSchema } from '../crowd/settings.ts';
import { type DensityState, START } from '../crowd/state.ts';
import { viewCrowd } from '../crowd/view.ts';
import type { CrowdedZone } from '../crowd/zone.ts';
import { crowdedZones, isBadge, isCounter } from '../crowd/zones.ts';
import type { Guidance, Input, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

type Inputs<Type extends Input['type']> = Extract<Input, { readonly type: Type }>;

/** Counting starts with the first word of a device, from the persons who are said to be there already. */
const begun = (config: CrowdConfig, zone: CrowdedZone, before: Counts): Counts => {
  const { initialPersons } = config;
  if (before.counted || !Object.hasOwn(initialPersons, zone.id)) return before;
  return startCounts(initialPersons[zone.id] ?? 0);
};

const onSample = (
  config: CrowdConfig,
  zone: CrowdedZone,
  state: DensityState,
  sample: Inputs<'sample'>,
): Step<DensityState> => {
  const bearing = zone.gates.get(sample.device);
  if (bearing === undefined || sample.historical || !hasCounts(sample)) return stay(state);
  const { silent, badges } = state;
  const { sign, watches, sigma } = bearing;
  const sinceZero = config.counters === 'since-zero';
  const counts = takeCounts(begun(config, zone, state.counts), sample, { sign, watches, sigma, sinceZero });
  const speaksAgain = silent.includes(sample.device);
  if (counts === state.counts && !speaksAgain) return stay(state);
  const quiet = speaksAgain ? silent.filter((id) => id !== sample.device) : silent;
  return judgeCrowd(zone, state, { counts, silent: quiet, badges }, sample.nowMs);
};

const onSilence = (
  zone: CrowdedZone,
  state: DensityState,
  { device, nowMs }: Inputs<'silence'>,
): Step<DensityState> => {
  const { silent, counts, badges } = state;
  const quiet = hushed(badges, device);
  if (quiet !== badges) return judgeCrowd(zone, state, { counts, silent, badges: quiet }, nowMs);
  const feeds = zone.expected.includes(device) || counts.feeds.some((feed) => feed.device === device);
  if (!feeds || silent.includes(device)) return stay(state);
  return judgeCrowd(zone, state, { counts, silent: [...silent, device], badges }, nowMs);
};

const withBadges = (zone: CrowdedZone, state: DensityState, badges: DensityState['badges'], nowMs: number) =>
  badges === state.badges
    ? stay(state)
    : judgeCrowd(zone, state, { counts: state.counts, silent: state.silent, badges }, nowMs);

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** `count`: somebody has counted a zone; it holds for that one alone. `presence`: a badge is in another zone. */
const onOccurrence = (
  zone: CrowdedZone,
  state: DensityState,
  { kind, device, attributes, nowMs, historical }: Inputs<'occurrence'>,
): Step<DensityState> => {
  const { zone: place, persons, errorPersons, by } = attributes;
  if (historical || typeof place !== 'string') return stay(state);
  if (kind === 'presence') {
    if (zone.badges === undefined) return stay(state);
    return withBadges(zone, state, moved(state.badges, device, zone.within.has(place)), nowMs);
  }
  if (kind !== 'count' || place !== zone.id || !isCount(persons)) return stay(state);
  const sigmaPersons = isCount(errorPersons) ? errorPersons / 2 : zone.manualSigma * persons;
  return fixCrowd(zone, state, { persons, by: typeof by === 'string' ? by : '', sigmaPersons }, nowMs);
};

const step = (config: CrowdConfig, zone: CrowdedZone, state: DensityState, input: Input): Step<DensityState> => {
  switch (input.type) {
    case 'sample':
      return onSample(config, zone, state, input);
    case 'silence':
      return onSilence(zone, state, input);
    case 'occurrence':
      return onOccurrence(zone, state, input);
    case 'wake':
      return passCrowd(zone, state, input.nowMs);
    case 'alive':
      // It brings no count: a zone stays unknown until the device reports one. A badge is where it was.
      return withBadges(zone, state, heardAgain(state.badges, input.device), input.nowMs);
    default:
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
 * Persons per square metre of a zone, persons against its capacity, the flow through its exits, and whether a limit will
 * soon be reached: from gate counters (added up), cameras (added up) and badges, as one estimate with an error band. A
 * zone includes the zones within it. Silence of a feeding device makes the zone `unknown` unless a level is reached; while
 * anything is missing, levels are reached but never left.
 */
export const crowdDensity = defineRuleKind({
  schema: crowdSchema,
  guidance: GUIDANCE,
  create: (config, venue) => {
    const zones = crowdedZones(config, venue);
    const all = [...zones.keys()];
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      ...(config.badges === undefined ? {} : { hearsPresence: true }),
      shared: () => true,
      reads: (device) => !isBadge(config, device),
      subjects: (device) => {
        if (isBadge(config, device)) return all;
        if (!isCounter(config, device)) return NO_SUBJECTS;
        return all.filter((id) => zones.get(id)?.gates.has(device.id) === true);
      },
      start: () => START,
      // Whoever was counted in is still there.
      carried: (state: DensityState, subject, nowMs) => {
        const zone = zones.get(subject.id);
        const known = { counts: state.counts, silent: state.silent, badges: state.badges };
        const begun = { ...START, ...known };
        return zone === undefined ? stay(begun) : judgeCrowd(zone, begun, known, nowMs);
      },
      step: (state: DensityState, input, subject) => {
        const zone = zones.get(subject.id);
        return zone === undefined ? stay(state) : step(config, zone, state, input);
      },
      crowdOf: (state: DensityState | undefined, id) => {
        const zone = zones.get(id);
        return zone === undefined ? undefined : viewCrowd(zone, state ?? START);
      },
    };
  },
});
