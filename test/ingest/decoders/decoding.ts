import type { Badges } from '../../../ingest/decoders/ble/badges.ts';
import { type DecodedFrame, decodeFrame } from '../../../ingest/decoders/decode-frame.ts';
import { DECODERS } from '../../../ingest/decoders/index.ts';
import { createMemories, type Memories } from '../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../ingest/decoders/router.ts';
import type { Decoded } from '../../../ingest/model/sample.ts';

/** 2026-01-01T00:00:00Z */
export const ARRIVED_MS = 1_767_225_600_000;

export interface Options {
  readonly retained?: boolean;
  readonly arrivedMs?: number;
}

type Payload = string | Uint8Array | object;

const bytesOf = (payload: Payload): Uint8Array =>
  payload instanceof Uint8Array
    ? payload
    : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));

export interface Session {
  frame(topic: string, payload: Payload, options?: Options): DecodedFrame;
  decode(topic: string, payload: Payload, options?: Options): Decoded;
  readonly memories: Memories;
}

/**
 * Decoders with a memory of their own, as the gateway runs them.
 * @param badges which adverts are of registered devices; absent: all are
 */
export const startSession = (badges?: Badges): Session => {
  const router = createRouter(DECODERS);
  const memories = createMemories();
  const frame: Session['frame'] = (topic, payload, { retained = false, arrivedMs = ARRIVED_MS } = {}) =>
    decodeFrame(
      { source: 'test', transport: 'mqtt', address: topic, payload: bytesOf(payload), arrivedMs, retained },
      router,
      memories,
      badges,
    );
  return {
    frame,
    memories,
    decode: (topic, payload, options) => frame(topic, payload, options).decoded,
  };
};

/** One message without a past. */
export const decode: Session['decode'] = (topic, payload, options) => startSession().decode(topic, payload, options);

export const codesOf = ({ failures }: Decoded): string[] => failures.map(({ code }) => code);

/** Metrics by channel. */
export const channelsOf = ({ samples }: Decoded): Record<string, object> =>
  Object.fromEntries(samples.map(({ channel, metrics }) => [channel, metrics]));
