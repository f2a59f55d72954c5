import type { BrokerOptions } from '../broker/options.ts';
import type { TlsFiles } from '../tls/secure-context.ts';
import type { Registry } from './registry.ts';
import type { VenueConfig } from './schema.ts';

type BrokerSource = Extract<VenueConfig['sources'][number], { kind: 'mqtt-broker' }>;

const tlsFiles = ({ certFile, keyFile, minVersion }: TlsFiles): TlsFiles => ({
  certFile,
  keyFile,
  ...(minVersion === undefined ? {} : { minVersion }),
});

/** What the embedded broker needs of venue.yaml. */
export const brokerOptions = (
  source: BrokerSource,
  config: VenueConfig,
  registry: Registry,
): Omit<BrokerOptions, 'log'> => {
  const { tcp, tls, websocket, limits } = source;
  return {
    venueId: registry.venueId,
    ...(tcp === undefined ? {} : { tcp }),
    ...(tls === undefined ? {} : { tls: { host: tls.host, port: tls.port, ...tlsFiles(tls) } }),
    ...(websocket === undefined
      ? {}
      : {
          websocket: {
            host: websocket.host,
            port: websocket.port,
            ...(websocket.tls === undefined ? {} : { tls: tlsFiles(websocket.tls) }),
          },
        }),
    credentials: registry.credentials,
    anonymous: config.security.anonymous,
    limits: {
      maxPacketBytes: limits.maxPacketBytes,
      maxConnections: limits.maxConnections,
      maxConnectionsPerAddress: limits.maxConnectionsPerAddress,
      publishesPerSecond: limits.publishesPerSecond,
      publishBurst: limits.publishBurst,
      maxUnsettled: limits.maxInflight,
      connectTimeoutMs: limits.connectTimeoutSeconds * 1000,
      drainTimeoutMs: limits.drainTimeoutSeconds * 1000,
    },
  };
};
