import type { DeviceStatus } from '../../../gateway/api/contract.ts';

export type DeviceFilter = 'all' | 'silent' | 'discovered';

/** How old the newest data is, and what of that is only the way here. */
export interface Now {
  /** The gateway's clock, Unix milliseconds. */
  readonly serverMs: number;
  /** What a page can be behind its gateway: in a simulated evening a second is a minute. */
  readonly slackMs: number;
}

/** Whether a value that the gateway called overdue is so by more than the way here. */
export const isOverdue = (stale: boolean, at: string | undefined, { serverMs, slackMs }: Now): boolean =>
  stale && (at === undefined || serverMs - Date.parse(at) > slackMs);

/** The state of a device now: the gateway's word, unless time has passed since it was given. */
export const stateNow = (device: DeviceStatus, now: Now): DeviceStatus['state'] => {
  const { state, silentAfterSeconds, lastSeenAt } = device;
  if (lastSeenAt === undefined || state === 'silent' || state === 'never') return state;
  const ageMs = now.serverMs - Date.parse(lastSeenAt);
  if (silentAfterSeconds !== undefined && ageMs > silentAfterSeconds * 1000 + now.slackMs) return 'silent';
  return isOverdue(state === 'stale', lastSeenAt, now) ? 'stale' : 'live';
};

/** What people look for first; what is not named comes after, and positions and identities last. */
const FIRST: readonly string[] = [
  'occupancyPersons',
  'entriesTotal',
  'exitsTotal',
  'currentAmps',
  'temperatureCelsius',
  'humidityPercent',
  'co2Ppm',
  'powerWatts',
  'voltageVolts',
  'tiltDegrees',
];
const LAST: readonly string[] = [
  'batteryVolts',
  'rssiDbm',
  'txPowerDbm',
  'linkQuality',
  'uptimeSeconds',
  'latitudeDegrees',
  'longitudeDegrees',
  'accuracyMeters',
  'sequence',
];

const interest = (metric: string): number => {
  const first = FIRST.indexOf(metric);
  if (first !== -1) return first;
  const last = LAST.indexOf(metric);
  return FIRST.length + (last === -1 ? 0 : 1 + last);
};

/** One value of a device as a row shows it. */
export interface Reading {
  readonly channel: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly at: string | undefined;
  readonly stale: boolean;
}

/** All values of a device, the most telling first. */
export const readingsOf = ({ channels, channelAges, units }: DeviceStatus): readonly Reading[] => {
  const unitOf: Readonly<Record<string, string | undefined>> = units;
  const readings = Object.entries(channels).flatMap(([channel, metrics]) =>
    Object.entries(metrics).map(([metric, value]) => {
      const age = channelAges[channel];
      const missedAt = age?.missed?.[metric];
      return {
        channel,
        metric,
        value,
        unit: unitOf[metric] ?? '',
        at: missedAt ?? age?.at,
        stale: missedAt !== undefined || (age?.stale ?? true),
      };
    }),
  );
  return readings.sort((a, b) => interest(a.metric) - interest(b.metric) || a.channel.localeCompare(b.channel));
};

/** One that is merely late keeps its place: rows that jump cannot be read. */
const ORDER: Readonly<Record<DeviceStatus['state'], number>> = { silent: 0, stale: 1, live: 1, never: 2 };

/** Strangers first among equals, then fixed sensors, then badges: there are most of those. */
const rank = ({ registered, role }: DeviceStatus): number => (registered ? 1 + Number(role !== undefined) : 0);

const named = ({ id, name, zone, profile }: DeviceStatus): string =>
  `${id} ${name.zh} ${name.en} ${zone ?? ''} ${profile ?? ''}`.toLowerCase();

const passes = (device: DeviceStatus, filter: DeviceFilter): boolean =>
  filter === 'all' ||
  (filter === 'discovered' ? !device.registered : device.registered && ORDER[device.state] !== ORDER.live);

/** Devices that match, those in trouble first. `zoneNames`: what people call a zone, in all languages. */
export const matching = (
  devices: Iterable<DeviceStatus>,
  filter: DeviceFilter,
  words: string,
  zoneNames: (id: string) => string,
): readonly DeviceStatus[] => {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return [...devices]
    .filter((device) => passes(device, filter))
    .filter((device) => {
      const text = `${named(device)} ${zoneNames(device.zone ?? '').toLowerCase()}`;
      return wanted.every((word) => text.includes(word));
    })
    .sort((a, b) => ORDER[a.state] - ORDER[b.state] || rank(a) - rank(b) || a.id.localeCompare(b.id));
};
