import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { configOf, connect, venueYaml } from '../fixture.ts';
import { silentLog, temporaryDirectory } from '../store/fixture.ts';

const VENUE = venueYaml(`
security: { anonymous: loopback }
devices: { bar-power: { profile: current-clamp, address: "shelly:shellypro3em-aabbccddeeff" } }
`);

const start = async (storeDirectory: string): Promise<App> => {
  const app = await startApp({ config: configOf(VENUE), clock: liveClock(), log: silentLog, storeDirectory });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= app.stop();
    return stopping;
  };
  onTestFinished(stop);
  return { ...app, stop };
};

const publish = async (app: App, topic: string, payload: object): Promise<void> => {
  const client = await connect(app);
  await client.publishAsync(topic, JSON.stringify(payload), { qos: 1 });
  await client.endAsync();
};

test('what a decoder remembers outlives a restart: a change is laid over the full state of before', async () => {
  const directory = temporaryDirectory();
  const first = await start(directory);
  const id = 'shellypro3em-aabbccddeeff';
  await publish(first, `${id}/status/em:0`, { id: 0, a_current: 9.5, a_voltage: 227, a_act_power: 2166 });
  await first.stop();

  const second = await start(directory);
  const params = { ts: Date.now() / 1000, 'em:0': { id: 0, a_current: 12.5 } };
  await publish(second, `${id}/events/rpc`, { src: id, dst: 'x', method: 'NotifyStatus', params });
  const [channels] = [...second.hotPath.lastSamples.get('bar-power').values()];
  expect(channels).toMatchObject({ metrics: { currentAmps: 12.5, voltageVolts: 227, powerWatts: 2166 } });
});
