import { cpSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { liveClock } from '../../../gateway/clock.ts';
import type { Log } from '../../../gateway/log.ts';
import { GATEWAY_DEVICE } from '../../../rules/rule.ts';
import { occurrenceOf } from '../../rules/stage.ts';
import { configOf, connect, venueYaml } from '../fixture.ts';
import { silentLog, temporaryDirectory } from '../store/fixture.ts';

const startIn = async (storeDirectory: string, rule: string, log: Log = silentLog): Promise<App> => {
  const app = await startApp({
    config: configOf(
      venueYaml(`
devices: { oven: { profile: climate } }
rules: [${rule}]
security: { anonymous: loopback }
`),
    ),
    clock: liveClock(),
    log,
    storeDirectory,
  });
  onTestFinished(() => app.stop());
  return app;
};

/** Its reading, and all before it, is on disk. */
const publish40 = async (app: App): Promise<void> => {
  const oven = await connect(app);
  await oven.publishAsync('muster/hall/up/oven', '[{"n":"temperature","v":40,"u":"Cel"}]', { qos: 1 });
};

/** As a kill leaves it. */
const killed = (directory: string): string => {
  const copy = temporaryDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
};

const heat = (above: number): string =>
  `{ id: heat, kind: threshold, metric: temperatureCelsius, above: { yellow: ${above} }, holdSeconds: 0 }`;

/** Of 40 °C, what stands with one limit, and what after a kill and a start with another. */
const standing = async (above: number, aboveThen: number): Promise<readonly (readonly string[])[]> => {
  const directory = temporaryDirectory();
  const first = await startIn(directory, heat(above));
  await publish40(first);
  const second = await startIn(killed(directory), heat(aboveThen));
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

test('what a rule answers to a burst that is one since then is done', async () => {
  const burst = (orange: number): string => `{ id: burst, kind: access-burst, moreThan: { orange: ${orange} } }`;
  const said: object[] = [];
  const log = { ...silentLog, warn: (fields: object) => void said.push(fields) };
  const directory = temporaryDirectory();
  const first = await startIn(directory, burst(9), log);
  for (const recordId of ['r1', 'r2', 'r3']) {
    const attributes = { address: '10.0.0.9', account: 'eve', recordId };
    first.hotPath.occur(occurrenceOf(GATEWAY_DEVICE, 'access', Date.now(), { attributes }));
  }
  await publish40(first);
  const lock = expect.objectContaining({ rule: 'burst', do: 'lock', with: { account: 'eve' } });
  expect(said).not.toContainEqual(lock);
  await startIn(killed(directory), burst(2), log);
  expect(said).toContainEqual(lock);
});
