import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { createLog } from '../../../gateway/log.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';
import { virtualClock } from '../api/stage.ts';
import { configOf, getJson, venueYaml } from '../fixture.ts';

const VENUE = venueYaml(`
devices: { t1: { profile: climate }, t2: { profile: climate }, t3: { profile: climate }, v1: { profile: climate } }
rules:
  - { id: power, kind: threshold, metric: voltageVolts, below: { red: 200 } }
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 50 }, for: { devices: [t1, t3] }, realarmMinutes: 20 }
  - { id: cold, kind: threshold, metric: temperatureCelsius, below: { orange: 0 }, suppressedBy: [{ rule: power, scope: venue }] }
security: { anonymous: loopback }
`);

/** What people did stands after a restart, with its deadlines, for it is kept with the alarms. */
test('a shelf, a suppression, a re-alarm and what is out of service survive a restart', async () => {
  const storeDirectory = mkdtempSync(join(tmpdir(), 'muster-life-'));
  onTestFinished(() => rmSync(storeDirectory, { recursive: true, force: true }));
  const { clock, pass } = virtualClock();
  const log = createLog({ write: () => undefined });
  const start = (): Promise<App> => startApp({ config: configOf(VENUE), clock, log, storeDirectory });
  const first = await start();
  const send = (app: App, device: string, record: object): void => {
    const bytes = Buffer.from(JSON.stringify([record]));
    app.hotPath.accept(mqttFrame('mqtt', `muster/hall/up/${device}`, bytes, clock.now()));
  };
  send(first, 't1', { n: 'temperature', v: 60 });
  send(first, 't3', { n: 'temperature', v: 60 });
  send(first, 'v1', { n: 'voltage', v: 100 });
  send(first, 't2', { n: 'temperature', v: -5 });
  const idOf = (subject: string): string =>
    first.hotPath.openAlarms().find((each) => each.subject === subject)?.id ?? '';
  const by = 'li';
  first.hotPath.act({ type: 'shelve', alarm: idOf('t1'), by, untilMs: clock.now() + 600_000 });
  first.hotPath.act({ type: 'acknowledge', alarm: idOf('t3'), by });
  first.hotPath.act({ type: 'comment', alarm: idOf('t3'), by, comment: 'fan is off' });
  first.hotPath.act({ type: 'assign', alarm: idOf('t3'), by, to: 'medic' });
  first.hotPath.act({
    type: 'remove-from-service',
    rule: 'power',
    subject: 'x1',
    by,
    why: 'wiring',
    untilMs: clock.now() + 900_000,
  });
  const alarms = first.hotPath.openAlarms();
  const away = first.hotPath.outOfService();
  expect(Object.fromEntries(alarms.map(({ subject, human }) => [subject, human]))).toEqual({
    t1: 'shelved',
    t2: 'suppressed',
    t3: 'acknowledged',
    v1: 'unacknowledged',
  });
  await first.stop();

  const second = await start();
  const sorted = (list: typeof alarms) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(sorted(second.hotPath.openAlarms())).toEqual(sorted(alarms));
  expect(second.hotPath.outOfService()).toEqual(away);
  const why = await getJson(second, `/api/v1/alarms/${encodeURIComponent(idOf('t1'))}/explain`);
  expect(JSON.stringify(why)).toContain('temperatureCelsius 60 °C');
  const told: string[] = [];
  second.hotPath.events.listen((event) => {
    if ('alarm' in event && event.type !== 'unknown') told.push(`${event.type} ${event.alarm.subject}`);
    else if ('entry' in event) told.push(event.type);
  });
  pass(599);
  // Its cause fell silent meanwhile, and is no longer certain.
  expect(told.splice(0)).toEqual(['unsuppressed t2']);
  pass(1);
  expect(told).toEqual(['unshelved t1']);
  pass(300);
  expect(told.slice(1)).toEqual(['service-returned']);
  pass(300);
  expect(told).toContain('reminded t3');
  await second.stop();
});
