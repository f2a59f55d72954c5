import Fastify, { type FastifyInstance } from 'fastify';
import type { VenueClock } from '../clock.ts';
import type { Registry } from '../config/registry.ts';
import type { HotPath } from '../hot-path.ts';
import type { DeviceStatus, Health, List, RejectedFrame } from './contract.ts';

export interface ApiOptions {
  readonly hotPath: HotPath;
  readonly registry: Registry;
  readonly clock: VenueClock;
  health(): Health;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const statusOf = (id: string, options: ApiOptions): DeviceStatus => {
  const { registry, hotPath, clock } = options;
  const device = registry.venue.devices.get(id);
  const samples = [...hotPath.lastSamples.get(id).values()];
  const lastMs = samples.reduce((latest, { arrivedMs }) => Math.max(latest, arrivedMs), 0);
  return {
    id,
    registered: true,
    ...(device?.profile === undefined ? {} : { profile: device.profile }),
    ...(device?.zone === undefined ? {} : { zone: device.zone }),
    ...(lastMs === 0 ? {} : { lastSeenAt: iso(lastMs), ageSeconds: Math.round((clock.now() - lastMs) / 1000) }),
    channels: Object.fromEntries(samples.map(({ channel, metrics }) => [channel, metrics])),
  };
};

const discoveredOf = ({ hotPath, clock }: ApiOptions): readonly DeviceStatus[] =>
  hotPath.intake.discovered.list().map(({ address, lastSeenMs, channels }) => ({
    id: address.slice(address.indexOf(':') + 1),
    registered: false,
    address,
    lastSeenAt: iso(lastSeenMs),
    ageSeconds: Math.round((clock.now() - lastSeenMs) / 1000),
    channels,
  }));

const rejectedOf = ({ hotPath }: ApiOptions): readonly RejectedFrame[] =>
  hotPath.intake.rejected.list().map(({ atMs, ...rest }) => ({ at: iso(atMs), ...rest }));

const list = <T>(items: readonly T[]): List<T> => ({ items });

/** The HTTP side: health, and read-only lists. Read from memory only; never waits for anything. */
export const createApi = (options: ApiOptions): FastifyInstance => {
  const { hotPath, registry } = options;
  const server = Fastify({ logger: false, bodyLimit: 65_536, requestTimeout: 10_000 });
  server.get('/healthz', () => options.health());
  server.get('/api/v1/alarms', () => list(hotPath.openAlarms()));
  server.get('/api/v1/devices', () =>
    list([...[...registry.venue.devices.keys()].map((id) => statusOf(id, options)), ...discoveredOf(options)]),
  );
  server.get('/api/v1/rejected', () => list(rejectedOf(options)));
  return server;
};
