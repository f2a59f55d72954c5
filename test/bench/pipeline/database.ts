import { existsSync } from 'node:fs';
import { z } from 'zod';
import { DATABASE, influxServer, WRITER } from '../../gateway/influx/servers.ts';
import { startChild } from '../child.ts';
import type { Keep } from './contestants/serve.ts';

const PROGRAM = '/usr/bin/influxd';

/** A database that takes lines, in a process of its own. */
export interface Database {
  readonly name: string;
  /** As in venue.yaml. */
  readonly sink: Keep['sinks'][number];
  stop(): Promise<void>;
}

const portSchema = z.object({ port: z.number() });

/** Debian's InfluxDB; where it is not installed, a server that answers 204 to everything. */
export const startDatabase = async (): Promise<Database> => {
  const sink = { kind: 'influxdb', version: 1, database: DATABASE };
  if (existsSync(PROGRAM)) {
    const server = await influxServer();
    return { name: 'InfluxDB', sink: { ...sink, url: server.url, ...WRITER }, stop: server.remove };
  }
  const child = startChild('pipeline/http-sink');
  const { port } = portSchema.parse(await child.ask({ do: 'start' }));
  return { name: 'a sink of HTTP', sink: { ...sink, url: `http://127.0.0.1:${port}` }, stop: child.stop };
};
