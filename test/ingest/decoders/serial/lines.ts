import { createMemories } from '../../../../ingest/decoders/memories.ts';
import { decodeSerialFrame } from '../../../../ingest/decoders/serial/index.ts';
import type { Decoded } from '../../../../ingest/model/sample.ts';
import { ARRIVED_MS } from '../decoding.ts';

export interface LineOptions {
  readonly profile?: string;
  readonly arrivedMs?: number;
}

/** Decodes lines of one device, with its memory. */
export interface Line {
  decode(payload: string | Uint8Array, options?: LineOptions): Decoded;
  /** The format that took the last line. */
  readonly kind: string | undefined;
  /** Its memory, as it is kept over a restart. */
  saved(): unknown;
}

export const startLine = (saved?: unknown): Line => {
  const memories = createMemories();
  memories.restore(saved);
  let kind: string | undefined;
  return {
    decode: (payload, { profile, arrivedMs = ARRIVED_MS } = {}) => {
      const result = decodeSerialFrame(
        {
          source: 'port',
          transport: 'serial',
          address: 'port',
          payload: typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload,
          arrivedMs,
          retained: false,
          ...(profile === undefined ? {} : { profile }),
        },
        memories,
      );
      kind = result.kind;
      return result.decoded;
    },
    saved: memories.save,
    get kind() {
      return kind;
    },
  };
};

/** A sentence with its checksum. */
export const withChecksum = (body: string): string => {
  const sum = [...Buffer.from(body, 'latin1')].reduce((left, right) => left ^ right, 0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
};
