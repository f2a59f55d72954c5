import type { Device, Zone } from '../../../ingest/model/device.ts';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { createRule, ruleSchema } from '../../../rules/kinds/index.ts';
import type { Rule, Venue } from '../../../rules/rule.ts';

/** A venue with every kind of rule in use. */
export interface BenchVenue {
  readonly venue: Venue;
  readonly rules: readonly Rule[];
}

const ZONES = 20;
const SENSORS_OF_A_ZONE = 50;

const zoneOf = (index: number): string => `zone-${index % ZONES}`;

const base = (id: string, seat: number): Device => ({
  id,
  seat,
  profile: 'badge',
  zone: zoneOf(seat),
  fromZone: undefined,
  role: undefined,
  reports: { everySeconds: 60 },
  ratedAmps: {},
  upright: [0, 0, 1],
  registered: true,
});

const badge = (seat: number): Device => ({
  ...base(`badge-${seat}`, seat),
  role: seat % 10 === 0 ? 'guard' : 'steward',
});

/** Of ten sensors six measure climate, two count people and two measure a current. */
const sensor = (index: number, seat: number): Device => {
  const device = base(`sensor-${index}`, seat);
  if (index % 10 < 6) return { ...device, profile: 'climate' };
  if (index % 10 < 8) return { ...device, profile: 'people-counter' };
  return { ...device, profile: 'current-clamp', ratedAmps: { '': 32 } };
};

const zones = (): readonly Zone[] =>
  Array.from({ length: ZONES }, (_, index) => ({
    id: zoneOf(index),
    areaM2: 1_000 * SENSORS_OF_A_ZONE,
    capacity: 100_000,
    use: 'standing',
    within: undefined,
    polygon: [
      [0, 0],
      [1_000, 0],
      [1_000, 1_000],
    ],
  }));

const CONFIGS: readonly Readonly<Record<string, unknown>>[] = [
  { kind: 'tilt' },
  { kind: 'stillness', roles: { guard: 20 } },
  { kind: 'man-down' },
  { kind: 'sos' },
  { kind: 'silent' },
  { kind: 'battery-low' },
  {
    kind: 'geofence',
    polygon: [
      [31.1, 121.3],
      [31.1, 121.5],
      [31.3, 121.5],
      [31.3, 121.3],
    ],
  },
  { kind: 'crowd-density' },
  { kind: 'overcurrent' },
  { kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 45, red: 60 }, for: { profiles: ['climate'] } },
  { kind: 'rate-of-change', metric: 'temperatureCelsius', for: { profiles: ['climate'] } },
  { kind: 'heat-index', for: { profiles: ['climate'] } },
  { kind: 'phase-imbalance', for: { profiles: ['current-clamp'] } },
  { kind: 'missed-check-in', everyMinutes: 60, for: { roles: ['guard'] } },
  { kind: 'on-duty-too-long', for: { roles: ['guard'] } },
  { kind: 'object-left' },
  { kind: 'access-burst' },
  { kind: 'incident-class' },
  { kind: 'gateway-health' },
];

export const venueOf = (badges: number, sensors: number): BenchVenue => {
  const devices = [
    ...Array.from({ length: badges }, (_, index) => badge(index)),
    ...Array.from({ length: sensors }, (_, index) => sensor(index, badges + index)),
  ];
  const venue: Venue = {
    zones: new Map(zones().map((zone) => [zone.id, zone])),
    devices: new Map(devices.map((device) => [device.id, device])),
  };
  return { venue, rules: CONFIGS.map((config) => createRule(ruleSchema.parse({ id: config.kind, ...config }), venue)) };
};

const LYING: Metrics = { accelerationXG: 1, accelerationYG: 0, accelerationZG: 0, batteryPercent: 50 };

/** What a device reports next; `turn` counts its reports, `noise` is uniform in [0, 1). */
export const reportOf = ({ profile, role, seat }: Device, turn: number, noise: number): Metrics => {
  if (role !== undefined) {
    // One in a thousand lies down now and then: alarms are raised and cleared.
    if (seat % 1_000 === 7 && turn % 8 >= 4) return LYING;
    return {
      accelerationXG: 0.4 * noise - 0.2,
      accelerationYG: 0.1,
      accelerationZG: 0.97,
      batteryPercent: 80 - (turn % 50),
      latitudeDegrees: 31.2 + 0.0001 * noise,
      longitudeDegrees: 121.4,
      accuracyMeters: 8,
    };
  }
  if (profile === 'climate') return { temperatureCelsius: 20 + 15 * noise, humidityPercent: 50 };
  if (profile === 'people-counter') return { entriesTotal: turn, exitsTotal: turn >> 1 };
  return { currentAmps: 20 + 4 * noise };
};
