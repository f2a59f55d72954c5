import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replacementOf } from '../private-file.ts';
import { nameKey } from './names.ts';

const LOCKS_FILE = 'locked-accounts.json';
const LOCKS_MAX = 1000;

const lockSchema = z.strictObject({ account: z.string().min(1).max(256), lockedAt: z.iso.datetime() });

/** An account that may not do anything until an engineer unlocks it. */
export type Lock = Readonly<z.infer<typeof lockSchema>>;

const fileSchema = z.strictObject({ version: z.literal(1), locked: z.array(lockSchema).max(LOCKS_MAX) });

export const locksPath = (directory: string): string => join(directory, LOCKS_FILE);

/** @throws where there is a file that cannot be used */
export const locksOf = (text: string): readonly Lock[] => fileSchema.parse(JSON.parse(text)).locked;

const readLocks = (path: string): readonly Lock[] => {
  try {
    return locksOf(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};

/** Changes the locks in one step. @throws EEXIST while another changes them; whatever the disk says */
const change = (directory: string, next: (locks: readonly Lock[]) => readonly Lock[]): readonly Lock[] => {
  const path = locksPath(directory);
  const replacement = replacementOf(path);
  try {
    const locks = next(readLocks(path)).slice(-LOCKS_MAX);
    replacement.commit(`${JSON.stringify({ version: 1, locked: locks }, null, 2)}\n`);
    return locks;
  } finally {
    replacement.release();
  }
};

const isOf = (account: string): ((lock: Lock) => boolean) => {
  const key = nameKey(account);
  return (lock) => nameKey(lock.account) === key;
};

export const addLock = (directory: string, lock: Lock): readonly Lock[] =>
  change(directory, (locks) => (locks.some(isOf(lock.account)) ? locks : [...locks, lock]));

/** Answers whether it was locked. */
export const removeLock = (directory: string, account: string): boolean => {
  let wasLocked = false;
  change(directory, (locks) => {
    wasLocked = locks.some(isOf(account));
    return locks.filter((lock) => !isOf(account)(lock));
  });
  return wasLocked;
};
