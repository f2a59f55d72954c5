import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StartError } from '../../../gateway/start-error.ts';
import { connect } from '../../../gateway/store/database/connection.ts';
import { MIGRATIONS, migrate, SCHEMA_VERSION, schemaVersion } from '../../../gateway/store/database/schema.ts';
import { StoreNewerError } from '../../../gateway/store/errors.ts';
import { until } from '../../until.ts';
import { committed, openTestStore, START_MS, sampleAt, temperatures, temporaryDirectory } from './fixture.ts';

const contents = (directory: string): Record<string, string> =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'base64')]));

/** A store with a few readings, closed. */
const writtenDirectory = async (count = 3): Promise<string> => {
  const directory = temporaryDirectory();
  const store = await openTestStore(directory);
  for (let index = 0; index < count; index += 1)
    store.sample(sampleAt(START_MS + index, { temperatureCelsius: index }));
  await committed(store);
  await store.stop();
  return directory;
};

/** A file system of so many MB, or undefined where this process may not mount one. */
const smallDisk = (megabytes: number): string | undefined => {
  const directory = join(temporaryDirectory(), 'disk');
  mkdirSync(directory);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return directory;
};

describe('a data directory', () => {
  test('that is missing is made, for the gateway alone', async () => {
    const directory = join(temporaryDirectory(), 'venue', 'data');
    const store = await openTestStore(directory);
    store.sample(sampleAt(START_MS));
    await committed(store);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test('that cannot be one is refused with the reason', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    await expect(openTestStore(join(file, 'data'))).rejects.toThrow(/cannot use the data directory .*ENOTDIR/);
    await expect(openTestStore(join(file, 'data'))).rejects.toBeInstanceOf(StartError);
  });

  test('that is not writable is refused', async ({ skip }) => {
    if (process.getuid?.() === 0) {
      // Permissions do not stop root; a file system for reading alone does.
      const disk = smallDisk(1);
      if (disk === undefined) return skip('this process may not mount a small file system');
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      await expect(openTestStore(disk)).rejects.toThrow(/cannot use the data directory/);
      return;
    }
    const directory = temporaryDirectory();
    chmodSync(directory, 0o500);
    await expect(openTestStore(directory)).rejects.toThrow(/cannot use the data directory/);
  });

  test('serves one gateway at a time, and the next one after it', async () => {
    const directory = temporaryDirectory();
    const store = await openTestStore(directory);
    await expect(openTestStore(directory)).rejects.toThrow(/in use by another gateway/);
    await store.stop();
    await openTestStore(directory);
  });

  test('of a newer version is refused, and nothing in it is touched', async () => {
    const directory = await writtenDirectory();
    const connection = connect(join(directory, 'store.db'));
    connection.exec(`PRAGMA user_version=${SCHEMA_VERSION + 1}`);
    connection.close();
    const before = contents(directory);
    await expect(openTestStore(directory)).rejects.toBeInstanceOf(StoreNewerError);
    await expect(openTestStore(directory)).rejects.toThrow(
      `version ${SCHEMA_VERSION + 1}, this program knows ${SCHEMA_VERSION}`,
    );
    expect(contents(directory)).toEqual(before);
  });

  test('with a database of an older version is brought up step by step, once', () => {
    const path = join(temporaryDirectory(), 'store.db');
    const connection = connect(path);
    const later = [...MIGRATIONS, 'CREATE TABLE later (n INTEGER); INSERT INTO later VALUES (1)'];
    expect(migrate(connection)).toBe(0);
    expect(migrate(connection, later)).toBe(SCHEMA_VERSION);
    expect(migrate(connection, later)).toBe(SCHEMA_VERSION + 1);
    expect(schemaVersion(connection)).toBe(SCHEMA_VERSION + 1);
    expect(connection.prepare('SELECT n FROM later').rows()).toEqual([[1]]);
    connection.close();
  });

  test('with a migration that fails stays at the version it had', () => {
    const connection = connect(join(temporaryDirectory(), 'store.db'));
    migrate(connection);
    expect(() => migrate(connection, [...MIGRATIONS, 'CREATE TABLE half (n); CREATE TABLE log (n)'])).toThrow();
    expect(schemaVersion(connection)).toBe(SCHEMA_VERSION);
    expect(() => connection.prepare('SELECT n FROM half')).toThrow();
    connection.close();
  });
});

describe('a damaged database', () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['is no database at all', (path) => writeFileSync(path, 'something else '.repeat(1000))],
    ['has lost its second half', (path) => truncateSync(path, Math.floor(statSync(path).size / 2 / 8192) * 8192)],
    [
      'has pages overwritten',
      (path) => {
        const bytes = readFileSync(path);
        bytes.fill(0x5a, 8192 * 2, 8192 * 6);
        writeFileSync(path, bytes);
      },
    ],
  ];

  test.each(damages)('that %s is set aside, and a new one begun', async (_, damage) => {
    const directory = await writtenDirectory();
    const path = join(directory, 'store.db');
    damage(path);
    const damaged = readFileSync(path);
    const store = await openTestStore(directory);
    expect(store.troubles).toMatchObject([{ type: 'set-aside', path: `${path}.damaged-2023-11-14T22-13-20-000Z` }]);
    expect(readFileSync(`${path}.damaged-2023-11-14T22-13-20-000Z`)).toEqual(damaged);
    store.sample(sampleAt(START_MS, { temperatureCelsius: 7 }));
    await committed(store);
    expect(await temperatures(store)).toEqual([7]);
  });

  test('that proves damaged in use is set aside then; what was not committed goes to the new one', async () => {
    const directory = await writtenDirectory(20_000);
    const path = join(directory, 'store.db');
    const store = await openTestStore(directory);
    // Another connection's write makes the store read its pages again, which a dying disk has lost meanwhile.
    const other = connect(path);
    other.pragma('wal_checkpoint(TRUNCATE)');
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 8192), Buffer.alloc(8192 * 20, 0x5a)]));
    other.pragma('application_id=1');
    other.close();
    store.sample(sampleAt(START_MS + 100_000, { temperatureCelsius: 1 }, 'stage'));
    await committed(store);
    await until(() => store.troubles.some(({ type }) => type === 'set-aside'), 'it is set aside');
    await until(() => !store.health().isFailing, 'the store commits again');
    store.sample(sampleAt(START_MS + 900_000, { temperatureCelsius: -1 }, 'stage'));
    await committed(store);
    expect(await temperatures(store, 'stage')).toEqual([1, -1]);
    expect(store.health().workerRestarts).toBeGreaterThan(0);
    expect(store.beginSnapshot().isFirst).toBe(true);
  });
});

describe('a full disk', () => {
  test('is told; nothing is acknowledged, and all of it when there is room again', async ({ skip }) => {
    const directory = smallDisk(4);
    if (directory === undefined) return skip('this process may not mount a small file system');
    const store = await openTestStore(directory);
    store.sample(sampleAt(START_MS, { temperatureCelsius: -1 }));
    await committed(store);
    const filler = join(directory, 'filler');
    for (let size = 8 * 1024 * 1024; size >= 1024; size /= 2) {
      try {
        writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
      } catch {
        // Until nothing fits.
      }
    }
    const order: number[] = [];
    for (let index = 0; index < 50_000; index += 1) {
      store.sample(sampleAt(START_MS + 1 + index, { temperatureCelsius: index }));
      if (index % 1000 === 999) store.commit(() => order.push(index));
    }
    await until(() => store.health().isFailing, 'the store says that it fails');
    expect(store.troubles).toMatchObject([{ type: 'failing', code: 'disk-full' }]);
    const told = order.length;
    expect(told).toBeLessThan(50);
    rmSync(filler);
    await until(() => order.length === 50, 'everything is acknowledged', 15_000);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    await until(() => store.troubles.at(-1)?.type === 'recovered', 'the store says that it is well again');
    expect((await temperatures(store)).length).toBe(50_001);
  });

  test('from the start is a clear refusal', async ({ skip }) => {
    const directory = smallDisk(1);
    if (directory === undefined) return skip('this process may not mount a small file system');
    expect(() => writeFileSync(join(directory, 'filler'), Buffer.alloc(2 * 1024 * 1024))).toThrow();
    await expect(openTestStore(directory)).rejects.toThrow(/disk is full/);
    expect(existsSync(join(directory, 'store.db'))).toBe(false);
  });
});

describe('a stalled disk', () => {
  test('costs readings nobody waits for first; those that wait later; alarms last', async () => {
    const store = await openTestStore(temporaryDirectory(), { pendingBytesMax: 4000, commitEveryMs: 250 });
    const sample = (): void => store.sample(sampleAt(START_MS), false);
    while (store.health().droppedSamples === 0) sample();
    expect(store.troubles).toEqual([{ type: 'dropping' }]);
    let calls = 0;
    store.sample(sampleAt(START_MS), true);
    store.commit(() => {
      calls += 1;
    });
    const before = store.health().droppedSamples;
    while (store.health().droppedSamples === before) store.sample(sampleAt(START_MS), true);
    // Its sender has a copy, and sends it again where it is not acknowledged.
    store.commit(() => {
      calls += 100;
    });
    const preAlarm = {
      type: 'pre-alarm',
      atMs: START_MS,
      rule: 'still',
      kind: 'stillness',
      subject: 'badge-7',
      device: 'badge-7',
      untilMs: START_MS,
    } as const;
    store.event(preAlarm);
    await committed(store);
    expect(calls).toBe(1);
    expect(store.health()).toMatchObject({ refusedCommits: 1, droppedEvents: 0, droppedOccurrences: 0 });
    expect((await store.alarmEvents({})).events).toEqual([preAlarm]);
  });
});
