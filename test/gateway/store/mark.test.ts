import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Gauges } from '../../../gateway/store/gauges.ts';
import { keepMark, MARK_FILE, readMark } from '../../../gateway/store/worker/mark.ts';
import { committed, openTestStore, START_MS, sampleAt, silentLog, temporaryDirectory } from './fixture.ts';

const ranTo = async (directory: string): Promise<number | undefined> => {
  const store = await openTestStore(directory);
  const { ranToMs } = store.recovery;
  await store.stop();
  return ranToMs;
};

test('a store remembers until when its gateway ran', async () => {
  const directory = temporaryDirectory();
  expect(await ranTo(directory)).toBeUndefined();
  const store = await openTestStore(directory);
  store.sample(sampleAt(START_MS));
  await committed(store);
  store.ranTo(START_MS + 5000);
  await store.stop();
  expect(await ranTo(directory)).toBe(START_MS + 5000);
});

test('while something waits for the disk it does not: the mark never runs ahead of the log', async () => {
  const directory = temporaryDirectory();
  const store = await openTestStore(directory);
  store.ranTo(START_MS);
  store.sample(sampleAt(START_MS + 1000));
  store.ranTo(START_MS + 5000);
  await store.stop();
  expect(await ranTo(directory)).toBe(START_MS);
});

test('a mark of a longer log than there is tells nothing; one that is cut or no number too, and that is said', () => {
  const directory = temporaryDirectory();
  const warned: string[] = [];
  const report = { warn: (_fields: object, message: string) => void warned.push(message) };
  const write = (...numbers: readonly number[]): void =>
    writeFileSync(join(directory, MARK_FILE), new Uint8Array(Float64Array.from(numbers).buffer));
  write(7, START_MS);
  expect([6, 7, 8].map((last) => readMark(directory, last, report))).toEqual([undefined, START_MS, START_MS]);
  write(7);
  expect(readMark(directory, 7, report)).toBeUndefined();
  expect(warned).toHaveLength(1);
  write(7, NaN);
  expect(readMark(directory, 7, report)).toBeUndefined();
  expect(warned).toHaveLength(2);
});

/** A mark whose timers the test runs, in a directory that may not be there. */
const marked = (directory: string) => {
  const gauges = new Gauges();
  const warned: object[] = [];
  let due: () => void = () => undefined;
  const end = keepMark({
    directory,
    gauges,
    report: { ...silentLog, warn: (fields) => void warned.push(fields) },
    lastSequence: () => 3,
    after: (_ms, work) => {
      due = work;
      return () => undefined;
    },
  });
  return { gauges, warned, end, run: () => due() };
};

test('it is written when there is something new', () => {
  const directory = temporaryDirectory();
  const { gauges, run, end } = marked(directory);
  run();
  expect(existsSync(join(directory, MARK_FILE))).toBe(false);
  for (let each = 1; each <= 52; each += 1) {
    gauges.set('ranToMs', START_MS + each);
    run();
    expect(readMark(directory, 3, silentLog)).toBe(START_MS + each);
  }
  writeFileSync(join(directory, MARK_FILE), '');
  run();
  expect(readFileSync(join(directory, MARK_FILE))).toHaveLength(0);
  gauges.set('ranToMs', START_MS + 60);
  end();
  expect(readMark(directory, 3, silentLog)).toBe(START_MS + 60);
});

test('that it cannot be written is said once', () => {
  const directory = join(temporaryDirectory(), 'gone');
  const { gauges, warned, run } = marked(directory);
  for (let each = 1; each <= 3; each += 1) {
    gauges.set('ranToMs', START_MS + each);
    run();
  }
  expect(warned).toMatchObject([{ path: join(directory, MARK_FILE) }]);
});
