import { CATALOGUE } from '../../../ingest/decoders/catalogue.ts';
import { vectors } from '../../shared-vectors.ts';

/** A frame that some decoder understands. */
export interface Known {
  readonly topic: string;
  readonly bytes: Uint8Array;
}

const examples = (): readonly Known[] =>
  CATALOGUE.filter(({ transport }) => transport === 'mqtt').flatMap(({ examples: shown }) =>
    shown.map(({ address, payload, payloadHex = '' }) => ({
      topic: address,
      bytes: payload === undefined ? Buffer.from(payloadHex, 'hex') : Buffer.from(payload),
    })),
  );

const published = (): readonly Known[] => [
  ...(vectors('mqtt_payloads.jsonl') ?? []).map(({ topic, payload }) => ({
    topic: `${topic}`,
    bytes: Buffer.from(`${payload}`),
  })),
  ...(vectors('sparkplug_b.jsonl') ?? []).flatMap(({ payload_hex: hex }) =>
    ['NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH/door', 'DDATA/door'].map((type) => {
      const [kind, device] = type.split('/');
      const topic = `spBv1.0/g/${kind}/n${device === undefined ? '' : `/${device}`}`;
      return { topic, bytes: Buffer.from(`${hex}`, 'hex') };
    }),
  ),
];

/** Every format's examples, and the public vectors where they are there. */
export const corpus = (): readonly Known[] => [...examples(), ...published()];

const FILLERS: Readonly<Record<string, string>> = {
  venue: 'riverside',
  event: 'up',
  type: 'NDATA',
  component: 'sensor',
};

/** A topic for each pattern of a decoder: captures filled in. */
export const topicOf = (pattern: string): string =>
  pattern.replace(/\{(\w+)(\.\.\.)?\}|\+/g, (_, name = 'x') => FILLERS[name] ?? `${name}-1`);
