import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Text } from '../../rules/rule.ts';
import { nameKey } from './names.ts';

const MIN_CHARACTERS = 12;
/** Bounds the work that a stranger's log-in can ask for before it is hashed. */
const MAX_BYTES = 1_024;

/** RFC 7914; 32 MiB a hash and about half a second: what OWASP's password storage cheat sheet asks for with N = 2^15. */
const COST = { N: 32_768, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Also what a users file may ask of this box: 128 N r bytes (RFC 7914 section 2), and a little more. */
const MAX_MEMORY_BYTES = 160 * 1_048_576;

const base64 = (bytes: number) =>
  z
    .string()
    .max(4 * bytes)
    .refine((text) => Buffer.from(text, 'base64').length === bytes);

/** A password as it is kept: the parameters stand beside it, so that they can grow later. */
export const storedPasswordSchema = z
  .strictObject({
    scheme: z.literal('scrypt'),
    N: z.int().min(16_384).max(1_048_576),
    r: z.int().min(8).max(32),
    p: z.int().min(1).max(16),
    salt: base64(SALT_BYTES),
    key: base64(KEY_BYTES),
  })
  .refine(({ N, r }) => (N & (N - 1)) === 0 && 128 * N * r <= MAX_MEMORY_BYTES);

export type StoredPassword = z.infer<typeof storedPasswordSchema>;

type Cost = Pick<StoredPassword, 'N' | 'r' | 'p'>;

/** RFC 8265 section 4.2: the same characters typed on another keyboard are the same password. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFC'), 'utf8');

const derive = (password: Buffer, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, { N, r, p, maxmem: MAX_MEMORY_BYTES + 1_048_576 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

/** Why nobody should have this password; undefined where it is good enough. */
export const passwordFault = (password: string, userName: string): Text | undefined => {
  const characters = [...password.normalize('NFC')];
  if (characters.length < MIN_CHARACTERS) {
    return {
      zh: `密码太短：至少 ${MIN_CHARACTERS} 个字符，可以用几个不相关的词组成`,
      en: `the password is too short: at least ${MIN_CHARACTERS} characters; a few unrelated words will do`,
    };
  }
  if (bytesOf(password).length > MAX_BYTES) {
    return { zh: `密码太长：最多 ${MAX_BYTES} 字节`, en: `the password is too long: at most ${MAX_BYTES} bytes` };
  }
  if (new Set(characters).size < 5 || nameKey(password).split(nameKey(userName)).join('').length < MIN_CHARACTERS / 2) {
    return {
      zh: '密码太容易猜：不要用重复的字符或用户名',
      en: 'the password is too easy to guess: no repeated characters, and not the user name',
    };
  }
  return undefined;
};

export const storePassword = async (password: string): Promise<StoredPassword> => {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(bytesOf(password), salt, COST);
  return { scheme: 'scrypt', ...COST, salt: salt.toString('base64'), key: key.toString('base64') };
};

/** Belongs to no password: who asks for a user that does not exist waits as long as for a wrong password. */
const NOBODY: StoredPassword = {
  scheme: 'scrypt',
  ...COST,
  salt: randomBytes(SALT_BYTES).toString('base64'),
  key: randomBytes(KEY_BYTES).toString('base64'),
};

/** Whether it is this password; `undefined` as `stored` takes the same time and is never right. */
export const isPassword = async (password: string, stored: StoredPassword | undefined): Promise<boolean> => {
  const given = bytesOf(password);
  if (given.length > MAX_BYTES) return false;
  const { salt, key, ...cost } = stored ?? NOBODY;
  const derived = await derive(given, Buffer.from(salt, 'base64'), cost);
  return timingSafeEqual(derived, Buffer.from(key, 'base64')) && stored !== undefined;
};
