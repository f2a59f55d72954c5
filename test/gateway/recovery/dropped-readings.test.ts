import { expect, test } from 'vitest';
import { liveVenue } from '../../../gateway/config/live.ts';
import { replayClock } from '../../../gateway/flight/replay-clock.ts';
import { createHotPath } from '../../../gateway/hot-path.ts';
import { recover } from '../../../gateway/recovery/recover.ts';
import { keepSnapshots } from '../../../gateway/recovery/snapshots.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { committed, openTestStore, silentLog, temporaryDirectory } from '../store/fixture.ts';

const T = Date.UTC(2026, 5, 1, 12);
const configWith = (holdSeconds: number) =>
  configOf(
    venueYaml(`
devices: { oven: { profile: climate }, other: { profile: climate } }
rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 30 }, holdSeconds: ${holdSeconds} }]
`),
  );

const live = async (directory: string, seconds: number, pendingBytesMax?: number, holdSeconds = 0) => {
  const { registry, rules } = liveVenue(configWith(holdSeconds));
  const store = await openTestStore(directory, pendingBytesMax === undefined ? {} : { pendingBytesMax });
  const { snapshot, memories, keys } = await recover(store.recovery, rules, registry.venue, silentLog);
  const clock = replayClock(T + seconds * 1000);
  const alarms = await store.openAlarms();
  const hotPath = createHotPath({ registry, rules, clock, sinks: [store], log: silentLog, snapshot, memories, alarms });
  const told: string[] = [];
  hotPath.events.listen((event) => void ('alarm' in event && told.push(event.type)));
  const timers = { now: () => 0, after: () => () => undefined };
  keepSnapshots({ store, engine: hotPath.engine, memories: hotPath.intake.memories, keys, timers, log: silentLog });
  hotPath.recount();
  const degrees = (device: string, value: number): void =>
    hotPath.accept(
      mqttFrame(
        'mqtt',
        `muster/hall/up/${device}`,
        Buffer.from(`[{"n":"temperature","v":${value},"u":"Cel"}]`),
        clock.now(),
      ),
    );
  return { store, hotPath, clock, told, degrees };
};

test('an alarm of time alone, whose reading found no room, is unknown after a restart until there is another', {
  timeout: 60_000,
}, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0, 4096, 10);
  first.degrees('oven', 20);
  await committed(first.store);
  first.clock.advance(T + 1000);
  for (let n = 0; n < 400; n += 1) first.degrees('other', 20 + (n % 5) / 10);
  first.degrees('oven', 40);
  first.clock.advance(T + 12_000);
  expect(first.hotPath.openAlarms().map(({ condition }) => condition)).toEqual(['active']);
  await committed(first.store);
  await first.store.stop();
  const second = await live(directory, 15, undefined, 10);
  const conditions = () => second.hotPath.openAlarms().map(({ condition }) => condition);
  expect(conditions()).toEqual(['unknown']);
  second.degrees('oven', 40);
  second.clock.advance(T + 26_000);
  expect(conditions()).toEqual(['active']);
});

test('an alarm whose reading found no room stands after a restart', { timeout: 60_000 }, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0, 4096);
  first.degrees('oven', 20);
  await committed(first.store);
  first.clock.advance(T + 1000);
  // The disk is behind: in one turn more than there is room for.
  for (let n = 0; n < 400; n += 1) first.degrees('other', 20 + (n % 5) / 10);
  expect(first.store.health().droppedSamples).toBeGreaterThan(0);
  first.degrees('oven', 40);
  expect(first.hotPath.openAlarms().map(({ condition }) => condition)).toEqual(['active']);
  expect(first.store.health().droppedEvents).toBe(0);
  await committed(first.store);
  await first.store.stop();
  const second = await live(directory, 5);
  expect(second.hotPath.openAlarms().map(({ condition }) => condition)).toEqual(['active']);
});

test('an alarm that was over by a reading that found no room is not raised again', { timeout: 60_000 }, async () => {
  const directory = temporaryDirectory();
  const first = await live(directory, 0, 4096);
  first.degrees('oven', 40);
  await committed(first.store);
  first.clock.advance(T + 1000);
  for (let n = 0; n < 400; n += 1) first.degrees('other', 20 + (n % 5) / 10);
  first.degrees('oven', 20);
  first.clock.advance(T + 400_000);
  const open = first.hotPath.openAlarms();
  for (const { id } of open) first.hotPath.act({ type: 'acknowledge', alarm: id, by: 'me' });
  expect(first.hotPath.openAlarms()).toEqual([]);
  expect(first.store.health().droppedEvents).toBe(0);
  await committed(first.store);
  await first.store.stop();
  const second = await live(directory, 405);
  expect(second.told).toEqual([]);
});
