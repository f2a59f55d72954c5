import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../../gateway/app.ts';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { replayClock } from '../../../gateway/flight/replay-clock.ts';
import { recover } from '../../../gateway/recovery/recover.ts';
import { readMark } from '../../../gateway/store/worker/mark.ts';
import { until } from '../../until.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { openTestStore, silentLog, temporaryDirectory } from '../store/fixture.ts';

const START_MS = Date.UTC(2026, 5, 1, 12);

test('a gateway to which nothing comes leaves behind that it ran, to a fiftieth of a second', {
  timeout: 40_000,
}, async () => {
  const directory = temporaryDirectory();
  const clock = replayClock(START_MS);
  const config = configOf(venueYaml('rules: [{ id: help, kind: sos }]'));
  const app = await startApp({ config, clock, log: silentLog, storeDirectory: join(directory, 'lives') });
  onTestFinished(() => app.stop());
  const marked = (): number | undefined => readMark(join(directory, 'lives'), Infinity, silentLog);
  const isBegun = (): boolean => {
    clock.advance(clock.now() + 20);
    return marked() !== undefined;
  };
  await until(isBegun, 'it has a snapshot, and so a mark');
  clock.advance(START_MS + 60_450);
  await until(() => marked() === START_MS + 60_440, 'the mark is written');
  // As a kill leaves it.
  cpSync(join(directory, 'lives'), join(directory, 'killed'), { recursive: true });
  const store = await openTestStore(join(directory, 'killed'));
  onTestFinished(() => store.stop());
  const { snapshot } = await recover(store.recovery, [], buildRegistry(config).venue, silentLog);
  expect(snapshot?.atMs).toBe(START_MS + 60_440);
});
