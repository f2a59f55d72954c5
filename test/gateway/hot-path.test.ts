import { expect, test } from 'vitest';
import { healthVerdict } from '../../gateway/alarms/health.ts';
import { liveClock } from '../../gateway/clock.ts';
import { buildRegistry } from '../../gateway/config/registry.ts';
import { createHotPath } from '../../gateway/hot-path.ts';
import { createLog } from '../../gateway/log.ts';
import { memorySink } from '../../gateway/sinks/memory.ts';
import type { Sink } from '../../gateway/sinks/sink.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Snapshot } from '../../rules/judge/snapshot.ts';
import { createRule } from '../../rules/kinds/index.ts';
import { configOf, venueYaml } from './fixture.ts';

const fail = (): never => {
  throw new Error('disk gone');
};

test('a sink that throws loses its own copy only: judged, told, kept by the others, and counted', () => {
  const config = configOf(
    venueYaml(`
devices: { t1: { profile: climate, reports: { everySeconds: 60 } } }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]
`),
  );
  const registry = buildRegistry(config);
  const rules = config.rules.map((each) => createRule(each, registry.venue));
  const bad: Sink = { id: 'bad', sample: fail, occurrence: fail, event: fail, commit: (done) => done() };
  const good = memorySink('good');
  const log = createLog({ write: () => undefined });
  const clock = liveClock();
  const hotPath = createHotPath({ registry, rules, clock, sinks: [bad, good], log });
  let settled = 0;
  const payload = Buffer.from(JSON.stringify([{ n: 'temperature', v: 70 }]));
  hotPath.accept(mqttFrame('mqtt', 'muster/hall/up/t1', payload, clock.now()), () => {
    settled += 1;
  });
  hotPath.stop();
  expect(hotPath.openAlarms()).toMatchObject([{ subject: 't1', severity: 'red' }]);
  expect([good.samples.length, good.events.length, settled, hotPath.sinkFaults]).toEqual([1, 1, 1, 2]);
});

test('a badge goes from zone to zone by who hears it, which is kept like all else; where it was is known after a restart', () => {
  const MAC = 'AA:AA:AA:AA:AA:01';
  const config = configOf(
    venueYaml(`
zones: { hall: {}, yard: {} }
badges: { b1: { role: guard, address: 'ruuvi-gateway:${MAC}' } }
receivers: { ruuvi-gateway:h: { zone: hall }, ruuvi-gateway:y: { zone: yard } }
rules: [{ id: sos, kind: sos }]
`),
  );
  const registry = buildRegistry(config);
  const rules = config.rules.map((each) => createRule(each, registry.venue));
  const log = createLog({ write: () => undefined });
  const atMs = Date.UTC(2026, 5, 1, 12);
  const live = (startMs: number, snapshot?: Snapshot) => {
    const sink = memorySink('kept');
    let nowMs = startMs;
    const clock = { now: () => nowMs, schedule: () => ({ unsubscribe: () => undefined }) };
    const hotPath = createHotPath({ registry, rules, clock, sinks: [sink], log, snapshot });
    const hear = (receiver: string, rssi: number, afterMs: number): void => {
      nowMs = startMs + afterMs;
      const payload = Buffer.from(JSON.stringify({ rssi, temperature: 20 }));
      hotPath.accept(mqttFrame('mqtt', `ruuvi/${receiver}/${MAC}`, payload, nowMs));
    };
    return { hotPath, hear, kept: () => sink.occurrences.map(({ kind, attributes }) => ({ kind, ...attributes })) };
  };
  const first = live(atMs);
  first.hear('h', -60, 0);
  for (let second = 1; second <= 30; second += 1) first.hear('y', -50, second * 1000);
  expect(first.kept()).toEqual([
    { kind: 'presence', zone: 'hall', receiver: 'ruuvi-gateway:h', rssiDbm: -60 },
    { kind: 'presence', zone: 'yard', receiver: 'ruuvi-gateway:y', rssiDbm: -50 },
  ]);
  const sinceMs = first.hotPath.view.presentZoneOf('b1')?.sinceMs ?? 0;

  const devices = [{ id: 'b1', lastSeenMs: atMs, behindMs: 0, present: { zone: 'yard', sinceMs } }];
  const snapshot: Snapshot = { version: 1, atMs: sinceMs, listeningSinceMs: atMs, subjects: [], devices };
  const second = live(atMs + 3_600_000, snapshot);
  const place = { zone: 'yard', sinceMs };
  expect(second.hotPath.presence.of('b1', atMs + 3_600_000)).toMatchObject({ place, notHeardSinceMs: -1 });
  // One radio of the hall is the first to hear it again: that alone moves nobody.
  second.hear('h', -70, 1000);
  second.hear('y', -60, 1010);
  second.hear('h', -70, 7000);
  expect(second.kept()).toEqual([]);
  expect(second.hotPath.presence.of('b1', atMs + 3_607_000)).toMatchObject({ place, notHeardSinceMs: undefined });
});

test('what a part of the gateway reports is an alarm of the rule that the venue has for it', () => {
  const config = configOf(venueYaml('rules: [{ id: box, kind: gateway-health, faultSeverity: red, latching: false }]'));
  const registry = buildRegistry(config);
  const rules = config.rules.map((each) => createRule(each, registry.venue));
  const log = createLog({ write: () => undefined });
  const hotPath = createHotPath({ registry, rules, clock: liveClock(), sinks: [], log });
  const [rule] = rules;
  if (rule === undefined) throw new Error('no rule');
  hotPath.report(healthVerdict({ type: 'fault', rule, subject: 'x', atMs: 1, error: new Error('broken') }));
  expect(hotPath.openAlarms()).toMatchObject([{ rule: 'box', subject: 'box:x', severity: 'red', condition: 'active' }]);
  hotPath.stop();
});

test('an incident is told in the same turn as the alarm that makes it one, and what rules command is told of once', () => {
  const config = configOf(
    venueYaml(`
zones: { a: {}, b: {} }
profiles: { door: { reports: { onChange: true, aliveBy: { heartbeatSeconds: 3600 } } } }
devices:
  ta: { profile: climate, zone: a }
  tb: { profile: climate, zone: b }
  records: { profile: door, address: 'access:records' }
rules:
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 60 } }
  - { id: class, kind: incident-class }
  - { id: burst, kind: access-burst, moreThan: { orange: 1 } }
`),
  );
  const registry = buildRegistry(config);
  const rules = config.rules.map((each) => createRule(each, registry.venue));
  const log = createLog({ write: () => undefined });
  const clock = liveClock();
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log });
  const commands: unknown[] = [];
  hotPath.commands.listen(({ command }) => commands.push(command));
  const send = (topic: string, payload: unknown): void =>
    hotPath.accept(mqttFrame('mqtt', topic, Buffer.from(JSON.stringify(payload)), clock.now()));
  for (const id of ['ta', 'tb']) send(`muster/hall/up/${id}`, [{ n: 'temperature', v: 70 }]);
  expect(hotPath.openAlarms().map(({ rule, subject }) => [rule, subject])).toEqual([
    ['heat', 'ta'],
    ['heat', 'tb'],
    ['class', 'venue'],
  ]);
  for (const recordId of ['R-1', 'R-2', 'R-2', 'R-3']) {
    send('muster/hall/access/records', { address: '10.0.0.7', account: 'li', recordId });
  }
  expect(commands).toMatchObject([{ device: 'records', do: 'lock', with: { account: 'li' } }]);
  hotPath.stop();
});

test('alarms of an earlier run count for a rule that is new, once they are told of', () => {
  const config = configOf(
    venueYaml('zones: { a: {} }\nrules: [{ id: class, kind: incident-class, alarms: { orange: 2 } }]'),
  );
  const registry = buildRegistry(config);
  const rules = config.rules.map((each) => createRule(each, registry.venue));
  const log = createLog({ write: () => undefined });
  const alarmOf = (subject: string): Alarm => ({
    id: `heat.${subject}.1`,
    rule: 'heat',
    kind: 'threshold',
    subject,
    severity: 'orange',
    condition: 'active',
    human: 'unacknowledged',
    raisedAt: '2026-06-01T12:00:00.000Z',
    changedAt: '2026-06-01T12:00:00.000Z',
    reason: { code: 'above-limit', zh: '', en: '' },
    guidance: { zh: '', en: '' },
  });
  const alarms = ['t1', 't2'].map(alarmOf);
  const hotPath = createHotPath({ registry, rules, clock: liveClock(), sinks: [], log, alarms });
  expect(hotPath.openAlarms()).toHaveLength(2);
  for (let times = 0; times < 3; times += 1) hotPath.recount();
  // Their own rule is gone, and they say so.
  expect(hotPath.openAlarms().map(({ rule, value, condition }) => [rule, value, condition])).toEqual([
    ['heat', undefined, 'unknown'],
    ['heat', undefined, 'unknown'],
    ['class', 2, 'active'],
  ]);
  hotPath.stop();
});
