import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replacementOf } from '../../private-file.ts';

const FILE = 'acknowledge.key';
const KEY_BYTES = 32;

const keyIn = (path: string): Uint8Array | undefined => {
  try {
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
    return key.length === KEY_BYTES ? key : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** The key that links are signed with, made where there is none: a restart leaves links valid. Deleting it voids them. */
export const linkKey = (directory: string | undefined): Uint8Array => {
  if (directory === undefined) return randomBytes(KEY_BYTES);
  const path = join(directory, FILE);
  const found = keyIn(path);
  if (found !== undefined) return found;
  const key = randomBytes(KEY_BYTES);
  const file = replacementOf(path);
  try {
    file.commit(`${key.toString('base64url')}\n`);
  } finally {
    file.release();
  }
  return key;
};
