import type { Discovered } from '../../../ingest/discovered.ts';
import type { Device, Reporting } from '../../../ingest/model/device.ts';
import { isMetricName, METRICS, type Metrics } from '../../../ingest/model/metrics.ts';
import type { PresenceView } from '../../../ingest/presence/presence.ts';
import type { DeviceLife, JudgeView } from '../../../rules/engine.ts';
import type { VenueClock } from '../../clock.ts';
import type { Registry } from '../../config/registry.ts';
import type { LastSample, LastSamples } from '../../last-samples.ts';
import type { DeviceStatus } from '../contract.ts';

/** What a device is seen by. */
export interface DeviceSight {
  readonly registry: Registry;
  readonly clock: VenueClock;
  readonly hotPath: {
    readonly lastSamples: Pick<LastSamples, 'get' | 'changes'>;
    readonly view: JudgeView;
    readonly presence: PresenceView;
  };
}

export type DeviceState = DeviceStatus['state'];

/** A device that nothing is said of is taken for live this long. */
const ASSUMED_SECONDS = 300;

/** Overdue after half an interval more than was promised: radios and clocks are not exact. */
const OVERDUE = 1.5;

export const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();

const secondsBetween = (fromMs: number, toMs: number): number => Math.max(0, Math.round((toMs - fromMs) / 100) / 10);

/** How old a value may be and still be shown as live, milliseconds. One that reports changes is live until it is silent. */
const freshMs = (reports: Reporting | undefined): number => {
  if (reports === undefined) return ASSUMED_SECONDS * 1000;
  return 'everySeconds' in reports ? reports.everySeconds * OVERDUE * 1000 : Infinity;
};

export const stateOf = (reports: Reporting | undefined, life: DeviceLife | undefined, nowMs: number): DeviceState => {
  if (life?.lastHeardMs === undefined) return 'never';
  if (life.silent) return 'silent';
  return nowMs - life.lastHeardMs > freshMs(reports) ? 'stale' : 'live';
};

const unitsOf = (channels: Iterable<Metrics>): DeviceStatus['units'] => {
  const units: Partial<Record<keyof Metrics, string>> = {};
  for (const metrics of channels) {
    for (const name of Object.keys(metrics)) if (isMetricName(name)) units[name] = METRICS[name].unit;
  }
  return units;
};

/** Metrics that the last samples of their channel no longer bring, and when they last came. */
const missedOf = ({ seenMs }: LastSample, fresh: number, nowMs: number) => {
  const missed = Object.entries(seenMs).filter(([, atMs]) => nowMs - atMs > fresh);
  return missed.length === 0 ? {} : { missed: Object.fromEntries(missed.map(([name, atMs]) => [name, iso(atMs)])) };
};

const agesOf = (samples: readonly LastSample[], state: DeviceState, device: Device, nowMs: number) =>
  Object.fromEntries(
    samples.map((sample) => {
      const { channel, arrivedMs } = sample;
      const fresh = freshMs(device.reports);
      const stale = state !== 'live' || nowMs - arrivedMs > fresh;
      const age = { at: iso(arrivedMs), ageSeconds: secondsBetween(arrivedMs, nowMs), stale };
      return [channel, { ...age, ...missedOf(sample, fresh, nowMs) }];
    }),
  );

const identityOf = ({ id, profile, zone, role, reports }: Device, registry: Registry) => ({
  id,
  registered: true,
  name: registry.deviceName(id),
  ...(profile === undefined ? {} : { profile }),
  ...(zone === undefined ? {} : { zone }),
  ...(role === undefined ? {} : { role }),
  ...(reports === undefined ? {} : { reports }),
});

/** Where a device is: a badge where receivers hear it, all else where it is registered. */
export const zoneNow = ({ id, zone }: Device, { hotPath, clock }: DeviceSight): string | undefined =>
  hotPath.presence.of(id, clock.now()).place?.zone ?? zone;

const heardAt = (atMs: number | undefined) => (atMs === undefined ? {} : { heardAt: iso(atMs) });

const strength = (rssiDbm: number | undefined) => (rssiDbm === undefined ? {} : { rssiDbm });

/** What receivers say of where a device is. */
const whereabouts = ({ id, zone }: Device, { presence }: DeviceSight['hotPath'], nowMs: number) => {
  const heard = presence.lastHeard(id);
  const { place, notHeardSinceMs } = presence.of(id, nowMs);
  if (place === undefined) {
    return heard === undefined ? {} : { heardBy: heard.receiver, ...strength(heard.rssiDbm), ...heardAt(heard.atMs) };
  }
  return {
    zone: place.zone,
    ...(zone === undefined ? {} : { registeredZone: zone }),
    zoneSince: iso(place.sinceMs),
    ...(place.receiver === undefined ? {} : { heardBy: place.receiver }),
    ...strength(place.rssiDbm),
    ...heardAt(heard?.atMs),
    // Known from before a restart: not heard since then at the latest.
    ...(notHeardSinceMs === undefined
      ? {}
      : { notHeardSince: iso(notHeardSinceMs < 0 ? place.sinceMs : notHeardSinceMs) }),
  };
};

const seenAt = (lastMs: number | undefined, nowMs: number) =>
  lastMs === undefined ? {} : { lastSeenAt: iso(lastMs), ageSeconds: secondsBetween(lastMs, nowMs) };

/** A registered device with its last sample of each channel, read from memory. */
export const deviceStatus = (device: Device, { registry, clock, hotPath }: DeviceSight): DeviceStatus => {
  const nowMs = clock.now();
  const life = hotPath.view.lifeOf(device.id);
  const samples = [...hotPath.lastSamples.get(device.id).values()];
  const state = stateOf(device.reports, life, nowMs);
  return {
    ...identityOf(device, registry),
    ...whereabouts(device, hotPath, nowMs),
    state,
    ...(life?.silentAfterMs === undefined ? {} : { silentAfterSeconds: life.silentAfterMs / 1000 }),
    ...seenAt(life?.lastHeardMs, nowMs),
    channels: Object.fromEntries(samples.map(({ channel, metrics }) => [channel, metrics])),
    channelAges: agesOf(samples, state, device, nowMs),
    units: unitsOf(samples.map(({ metrics }) => metrics)),
  };
};

/** A device that reports and that nobody has registered. When each of its channels came is not known. */
export const discoveredStatus = (found: Discovered, nowMs: number): DeviceStatus => {
  const { address, source, lastSeenMs, channels, heardBy, rssiDbm } = found;
  const id = address.slice(address.indexOf(':') + 1);
  const stale = nowMs - lastSeenMs > freshMs(undefined);
  const age = { at: iso(lastSeenMs), ageSeconds: secondsBetween(lastSeenMs, nowMs), stale };
  return {
    id,
    registered: false,
    address,
    source,
    ...(heardBy === undefined ? {} : { heardBy }),
    ...strength(rssiDbm),
    name: { zh: id, en: id },
    state: stale ? 'stale' : 'live',
    ...seenAt(lastSeenMs, nowMs),
    channels: { ...channels },
    channelAges: Object.fromEntries(Object.keys(channels).map((channel) => [channel, age])),
    units: unitsOf(Object.values(channels)),
  };
};
