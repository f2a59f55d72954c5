import { readFileSync } from 'node:fs';
import { StartError } from '../start-error.ts';
import type { VenueConfig } from './schema.ts';

/** AES-128, in hexadecimal digits. */
const KEY = /^[0-9a-fA-F]{32}$/;

/** Never repeats what the file holds. */
const unusable = (id: string, file: string, why: string): StartError =>
  new StartError(`cannot start: the bindKeyFile of ${id} cannot be used (${file}: ${why})`);

const keyIn = (id: string, file: string): string => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw unusable(id, file, error instanceof Error && 'code' in error ? String(error.code) : 'unreadable');
  }
  if (!KEY.test(text)) throw unusable(id, file, 'not 32 hexadecimal digits');
  return text;
};

/** The keys of devices whose adverts are encrypted, by device id; reads the files that the configuration names. */
export const bindKeysOf = (config: VenueConfig): ReadonlyMap<string, Uint8Array> => {
  const keys = new Map<string, Uint8Array>();
  for (const [id, { bindKey, bindKeyFile }] of [...Object.entries(config.devices), ...Object.entries(config.badges)]) {
    const text = bindKeyFile === undefined ? bindKey : keyIn(id, bindKeyFile);
    if (text !== undefined) keys.set(id, Buffer.from(text, 'hex'));
  }
  return keys;
};
