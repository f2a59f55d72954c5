import { random } from '../measure.ts';

export const VENUE_ID = 'bench';
export const ZONES = 250;
export const ZONE_AREA_M2 = 1_000;
export const RATED_AMPS = 16;
export const HOT_CELSIUS = 40;
export const DEVICES = 10_000;

export type Profile = 'badge' | 'climate' | 'current-clamp' | 'people-counter';

export interface BenchDevice {
  readonly id: string;
  readonly profile: Profile;
  readonly zone: string;
  /** Sends nothing but what is meant to raise an alarm, and to end it. */
  readonly probe: boolean;
}

const PROBES = 500;

/** Two thirds are badges, the rest what a venue has of sensors. */
const profileOf = (index: number): Profile => {
  const part = index % 10;
  if (part < 6) return 'badge';
  if (part < 8) return 'climate';
  return part === 8 ? 'current-clamp' : 'people-counter';
};

const isProbe = (index: number): boolean => index % 20 === 7;

/** 10,000 devices of mixed profiles; 500 of the thermometers are kept for alarms. */
export const DEVICE_LIST: readonly BenchDevice[] = Array.from({ length: DEVICES }, (_, index) => ({
  id: `${profileOf(index)}-${`${index}`.padStart(5, '0')}`,
  profile: profileOf(index),
  zone: `zone-${Math.floor(index / 10) % ZONES}`,
  probe: isProbe(index),
}));

export const PROBE_LIST: readonly BenchDevice[] = DEVICE_LIST.filter(({ probe }) => probe).slice(0, PROBES);

export const topicOf = (device: string): string => `muster/${VENUE_ID}/up/${device}`;

const reading = (n: string, u: string, v: number): string => JSON.stringify([{ n, u, v }]);

/** A pack of the three axes that an accelerometer reads at once, upright and at rest but for a little noise. */
const accelerationOf = (noise: number): string =>
  JSON.stringify([
    { n: 'acceleration/x', u: 'm/s2', v: Number(noise.toFixed(3)) },
    { n: 'acceleration/y', u: 'm/s2', v: Number((-noise).toFixed(3)) },
    { n: 'acceleration/z', u: 'm/s2', v: Number((9.8 - noise).toFixed(3)) },
  ]);

/** The payloads that a device sends in turn: one reading each, nothing that raises an alarm. */
export const payloadsOf = ({ profile }: BenchDevice, index: number): readonly string[] => {
  const next = random(index);
  const some = (make: (at: number) => string): readonly string[] => Array.from({ length: 8 }, (_, at) => make(at));
  switch (profile) {
    case 'badge':
      return some((at) => (at % 4 === 0 ? accelerationOf(next()) : reading('movements', 'count', at)));
    case 'climate':
      return some(() => reading('temperature', 'Cel', Number((18 + 12 * next()).toFixed(1))));
    case 'current-clamp':
      return some(() => reading('current', 'A', Number((2 + 8 * next()).toFixed(2))));
    case 'people-counter':
      return some(() => reading('occupancy', 'count', Math.floor(5 + 20 * next())));
  }
};

export const probePayload = (hot: boolean): string => reading('temperature', 'Cel', hot ? 45 : 23.1);

const entries = <T>(of: readonly BenchDevice[], make: (device: BenchDevice) => T): Record<string, T> =>
  Object.fromEntries(of.map((device) => [device.id, make(device)]));

const RULES = [
  { id: 'density', kind: 'crowd-density' },
  { id: 'load', kind: 'overcurrent' },
  { id: 'fall', kind: 'tilt' },
  { id: 'still', kind: 'stillness' },
  { id: 'sos', kind: 'sos' },
  { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: HOT_CELSIUS }, deadband: 1 },
  { id: 'quiet', kind: 'silent' },
];

const limits = {
  publishesPerSecond: 1_000_000,
  publishBurst: 1_000_000,
  maxConnections: 30_000,
  maxConnectionsPerAddress: 30_000,
};

const everyMinute = { reports: { everySeconds: 60 } };

/**
 * venue.yaml of the benchmark's venue, as JSON (which is YAML): seven rules, one of each kind.
 * @param sinks its databases
 */
export const venueText = (sinks: readonly object[] = []): string =>
  JSON.stringify({
    venue: { id: VENUE_ID, name: { zh: '基准', en: 'Bench' }, timezone: 'Asia/Shanghai', locale: 'en' },
    zones: Object.fromEntries(Array.from({ length: ZONES }, (_, at) => [`zone-${at}`, { areaM2: ZONE_AREA_M2 }])),
    profiles: { badge: everyMinute, climate: everyMinute, 'current-clamp': everyMinute, 'people-counter': everyMinute },
    roles: { steward: {} },
    devices: entries(
      DEVICE_LIST.filter(({ profile }) => profile !== 'badge'),
      ({ profile, zone }) => ({ profile, zone, ...(profile === 'current-clamp' ? { ratedAmps: RATED_AMPS } : {}) }),
    ),
    badges: entries(
      DEVICE_LIST.filter(({ profile }) => profile === 'badge'),
      ({ zone }) => ({ role: 'steward', zone }),
    ),
    sources: [{ kind: 'mqtt-broker', tcp: { host: '127.0.0.1', port: 0 }, limits }],
    http: { host: '127.0.0.1', port: 0 },
    sinks,
    rules: RULES,
    security: { anonymous: 'loopback' },
  });
