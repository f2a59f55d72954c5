import { expect, test } from 'vitest';
import { liveClock } from '../../gateway/clock.ts';
import { buildRegistry } from '../../gateway/config/registry.ts';
import { createHotPath } from '../../gateway/hot-path.ts';
import { createLog } from '../../gateway/log.ts';
import { memorySink } from '../../gateway/sinks/memory.ts';
import type { Sink } from '../../gateway/sinks/sink.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import type { Snapshot } from '../../rules/judge/judge.ts';
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
