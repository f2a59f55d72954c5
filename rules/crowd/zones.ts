import type { Device, Zone } from '../../ingest/model/device.ts';
import { selects } from '../common.ts';
import { type LocalTime, localTimeOf } from '../duty/local-time.ts';
import { withParts } from '../geo/parts.ts';
import type { Level, Scale } from '../levels.ts';
import type { Severity, Venue } from '../rule.ts';
import { BAND_SIGMAS } from './estimate.ts';
import type { Exit } from './exits.ts';
import type { CrowdConfig } from './settings.ts';
import type { CrowdedZone, GateBearing, Zeroing } from './zone.ts';

/** Profiles of things that count people. */
const GATE_PROFILE = 'people-counter';
const CAMERA_PROFILE = 'camera';

/** Leaves the capacity, a flow and the band by this share of their limit. */
const FILL_DEADBAND = 0.02;
const SHARE_DEADBAND = 0.05;
/** A forecast is left when the limit is this much further away than the horizon. */
const HORIZON_DEADBAND = 0.25;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

type Limits = Partial<Record<Severity, number>>;

const scaleOf = (config: CrowdConfig, limits: Limits, deadband: number): Scale => ({
  direction: 'above',
  levels: (['blue', 'yellow', 'orange', 'red'] as const).flatMap((severity): Level[] => {
    const limit = limits[severity];
    return limit === undefined ? [] : [{ severity, limit, holdMs: config.holdSeconds * 1000 }];
  }),
  clearMs: config.clearSeconds * 1000,
  deadband,
});

const fillScale = (config: CrowdConfig, capacity: number): Scale => {
  const { yellow, orange } = config.capacityFractions;
  return scaleOf(config, { yellow: yellow * capacity, orange: orange * capacity }, FILL_DEADBAND * capacity);
};

const bandScale = (config: CrowdConfig): Scale | undefined =>
  config.bandSeverity === 'none' ? undefined : scaleOf(config, { [config.bandSeverity]: 1 }, SHARE_DEADBAND);

const flowScale = (config: CrowdConfig): Scale => {
  const { yellow, orange } = config.exitFlow;
  return scaleOf(config, { yellow, orange }, SHARE_DEADBAND);
};

const outlookOf = (config: CrowdConfig): CrowdedZone['outlook'] => {
  const { severity, horizonMinutes, windowMinutes } = config.forecast;
  if (severity === 'none') return undefined;
  const scale = scaleOf(config, { [severity]: horizonMinutes }, HORIZON_DEADBAND * horizonMinutes);
  return { scale: { ...scale, direction: 'below' }, windowMs: windowMinutes * MINUTE_MS };
};

const zeroingOf = ({ zeroAt }: CrowdConfig, time: () => LocalTime): Zeroing | undefined => {
  if (zeroAt === undefined) return undefined;
  const [hours = 0, minutes = 0] = zeroAt.split(':').map(Number);
  return { next: (afterMs) => time().next(afterMs, [hours * 60 + minutes]) };
};

/** Badges of the staff are no counters. */
export const isCounter = (config: CrowdConfig, device: Device): boolean =>
  device.registered && device.role === undefined && selects(config.for, device);

/** Badges that stand for a share of the people. */
export const isBadge = ({ badges }: CrowdConfig, { registered, role }: Device): boolean =>
  badges !== undefined && registered && role !== undefined && (badges.roles?.includes(role) ?? true);

/** Undefined: it neither leads into the zone or out of it, nor watches it. */
const bearingOf = (
  config: CrowdConfig,
  { id, zone, fromZone }: Device,
  within: ReadonlySet<string>,
): GateBearing | undefined => {
  const into = zone !== undefined && within.has(zone);
  const outOf = fromZone !== undefined && within.has(fromZone);
  if (!into && !outOf) return undefined;
  const sigma = (config.gateErrors[id] ?? config.errorFraction) / BAND_SIGMAS;
  return { sign: into === outOf ? 0 : into ? 1 : -1, watches: into, sigma };
};

const exitOf = (config: CrowdConfig, { id, widthMetres, steps }: Device, sign: 1 | 0 | -1): readonly Exit[] => {
  if (widthMetres === undefined) return [];
  const { level, steps: onSteps } = config.exitFlow;
  const capacityPerMinute = widthMetres * (steps === true ? onSteps : level);
  return [{ device: id, widthMetres, capacityPerMinute, outward: sign === 1 ? 'exits' : 'entries' }];
};

/** Cameras see the whole of a zone where they see every innermost part of it. */
const isWatchedWhole = (within: ReadonlySet<string>, zones: Venue['zones'], cameras: readonly Device[]): boolean => {
  const outer = new Set([...zones.values()].map((zone) => zone.within));
  const innermost = [...within].filter((id) => !outer.has(id));
  return innermost.length > 0 && innermost.every((id) => cameras.some(({ zone }) => zone === id));
};

const idsOf = (devices: readonly Device[]): readonly string[] => devices.map(({ id }) => id);

const devicesOf = (config: CrowdConfig, counters: readonly Device[], venue: Venue, within: ReadonlySet<string>) => {
  const bearings = new Map<string, GateBearing>();
  const feeders = counters.filter((device) => {
    const bearing = bearingOf(config, device, within);
    if (bearing !== undefined) bearings.set(device.id, bearing);
    return bearing !== undefined;
  });
  const signOf = ({ id }: Device): 1 | 0 | -1 => bearings.get(id)?.sign ?? 0;
  const gates = feeders.filter(
    (device) => signOf(device) !== 0 && (device.profile === GATE_PROFILE || device.fromZone !== undefined),
  );
  const cameras = feeders.filter(({ profile }) => profile === CAMERA_PROFILE);
  return {
    gates: bearings,
    exits: gates.flatMap((device) => exitOf(config, device, signOf(device))),
    feeders: new Set(bearings.keys()),
    // Where gates count everybody, a camera that never counted is no gap in the count.
    expected: idsOf(gates.length > 0 ? gates : cameras),
    cameras: idsOf(cameras),
    isWatchedWhole: isWatchedWhole(within, venue.zones, cameras),
  };
};

const crowdedZone = (
  config: CrowdConfig,
  zone: Zone,
  counters: readonly Device[],
  venue: Venue,
  time: () => LocalTime,
): CrowdedZone => {
  const { id, areaM2, capacity } = zone;
  const within = withParts([zone], venue.zones);
  const devices = devicesOf(config, counters, venue, within);
  const { cameras, badges } = config;
  return {
    id,
    within,
    areaM2,
    capacity,
    density: areaM2 === undefined ? undefined : scaleOf(config, config.limits[zone.use], config.deadband),
    fill: capacity === undefined ? undefined : fillScale(config, capacity),
    band: bandScale(config),
    flow: devices.exits.length === 0 ? undefined : flowScale(config),
    outlook: outlookOf(config),
    zeroing: zeroingOf(config, time),
    driftPerMs: (config.driftPersonsPerHour / BAND_SIGMAS) ** 2 / HOUR_MS,
    cameraShare: cameras.seesFraction,
    cameraSigma: cameras.errorFraction / BAND_SIGMAS,
    manualSigma: config.manualErrorFraction / BAND_SIGMAS,
    badges: badges && { share: badges.share, sigma: badges.errorFraction / BAND_SIGMAS },
    ...devices,
  };
};

/** The zones that are judged: those named, else every zone with an area; neither area nor capacity: nothing to judge. */
export const crowdedZones = (config: CrowdConfig, venue: Venue): ReadonlyMap<string, CrowdedZone> => {
  let local: LocalTime | undefined;
  const time = (): LocalTime => {
    local ??= localTimeOf(venue.timezone ?? 'UTC');
    return local;
  };
  const zones = [...venue.zones.values()].filter(({ id, areaM2, capacity }) =>
    config.zones === undefined
      ? areaM2 !== undefined
      : config.zones.includes(id) && (areaM2 !== undefined || capacity !== undefined),
  );
  const counters = [...venue.devices.values()].filter((device) => isCounter(config, device));
  return new Map(zones.map((zone) => [zone.id, crowdedZone(config, zone, counters, venue, time)]));
};
