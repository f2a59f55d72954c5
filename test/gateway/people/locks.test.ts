import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLocks } from '../../../gateway/people/locks.ts';
import { addLock, locksPath, removeLock } from '../../../gateway/people/locks-file.ts';
import { until } from '../../until.ts';
import { stageTimers } from '../api/stage.ts';

const lockedAt = '2026-06-01T12:00:00.000Z';
const place = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-locks-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};
const open = async (directory?: string) => {
  const errors: object[] = [];
  const log = { warn: () => undefined, error: (fields: object) => void errors.push(fields) };
  const clock = stageTimers();
  const locks = await openLocks({ directory, log, clock, nowMs: () => Date.parse(lockedAt) });
  return { locks, clock, errors };
};

test('a lock counts at once, outlasts a restart, and ends when an engineer unlocks', async () => {
  const directory = place();
  const { locks, clock } = await open(directory);
  locks.lock('Li');
  expect([locks.isLocked('li'), locks.isLocked('wu')]).toEqual([true, false]);
  locks.stop();
  expect(statSync(locksPath(directory)).mode & 0o777).toBe(0o600);
  clock.advance(5000);

  const second = await open(directory);
  expect(second.locks.isLocked('LI')).toBe(true);
  expect(removeLock(directory, 'wu')).toBe(false);
  expect(removeLock(directory, 'li')).toBe(true);
  second.clock.advance(1000);
  await until(() => !second.locks.isLocked('li'), 'unlocked');
});

test('what cannot be kept yet still counts, and is tried again', async () => {
  const directory = place();
  const { locks, clock, errors } = await open(directory);
  // Another program changes the file.
  writeFileSync(`${locksPath(directory)}.new`, '');
  locks.lock('li');
  clock.advance(1000);
  await until(() => errors.length === 1, 'the first try');
  expect(locks.isLocked('li')).toBe(true);
  rmSync(`${locksPath(directory)}.new`);
  await until(() => {
    clock.advance(1000);
    return errors.length >= 1 && readOr(locksPath(directory)).includes('"li"');
  }, 'the second try');
  expect(locks.isLocked('li')).toBe(true);
});

const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

test('an account is locked once; a damaged file unlocks nobody', async () => {
  const directory = place();
  addLock(directory, { account: 'li', lockedAt });
  expect(addLock(directory, { account: 'LI', lockedAt })).toHaveLength(1);
  const { locks, clock, errors } = await open(directory);
  writeFileSync(locksPath(directory), '{');
  clock.advance(1000);
  await until(() => errors.length === 1, 'told');
  expect(locks.isLocked('li')).toBe(true);
  await expect(open(directory)).rejects.toThrow();
});

test('without a data directory a lock lasts as long as the gateway; who has not logged in cannot be locked', async () => {
  const { locks } = await open();
  locks.lock('anonymous');
  locks.lock('');
  expect([locks.isLocked('anonymous'), locks.isLocked('')]).toEqual([true, false]);
});
