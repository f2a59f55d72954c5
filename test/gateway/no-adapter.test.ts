import { afterEach, expect, test } from 'vitest';
import { type App, startApp } from '../../gateway/app.ts';
import { liveClock } from '../../gateway/clock.ts';
import { createLog } from '../../gateway/log.ts';
import { until } from '../until.ts';
import { configOf, connect, watchAlarms } from './fixture.ts';

/** No machine has so many. */
const VENUE = `
venue: { id: hall, name: { zh: 大厅, en: Hall }, timezone: Asia/Shanghai, locale: en }
sources:
  - { kind: mqtt-broker, tcp: { port: 0 } }
  - { kind: ble, adapter: hci99, connectAdapter: hci98 }
http: { port: 0 }
roles: { guard: {} }
badges: { b1: { role: guard } }
rules: [{ id: help, kind: sos }]
security: { anonymous: loopback }
`;

let app: App | undefined;
afterEach(() => app?.stop());

test('without a Bluetooth adapter the gateway says what is missing, and everything else runs', async () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  app = await startApp({ config: configOf(VENUE), clock: liveClock(), log });
  const running = app;
  const radio = () => running.health().sources?.find(({ id }) => id === 'ble');
  await until(() => radio()?.state === 'lost', 'that the radio is lost');
  const trouble = radio()?.lastTrouble;
  expect(['no-bluetooth', 'no-permission', 'no-adapter']).toContain(trouble?.code);
  expect(trouble?.text.en).toContain('hci99');
  expect(trouble?.text.zh).toContain('hci99');
  expect(lines.filter((line) => line.includes('hci99'))).toHaveLength(1);

  const badge = await connect(running);
  const alarms = await watchAlarms(badge);
  await badge.publishAsync('muster/hall/up/b1', JSON.stringify([{ n: 'sos', vb: true }]), { qos: 1 });
  await until(() => alarms.size === 1, 'the alarm');
  await badge.endAsync();
});
