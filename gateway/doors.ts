import type { FastifyInstance } from 'fastify';
import type { Frame } from '../ingest/model/frame.ts';
import type { Source } from '../ingest/sources/source.ts';
import { createReadiness, type Readiness } from './api/readiness.ts';
import type { Broker } from './broker/broker.ts';
import type { VenueConfig } from './config/schema.ts';
import type { Stops } from './stops.ts';

export interface DoorsOptions {
  readonly config: VenueConfig;
  readonly server: FastifyInstance;
  readonly sources: readonly Source[];
  readonly brokers: readonly Broker[];
  readonly readiness: Readiness;
  accept(frame: Frame, settle?: () => void): void;
}

/** Where the HTTP server listens. */
export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

const listenHttp = async (server: FastifyInstance, { host, port }: VenueConfig['http']): Promise<HttpAddress> => {
  await server.listen({ host, port });
  const [address] = server.addresses();
  return { host, port: typeof address === 'object' ? address.port : port };
};

const brokerName = (index: number): string => `broker ${index}`;

/** All that must be open before the gateway is of use. */
export const doorsOf = ({ sources, brokers }: Pick<DoorsOptions, 'sources' | 'brokers'>): Readiness =>
  createReadiness([...sources.map(({ id }) => id), ...brokers.map((_, index) => brokerName(index))]);

/** Lets the world in, when all that judges and tells is there: HTTP first, which says what is not open yet. */
export const openDoors = async (options: DoorsOptions, stops: Stops): Promise<HttpAddress> => {
  const { config, server, sources, brokers, readiness, accept } = options;
  const http = await listenHttp(server, config.http);
  for (const source of sources) {
    stops.push(() => source.stop());
    await source.start(accept);
    readiness.mark(source.id, true);
  }
  for (const [index, broker] of brokers.entries()) {
    stops.push(() => broker.stop());
    await broker.start();
    broker.publish(`muster/${config.venue.id}/status`, JSON.stringify({ status: 'online' }), { retain: true, qos: 1 });
    readiness.mark(brokerName(index), true);
  }
  return http;
};
