import type { Device } from '../../../ingest/model/device.ts';
import { type Coverage, coverageOf } from '../../../ingest/presence/coverage.ts';
import type { ReceiverSight } from '../../../ingest/presence/receivers.ts';
import type { Text } from '../../../rules/rule.ts';
import type { BadgeCoverage, ReceiverStatus } from '../contract.ts';
import { type DeviceSight, iso, stateOf } from './device.ts';

const tenth = (value: number): number => Math.round(value * 10) / 10;

const heardAt = (atMs: number | undefined) => (atMs === undefined ? {} : { lastHeardAt: iso(atMs) });

export const receiverStatus = (sight: ReceiverSight, { registry }: DeviceSight): ReceiverStatus => {
  const { name, zone, hears, heardPerSecond, heardTotal, lastHeardMs, canary } = sight;
  return {
    id: name,
    name: registry.receiverName(name),
    ...(zone === undefined ? {} : { zone }),
    state: hears,
    heardPerSecond: tenth(heardPerSecond),
    heardTotal,
    ...heardAt(lastHeardMs),
    ...(canary === undefined
      ? {}
      : { canary: { device: canary.device, limitSeconds: canary.limitMs / 1000, ...heardAt(canary.lastHeardMs) } }),
  };
};

/** Whether somebody in a zone would be heard; each zone is looked at once. */
export type CoverageByZone = (zone: string) => Coverage;

export const coverageByZone = (receivers: readonly ReceiverSight[]): CoverageByZone => {
  const known = new Map<string, Coverage>();
  return (zone) => {
    const coverage = known.get(zone) ?? coverageOf(zone, receivers);
    known.set(zone, coverage);
    return coverage;
  };
};

const REASONS: Readonly<Record<'receivers-deaf' | 'no-receivers', Text>> = {
  'receivers-deaf': {
    zh: '该区域的接收器均已失聪：没有收到胸牌不代表平安',
    en: 'every receiver of its zone is deaf: that it is not heard says nothing of its wearer',
  },
  'no-receivers': {
    zh: '该区域没有接收器：没有收到胸牌不代表平安',
    en: 'its zone has no receiver: that it is not heard says nothing of its wearer',
  },
};

/** Whether a badge is heard, and where it is not, whether it could have been. */
export interface Heard {
  readonly zone: string | undefined;
  readonly heard: boolean;
  readonly coverage: Coverage | undefined;
  readonly reason: keyof typeof REASONS | undefined;
}

export const heardOf = (badge: Device, sight: DeviceSight, byZone: CoverageByZone): Heard => {
  const nowMs = sight.clock.now();
  const { place, notHeardSinceMs } = sight.hotPath.presence.of(badge.id, nowMs);
  const zone = place?.zone ?? badge.zone;
  const heard = notHeardSinceMs === undefined;
  const found = zone === undefined ? undefined : byZone(zone);
  // A badge that no radio has ever heard, in a zone without one, comes some other way.
  const coverage = place === undefined && found === 'none' ? undefined : found;
  const reports = stateOf(badge.reports, sight.hotPath.view.lifeOf(badge.id), nowMs) === 'live';
  if (heard || reports) return { zone, heard, coverage, reason: undefined };
  const reason = coverage === 'deaf' ? 'receivers-deaf' : coverage === 'none' ? 'no-receivers' : undefined;
  return { zone, heard, coverage, reason };
};

/** The last battery reading of any channel. */
const batteryOf = (id: string, { hotPath }: DeviceSight) => {
  const samples = [...hotPath.lastSamples.get(id).values()].map(({ metrics }) => metrics);
  const batteryPercent = samples.find((metrics) => metrics.batteryPercent !== undefined)?.batteryPercent;
  const batteryVolts = samples.find((metrics) => metrics.batteryVolts !== undefined)?.batteryVolts;
  return {
    ...(batteryPercent === undefined ? {} : { batteryPercent }),
    ...(batteryVolts === undefined ? {} : { batteryVolts }),
  };
};

export const badgeCoverage = (badge: Device, sight: DeviceSight, byZone: CoverageByZone): BadgeCoverage => {
  const { id } = badge;
  const { zone, heard, coverage, reason } = heardOf(badge, sight, byZone);
  const { place } = sight.hotPath.presence.of(id, sight.clock.now());
  const last = sight.hotPath.presence.lastHeard(id);
  return {
    id,
    name: sight.registry.deviceName(id),
    ...(zone === undefined ? {} : { zone }),
    ...(place === undefined ? {} : { zoneSince: iso(place.sinceMs) }),
    heard,
    ...heardAt(last?.atMs),
    ...(last === undefined ? {} : { heardBy: last.receiver }),
    ...(last?.rssiDbm === undefined ? {} : { rssiDbm: last.rssiDbm }),
    ...batteryOf(id, sight),
    ...(coverage === undefined ? {} : { coverage }),
    couldNotHaveBeenHeard: reason !== undefined,
    ...(reason === undefined ? {} : { reason: { code: reason, ...REASONS[reason] } }),
  };
};
