import { createHash } from 'node:crypto';
import { deepFreeze } from '../config/freeze.ts';
import { hasUserInfo, namesSecret } from '../config/problems/shown.ts';
import { type VenueConfig, venueSchema } from '../config/schema.ts';

/** `…File` names a file that holds a secret, and is none itself. */
const isSecret = (key: string): boolean => namesSecret(key) && !key.endsWith('File');

const withoutSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value === 'string') return hasUserInfo(value) ? undefined : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (isSecret(key) ? [] : [[key, withoutSecrets(inner)]])),
  );
};

/** A configuration as a recording holds it. */
export interface ConfigRecord {
  readonly config: unknown;
  /** SHA-256 of its JSON. */
  readonly hash: string;
}

/** What judging needs of a configuration, without its secrets: who may log in and who is told has no part in it. */
export const configRecordOf = (config: VenueConfig): ConfigRecord => {
  const { clients: _, notifiers: __, sinks: ___, ...rest } = config;
  const json = JSON.stringify(withoutSecrets(rest));
  return { config: JSON.parse(json), hash: createHash('sha256').update(json).digest('hex') };
};

/** The configuration again; undefined: this version cannot read it. */
export const recordedConfig = (recorded: unknown): VenueConfig | undefined => {
  const parsed = venueSchema.safeParse(recorded);
  return parsed.success ? deepFreeze(parsed.data) : undefined;
};
