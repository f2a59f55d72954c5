import type { DeviceStatus } from '../../../gateway/api/contract.ts';

export type DeviceFilter = 'all' | 'silent' | 'discovered';

/** The state of a device now: the gateway's word, unless time has passed since it was given. */
export const stateNow = (device: DeviceStatus, serverMs: number): DeviceStatus['state'] => {
  const { state, silentAfterSeconds, lastSeenAt } = device;
  if (lastSeenAt === undefined || state === 'silent' || state === 'never') return state;
  if (silentAfterSeconds !== undefined && serverMs - Date.parse(lastSeenAt) > silentAfterSeconds * 1000)
    return 'silent';
  return state;
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

const ORDER: Readonly<Record<DeviceStatus['state'], number>> = { silent: 0, stale: 1, live: 2, never: 3 };

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
    .sort((a, b) => ORDER[a.state] - ORDER[b.state] || a.id.localeCompare(b.id));
};
