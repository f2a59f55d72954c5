import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { InfluxDB } from '@influxdata/influxdb-client';

export type Transport = InfluxDB['transport'];

/** What is heard of a request besides what the client tells. */
export interface Heard {
  status: number;
  body: string;
}

const BODY_CHARACTERS_MAX = 4096;

/** The client's own transport over one connection that is kept. `ca`: PEM, instead of the system's authorities. */
export const createTransport = (url: string, ca?: string): { readonly transport: Transport; close(): void } => {
  const kept = { keepAlive: true, maxSockets: 1 };
  const isTls = url.startsWith('https:');
  const agent = isTls ? new HttpsAgent(ca === undefined ? kept : { ...kept, ca }) : new HttpAgent(kept);
  // The client's timer sees only silence, and leaves the request running: the signal of `observed` does better.
  const { transport } = new InfluxDB({ url, timeout: 0, transportOptions: { agent } });
  return { transport, close: () => agent.destroy() };
};

/** The transport for one request: `signal` ends it, and `heard` learns what the client keeps to itself. */
export const observed = (transport: Transport, signal: AbortSignal, heard: Heard): Transport => ({
  chunkCombiner: transport.chunkCombiner,
  request: transport.request.bind(transport),
  iterate: transport.iterate.bind(transport),
  send: (path, body, options, callbacks) =>
    transport.send(
      path,
      body,
      { ...options, signal },
      {
        ...callbacks,
        responseStarted: (headers, status) => {
          heard.status = status ?? 0;
          callbacks?.responseStarted?.(headers, status);
        },
        next: (bytes) => {
          if (heard.body.length < BODY_CHARACTERS_MAX) heard.body += Buffer.from(bytes).toString('utf8');
          return callbacks?.next?.(bytes);
        },
      },
    ),
});
