import { expect, onTestFinished, test } from 'vitest';
import { scaledClock } from '../../gateway/clock.ts';
import { buildRegistry } from '../../gateway/config/registry.ts';
import { createHotPath } from '../../gateway/hot-path.ts';
import type { VenueFact } from '../../gateway/influx/lines/facts.ts';
import { reportVenue } from '../../gateway/venue-report.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import { createRule } from '../../rules/kinds/index.ts';
import { EPOCH } from '../rules/stage.ts';
import { virtualClock } from './api/stage.ts';
import { configOf, venueYaml } from './fixture.ts';

const VENUE = `
zones:
  lane: { areaM2: 50 }
  pit: { areaM2: 100, capacity: 300, use: standing }
  yard: {}
devices:
  gate: { profile: people-counter, zone: lane, reports: { everySeconds: 30 } }
  left: { profile: people-counter, zone: pit, reports: { everySeconds: 600 } }
  right: { profile: people-counter, zone: pit, reports: { everySeconds: 600 } }
  mains: { profile: current-clamp, zone: yard, ratedAmps: { a: 32, b: 16 } }
  any: { profile: current-clamp, ratedAmps: 20 }
  strange: { profile: current-clamp, zone: yard }
  t1: { profile: climate, zone: yard }
rules:
  - { id: crowd, kind: crowd-density }
  - { id: quiet, kind: silent }
`;

const stage = (yaml: string) => {
  const config = configOf(venueYaml(yaml));
  const registry = buildRegistry(config);
  const rules = config.rules.map((rule) => createRule(rule, registry.venue));
  const { clock, pass } = virtualClock();
  const errors: object[] = [];
  const silent = (): void => undefined;
  const log = { info: silent, warn: silent, error: (fields: object) => void errors.push(fields) };
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log });
  const reports: { readonly atMs: number; readonly facts: readonly VenueFact[] }[] = [];
  const store = { facts: (facts: readonly VenueFact[]) => void reports.push({ atMs: clock.now() - EPOCH, facts }) };
  const stop = reportVenue({ config, registry, rules, clock, hotPath, log, store });
  onTestFinished(() => {
    stop();
    hotPath.stop();
  });
  return {
    reports,
    errors,
    store,
    pass,
    stop,
    send: (device: string, ...records: readonly object[]) =>
      hotPath.accept(mqttFrame('mqtt', `muster/hall/up/${device}`, Buffer.from(JSON.stringify(records)), clock.now())),
    zone: (id: string) => {
      const found = reports.at(-1)?.facts.find((fact) => fact.type === 'zone' && fact.zone === id);
      return found?.type === 'zone' ? found.fields : undefined;
    },
    ratings: () =>
      reports
        .at(-1)
        ?.facts.flatMap((fact) => (fact.type === 'rating' ? [[fact.device, fact.channel, fact.ratedAmps]] : [])),
  };
};

test('every ten seconds of judged time each zone that a rule watches, until it is stopped', () => {
  const on = stage(VENUE);
  on.pass(3);
  expect(on.reports).toEqual([]);
  on.pass(32);
  expect(on.reports.map(({ atMs }) => atMs)).toEqual([10_000, 20_000, 30_000]);
  for (const { facts } of on.reports)
    expect(facts.flatMap((fact) => (fact.type === 'zone' ? [fact.zone] : []))).toEqual(['lane', 'pit']);
  on.stop();
  on.pass(60);
  expect(on.reports).toHaveLength(3);
});

test('persons and density stand there only while every counter of the zone has counted and reports', () => {
  const on = stage(VENUE);
  const lane = { areaM2: 50, standing: 0 };
  const pit = { areaM2: 100, capacity: 300, standing: 1 };
  on.pass(10);
  expect(on.zone('lane')).toEqual({ ...lane, complete: 0 });
  expect(on.zone('pit')).toEqual({ ...pit, complete: 0 });

  on.send('gate', { n: 'entries', v: 0 }, { n: 'exits', v: 0 });
  on.send('left', { n: 'entries', v: 250 });
  on.pass(10);
  // Nobody has come in: that is known.
  expect(on.zone('lane')).toEqual({ ...lane, persons: 0, densityPerM2: 0, errorPersons: 0, complete: 1 });
  expect(on.zone('pit')).toEqual({ ...pit, complete: 0 });

  on.send('gate', { n: 'entries', v: 130 }, { n: 'exits', v: 5 });
  on.send('right', { n: 'entries', v: 10 }, { n: 'exits', v: 60 });
  on.pass(10);
  expect(on.zone('lane')).toEqual({ ...lane, persons: 125, densityPerM2: 2.5, errorPersons: 3, complete: 1 });
  expect(on.zone('pit')).toEqual({ ...pit, persons: 200, densityPerM2: 2, errorPersons: 5, complete: 1 });

  // Late, and not yet silent: the rule judges by what was last counted.
  on.pass(70);
  expect(on.zone('lane')).toMatchObject({ persons: 125, complete: 1 });
  on.pass(230);
  expect(on.zone('lane')).toEqual({ ...lane, complete: 0 });
  expect(on.zone('pit')).toMatchObject({ persons: 200, complete: 1 });
});

test('once in a minute the rating of each channel that is named, or heard and covered by it', () => {
  const on = stage(VENUE);
  on.pass(10);
  expect(on.ratings()).toEqual([
    ['mains', 'a', 32],
    ['mains', 'b', 16],
  ]);
  on.send('mains', { n: 'current/c', v: 1 }, { n: 'current/b', v: 1 });
  on.send('any', { n: 'current/line1', v: 1 }, { n: 'current/total', v: 1 }, { n: 'temperature', v: 20 });
  on.send('strange', { n: 'current', v: 1 });
  on.pass(10);
  expect(on.ratings()).toEqual([]);
  on.pass(40);
  expect(on.ratings()).toEqual([
    ['mains', 'a', 32],
    ['mains', 'b', 16],
    ['any', 'line1', 20],
  ]);
  on.pass(60);
  expect(on.reports.filter(({ facts }) => facts.some(({ type }) => type === 'rating')).map(({ atMs }) => atMs)).toEqual(
    [10_000, 60_000, 120_000],
  );
});

test('a rating that only the rule knows is the one that the rule judges by', () => {
  const on = stage(`${VENUE}  - { id: load, kind: overcurrent, ratedAmps: 63, for: { devices: [strange, any] } }\n`);
  on.send('strange', { n: 'current', v: 1 });
  on.send('any', { n: 'current', v: 1 });
  on.pass(10);
  expect(on.ratings()).toEqual([
    ['mains', 'a', 32],
    ['mains', 'b', 16],
    ['any', '', 20],
    ['strange', '', 63],
  ]);
});

test('where nothing is watched or rated nothing is reported; a fault costs one report', () => {
  const nothing = stage('zones: { yard: {} }\ndevices: { t1: { profile: climate, zone: yard } }\n');
  nothing.pass(60);
  expect(nothing.reports).toEqual([]);

  const on = stage(VENUE);
  const { facts } = on.store;
  on.store.facts = () => {
    throw new Error('no store');
  };
  on.pass(10);
  on.store.facts = facts;
  on.pass(10);
  expect(on.errors).toHaveLength(1);
  expect(on.reports.map(({ atMs }) => atMs)).toEqual([20_000]);
});

test('a clock that has not been started reports nothing', async () => {
  const config = configOf(venueYaml(VENUE));
  const registry = buildRegistry(config);
  const rules = config.rules.map((rule) => createRule(rule, registry.venue));
  const clock = scaledClock(EPOCH, 1_000_000);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const hotPath = createHotPath({ registry, rules, clock, sinks: [], log });
  const reports: number[] = [];
  const asked: number[] = [];
  let ask = (): void => undefined;
  const watched = {
    ...clock,
    schedule: (work: () => void, delayMs: number) => {
      asked.push(delayMs);
      ask = work;
      return { unsubscribe: () => undefined };
    },
  };
  reportVenue({ config, registry, rules, clock: watched, hotPath, log, store: { facts: () => void reports.push(1) } });
  ask();
  ask();
  expect([asked, reports]).toEqual([[10_000, 10_000, 10_000], []]);
  hotPath.stop();
});
