import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { configOf, connect, venueYaml } from '../fixture.ts';
import { silentLog, temporaryDirectory } from '../store/fixture.ts';

const startIn = async (storeDirectory: string, above: number): Promise<App> => {
  const app = await startApp({
    config: configOf(
      venueYaml(`
devices: { oven: { profile: climate } }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { yellow: ${above} }, holdSeconds: 0 }]
security: { anonymous: loopback }
`),
    ),
    clock: liveClock(),
    log: silentLog,
    storeDirectory,
  });
  onTestFinished(() => app.stop());
  return app;
};

/** Of 40 °C, what stands with one limit, and what after a kill and a start with another. */
const standing = async (above: number, aboveThen: number): Promise<readonly (readonly string[])[]> => {
  const directory = temporaryDirectory();
  const first = await startIn(join(directory, 'lives'), above);
  const oven = await connect(first);
  await oven.publishAsync('muster/hall/up/oven', '[{"n":"temperature","v":40,"u":"Cel"}]', { qos: 1 });
  // As a kill leaves it.
  cpSync(join(directory, 'lives'), join(directory, 'killed'), { recursive: true });
  const second = await startIn(join(directory, 'killed'), aboveThen);
  return [first, second].map(({ hotPath }) =>
    hotPath.openAlarms().map(({ rule, condition }) => `${rule} ${condition}`),
  );
};

test('a limit that is lower since the gateway was down is exceeded at once', async () => {
  expect(await standing(50, 30)).toEqual([[], ['heat active']]);
});

test('where it is higher since then, the alarm is over at once', async () => {
  expect(await standing(30, 50)).toEqual([['heat active'], []]);
});
