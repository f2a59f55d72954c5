import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { bthome, encrypted, hex, MAC } from '../../ingest/decoders/ble/radio.ts';
import { configOf, connect, venueYaml } from '../fixture.ts';
import { silentLog, temporaryDirectory } from '../store/fixture.ts';

const KEY = '231d39c1d7cc1ab1aee224cd096db932';

const VENUE = venueYaml(`
security: { anonymous: loopback }
badges: { b7: { role: guard, address: "ble:a4-c1-38-8d-18-b2", bindKey: ${KEY} } }
rules: [ { id: help, kind: sos } ]
`);

interface Run {
  readonly told: string[];
  readonly app: App;
  stop(): Promise<void>;
}

const start = async (storeDirectory: string): Promise<Run> => {
  const app = await startApp({ config: configOf(VENUE), clock: liveClock(), log: silentLog, storeDirectory });
  const told: string[] = [];
  app.hotPath.events.listen(({ type }) => told.push(type));
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= app.stop();
    return stopping;
  };
  onTestFinished(stop);
  return { app, told, stop };
};

/** A packet as three kinds of gateway pass it on, each of them twice. */
const radiate = async ({ app }: Run, service: string): Promise<void> => {
  const client = await connect(app);
  const advert = Buffer.from(hex(bthome(service))).toString('base64');
  const scanned = { component: 'script:1', event: 'ble.scan_result', data: [2, [[MAC, -70, advert, '']]] };
  const messages: readonly (readonly [string, object])[] = [
    [`ruuvi/C8:25:2D:8E:9C:2C/${MAC}`, { rssi: -60, data: bthome(service) }],
    ['home/gw/BTtoMQTT/undecoded', { id: MAC, rssi: -65, servicedatauuid: '0xfcd2', servicedata: service }],
    ['shellyplus1-aa/events/rpc', { method: 'NotifyEvent', params: { ts: 1, events: [scanned] } }],
  ];
  for (const [topic, message] of [...messages, ...messages]) {
    await client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  }
  await client.endAsync();
};

test('one SOS that three gateways hear twice is one alarm, before and after a restart; a recorded one is none', async () => {
  const directory = temporaryDirectory();
  const first = await start(directory);
  const sos = encrypted(KEY, MAC, 700, '00073a04');
  await radiate(first, sos);
  expect(first.told.filter((type) => type === 'raised' || type === 'repeated')).toEqual(['raised']);
  expect(first.app.hotPath.openAlarms()).toMatchObject([{ rule: 'help', subject: 'b7', severity: 'red' }]);
  await first.stop();

  const second = await start(directory);
  await radiate(second, sos);
  await radiate(second, encrypted(KEY, MAC, 690, '00063a04'));
  expect(second.told.filter((type) => type === 'raised' || type === 'repeated')).toEqual([]);
  await radiate(second, encrypted(KEY, MAC, 701, '00083a04'));
  expect(second.told.filter((type) => type === 'raised' || type === 'repeated')).toEqual(['repeated']);
});
