import { z } from 'zod';
import { encodePack } from '../senml.ts';
import type { Transport, TransportOptions } from './transport.ts';

/** SenML over HTTP: a device that posts what it measured. */
export const httpEmit = z.strictObject({
  transport: z.literal('http'),
  secret: z.string().min(16).max(256).describe('its password; a scenario is no place for a real one'),
});

export interface HttpTransportOptions extends TransportOptions {
  /** Of the gateway: http://host:port */
  readonly url: string;
  readonly emit: z.output<typeof httpEmit>;
}

/** What is not answered in so long is lost. */
const WITHIN_MS = 10_000;

export const httpTransport = (options: HttpTransportOptions): Transport => {
  const { url, emit, onReady, onProblem } = options;
  const under = new Set<Promise<void>>();
  let alive = true;
  let dropped = 0;

  const post = async (body: Uint8Array): Promise<void> => {
    try {
      const headers = { authorization: `Bearer ${emit.secret}`, 'content-type': 'application/json' };
      const signal = AbortSignal.timeout(WITHIN_MS);
      const { ok, status } = await fetch(`${url}/api/v1/ingest`, {
        method: 'POST',
        body: Buffer.from(body),
        headers,
        signal,
      });
      if (!ok) throw new Error(`the gateway answers ${status}`);
    } catch (error) {
      dropped += 1;
      onProblem(error instanceof Error ? error.message : String(error));
    }
  };

  return {
    open: () => {
      alive = true;
      onReady();
    },
    send: (pack) => {
      if (!alive) return;
      const sent = post(encodePack(pack, 'json')).finally(() => under.delete(sent));
      under.add(sent);
    },
    cut: () => {
      alive = false;
    },
    close: async () => {
      alive = false;
      await Promise.all(under);
    },
    get dropped() {
      return dropped;
    },
  };
};
