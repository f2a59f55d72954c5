import { describe, expect, test } from 'vitest';
import { startApp } from '../../../gateway/app.ts';
import { replayClock } from '../../../gateway/flight/replay-clock.ts';
import { alarmMovedBack } from '../../../gateway/recovery/set-back.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { temporaryDirectory } from '../store/fixture.ts';

const T = Date.UTC(2026, 5, 1, 12);
const HOUR_MS = 3_600_000;
const CONFIG = configOf(
  venueYaml(`
devices: { oven: { profile: climate }, fan: { profile: climate, reports: { everySeconds: 10 } } }
badges: { b1: { role: guard } }
rules:
  - { id: help, kind: sos }
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 }, holdSeconds: 60 }
  - { id: quiet, kind: silent, for: { devices: [fan] } }
plan: { red: { ackWithinSeconds: 100 } }
`),
);

const run = async (directory: string, startMs: number) => {
  const clock = replayClock(startMs);
  const said: object[] = [];
  const keepSaid = (fields: object, text: string): void => void said.push({ ...fields, text });
  const log = { info: keepSaid, warn: keepSaid, error: keepSaid };
  const app = await startApp({ config: CONFIG, clock, log, storeDirectory: directory });
  const told: (readonly [number, string, string])[] = [];
  app.hotPath.events.listen((event) => {
    if ('alarm' in event) told.push([(event.atMs - startMs) / 1000, event.type, event.alarm.rule]);
  });
  const send = (seconds: number, device: string, ...records: readonly object[]): void => {
    clock.advance(startMs + seconds * 1000);
    const payload = Buffer.from(JSON.stringify(records));
    app.hotPath.accept(mqttFrame('mqtt', `muster/hall/up/${device}`, payload, clock.now()));
  };
  return { app, clock, said, told, send };
};

describe('a clock that is an hour behind what it was before a restart', () => {
  test.each([
    ['as it was', 0],
    ['an hour behind', HOUR_MS],
  ])('%s: a press calls again, what runs goes on where it stood, who is silent is missed', async (_, backMs) => {
    const directory = temporaryDirectory();
    const first = await run(directory, T);
    first.send(0, 'b1', { n: 'sos', vb: true });
    first.send(0, 'oven', { n: 'temperature', u: 'Cel', v: 70 });
    first.send(0, 'fan', { n: 'temperature', u: 'Cel', v: 20 });
    const alarm = first.app.hotPath.openAlarms()[0]?.id ?? '';
    first.app.hotPath.act({ type: 'acknowledge', alarm, by: 'li' });
    first.clock.advance(T + 20_000);
    await first.app.stop();

    const second = await run(directory, T + 20_000 - backMs);
    expect(second.said.filter((each) => JSON.stringify(each).includes('set back'))).toHaveLength(backMs > 0 ? 1 : 0);
    second.send(15, 'b1', { n: 'sos', vb: true });
    for (let seconds = 20; seconds <= 100; seconds += 10)
      second.send(seconds, 'oven', { n: 'temperature', u: 'Cel', v: 70 });
    await second.app.stop();
    expect(second.told.filter(([, , rule]) => rule !== 'gateway')).toEqual([
      [10, 'raised', 'quiet'],
      [15, 'repeated', 'help'],
      [40, 'raised', 'heat'],
    ]);
  });
});

test('who should have acknowledged is overdue when they would have been', async () => {
  const directory = temporaryDirectory();
  const first = await run(directory, T);
  first.send(0, 'b1', { n: 'sos', vb: true });
  first.clock.advance(T + 20_000);
  await first.app.stop();
  const second = await run(directory, T + 20_000 - HOUR_MS);
  const overdue = () => second.said.filter((each) => 'decision' in each && each.decision === 'overdue');
  second.clock.advance(T + 99_000 - HOUR_MS);
  expect(overdue()).toEqual([]);
  second.clock.advance(T + 101_000 - HOUR_MS);
  expect(overdue()).toHaveLength(1);
  await second.app.stop();
});

test('an alarm keeps its id and when it was raised', () => {
  const at = (ms: number): string => new Date(T + ms).toISOString();
  const alarm = {
    id: 'heat.oven.abc',
    rule: 'heat',
    kind: 'threshold',
    subject: 'oven',
    severity: 'red',
    condition: 'active',
    human: 'shelved',
    raisedAt: at(0),
    changedAt: at(1000),
    realarmAt: at(5000),
    shelved: { by: 'li', at: at(1000), until: at(9000) },
    reason: { code: 'above-limit', zh: '', en: '' },
    guidance: { zh: '', en: '' },
  } as const;
  expect(alarmMovedBack(alarm, 1000)).toEqual({
    ...alarm,
    changedAt: at(0),
    realarmAt: at(4000),
    shelved: { ...alarm.shelved, until: at(8000) },
  });
});
