import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { replayClock } from '../../../gateway/flight/replay-clock.ts';
import { readMark } from '../../../gateway/store/worker/mark.ts';
import { until } from '../../until.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { silentLog, temporaryDirectory } from '../store/fixture.ts';

const T = Date.UTC(2026, 5, 1, 12);
const config = configOf(venueYaml('rules: [{ id: help, kind: sos }]'));

/** One life: `at` seconds after T. The figure is of a part that nothing else measures. */
const live = async (storeDirectory: string, startSeconds: number) => {
  const clock = replayClock(T + startSeconds * 1000);
  const app: App = await startApp({ config, clock, log: silentLog, storeDirectory });
  const down = (seconds: number, value: number): void => {
    clock.advance(T + seconds * 1000);
    app.hotPath.measured({ type: 'figure', nowMs: clock.now(), measure: 'sinkDownSeconds', part: 'x', value });
  };
  const at = async (seconds: number): Promise<void> => {
    await until(() => app.health().levels?.store?.pendingBytes === 0, 'all is committed');
    clock.advance(T + seconds * 1000);
    await until(() => app.health().levels?.store?.pendingBytes === 0, 'all is committed');
    clock.advance(T + seconds * 1000 + 40);
    await until(() => (readMark(storeDirectory, Infinity, silentLog) ?? 0) >= T + seconds * 1000, 'marked');
  };
  const open = () =>
    app.hotPath.openAlarms().flatMap(({ subject, condition }) => (subject === 'sinkDownSeconds:x' ? [condition] : []));
  return { app, down, at, open };
};

test('a spike of a figure that was over before it counted is no alarm after a kill', { timeout: 60_000 }, async () => {
  const directory = join(temporaryDirectory(), 'lives');
  const killed = join(temporaryDirectory(), 'killed');
  const first = await live(directory, 0);
  first.down(1, 200);
  await first.app.stop();
  const second = await live(directory, 2);
  second.down(3, 0);
  await second.at(25);
  expect(second.open()).toEqual([]);
  cpSync(directory, killed, { recursive: true });
  await second.app.stop();
  const third = await live(killed, 26);
  onTestFinished(() => third.app.stop());
  expect(third.open()).toEqual([]);
});

test('an alarm of a figure stands after a kill as it stood', { timeout: 60_000 }, async () => {
  const directory = join(temporaryDirectory(), 'lives');
  const killed = join(temporaryDirectory(), 'killed');
  const first = await live(directory, 0);
  first.down(1, 200);
  await first.at(12);
  first.down(13, 0);
  await first.at(80);
  const [alarm] = first.app.hotPath.openAlarms().filter(({ subject }) => subject === 'sinkDownSeconds:x');
  expect(alarm?.condition).toBe('cleared');
  first.app.hotPath.act({ type: 'acknowledge', alarm: alarm?.id ?? '', by: 'me' });
  expect(first.open()).toEqual([]);
  await first.app.stop();
  const second = await live(directory, 82);
  second.down(83, 200);
  await second.at(95);
  expect(second.open()).toEqual(['active']);
  cpSync(directory, killed, { recursive: true });
  await second.app.stop();
  const third = await live(killed, 96);
  onTestFinished(() => third.app.stop());
  expect(third.open()).toEqual(['active']);
});
