import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { until } from '../../until.ts';
import { loggedBatches, openTestStore, temperatures, temporaryDirectory } from './fixture.ts';

const CHILD = fileURLToPath(new URL('../../../dist/test/gateway/store/writing-child.js', import.meta.url));

const ROUNDS = 12;

/** What it told until now. */
const toldIn = (path: string): readonly number[] => readFileSync(path, 'utf8').split('\n').slice(0, -1).map(Number);

/** Writes until so many commits were told, then is killed as it stands. Answers the last number that was told. */
const writeAndKill = async (directory: string, first: number, commits: number): Promise<number> => {
  const path = join(temporaryDirectory(), 'told');
  const file = openSync(path, 'w');
  const child = spawn(process.execPath, [CHILD, directory, String(first)], { stdio: ['ignore', file, 'inherit'] });
  closeSync(file);
  const exited = once(child, 'exit');
  await until(() => toldIn(path).length >= commits || child.exitCode !== null, `${commits} commits`, 20_000);
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  const told = toldIn(path);
  expect(told).toEqual(Array.from({ length: told.length }, (_, index) => first + index));
  return first + told.length - 1;
};

test('what was acknowledged is there after kill -9 at any moment, in order, nothing twice', {
  timeout: 60_000,
}, async () => {
  const directory = temporaryDirectory();
  let next = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const told = await writeAndKill(directory, next, 1 + ((round * 337) % 1500));
    const store = await openTestStore(directory);
    const values = await temperatures(store);
    // Beyond what was told there may be what was committed and not told any more.
    expect(values.length).toBeGreaterThan(told);
    expect(values).toEqual(Array.from({ length: values.length }, (_, index) => index));
    const logged = (await loggedBatches(store)).flatMap(({ records }) => records);
    const numbers = logged.flatMap((record) => (record.type === 'sample' ? [record.sample.sequence] : []));
    expect(numbers).toEqual(values);
    const alarms = (await store.openAlarms()).map(({ id }) => Number(id.split('.')[1]));
    expect(alarms.toSorted((a, b) => a - b)).toEqual(values.filter((value) => value % 50 === 0));
    next = values.length;
    await store.stop();
  }
  expect(next).toBeGreaterThan(ROUNDS);
});
