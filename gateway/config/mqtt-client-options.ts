import { readFileSync } from 'node:fs';
import { DECODERS } from '../../ingest/decoders/index.ts';
import type { MqttClientOptions } from '../../ingest/sources/mqtt-client.ts';
import type { VenueConfig } from './schema.ts';

type ClientSource = Extract<VenueConfig['sources'][number], { kind: 'mqtt-client' }>;

/** What learns from announcements takes any topic; of another broker nobody wants them all. */
const isAnyTopic = (pattern: string): boolean => pattern.startsWith('{') && pattern.endsWith('...}');

/** Every topic that a decoder takes, as MQTT filters: captures become `+`, a captured rest `#`. */
const decodableTopics = (venueId: string): readonly string[] => {
  const patterns = DECODERS.flatMap(({ topics }) => topics).filter((pattern) => !isAnyTopic(pattern));
  const filters = patterns.map((pattern) =>
    pattern
      .replace('{venue}', venueId)
      .replace(/\{[^}]*\.\.\.\}$/, '#')
      .replace(/\{[^}]*\}/g, '+'),
  );
  return [...new Set(filters)];
};

const secretIn = (file: string): string => readFileSync(file, 'utf8').trim();

const pemIn = (file: string): string => readFileSync(file, 'utf8');

const tlsOf = ({ caFile, certFile, keyFile }: ClientSource): NonNullable<MqttClientOptions['tls']> => ({
  ...(caFile === undefined ? {} : { ca: pemIn(caFile) }),
  ...(certFile === undefined ? {} : { cert: pemIn(certFile) }),
  ...(keyFile === undefined ? {} : { key: pemIn(keyFile) }),
});

/** What a client of an existing broker needs of venue.yaml; reads the files that it names. */
export const mqttClientOptions = (source: ClientSource, venueId: string): Omit<MqttClientOptions, 'log' | 'nowMs'> => ({
  id: source.id,
  url: source.url,
  clientId: source.clientId ?? `muster-${venueId}-${source.id}`,
  protocolVersion: source.protocolVersion,
  topics: source.topics ?? decodableTopics(venueId),
  silenceSeconds: source.silenceSeconds,
  keepAliveSeconds: source.keepAliveSeconds,
  tls: tlsOf(source),
  ...(source.username === undefined ? {} : { userName: source.username }),
  ...(source.passwordFile === undefined ? {} : { password: secretIn(source.passwordFile) }),
  ...(source.sharedGroup === undefined ? {} : { sharedGroup: source.sharedGroup }),
});
