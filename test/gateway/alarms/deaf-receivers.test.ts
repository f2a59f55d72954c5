import { VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { watchReceivers } from '../../../gateway/alarms/deaf-receivers.ts';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { createPresence } from '../../../ingest/presence/presence.ts';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { AlarmDesk } from '../../../rules/alarms/desk.ts';
import { EPOCH } from '../../rules/stage.ts';
import { configOf, venueYaml } from '../fixture.ts';

const VENUE = `
zones: { hall: { name: { zh: 大厅, en: Hall } }, yard: {} }
devices: { canary-2: { profile: climate, address: 'ruuvi-gateway:AA:AA:AA:AA:AA:02', reports: { everySeconds: 20 } } }
receivers:
  ruuvi-gateway:one: { zone: hall, name: { zh: 一号, en: One }, canary: 'aa:aa:aa:aa:aa:01' }
  ruuvi-gateway:two: { zone: hall, canary: canary-2 }
  ruuvi-gateway:three: { zone: yard }
`;

const scene = (alarms: readonly Alarm[] = []) => {
  const registry = buildRegistry(configOf(venueYaml(VENUE)));
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const clock = {
    now: () => EPOCH + scheduler.now(),
    schedule: (work: () => void, delayMs: number) => scheduler.schedule(work, delayMs),
  };
  const { receivers, presence: settings } = registry;
  const presence = createPresence({ receivers, settings, startedMs: EPOCH });
  const told: (readonly [string, string, string, string | undefined])[] = [];
  const desk = new AlarmDesk((event) => {
    if ('alarm' in event) told.push([event.type, event.alarm.subject, event.alarm.severity, event.alarm.zone]);
  });
  desk.restore(alarms);
  const stop = watchReceivers({
    presence,
    registry,
    clock,
    report: (verdict) => desk.take(verdict),
    openAlarms: () => [...desk.open],
  });
  return {
    told,
    stop,
    open: () => [...desk.open],
    at: (seconds: number) => {
      scheduler.maxFrames = seconds * 1000;
      scheduler.flush();
      scheduler.frame = seconds * 1000;
    },
    hear: (receiver: string, name: string) => {
      const hearing = { device: name, receiver, rssiDbm: -50, arrivedMs: clock.now() };
      presence.hear(name.endsWith('02') ? registry.venue.devices.get('canary-2') : undefined, hearing);
    },
    clock: scheduler,
  };
};

const CANARY_1 = 'AA:AA:AA:AA:AA:01';
const CANARY_2 = 'AA:AA:AA:AA:AA:02';

test('a receiver that no longer hears its canary is an alarm of its zone; orange when no other hears there', () => {
  const on = scene();
  for (let at = 1; at <= 60; at += 1) {
    on.at(at);
    on.hear('ruuvi-gateway:one', CANARY_1);
    on.hear('ruuvi-gateway:two', CANARY_2);
  }
  expect(on.told).toEqual([]);
  // The second goes on, the first is deaf: it hears others, not its canary.
  for (let at = 61; at <= 120; at += 1) {
    on.at(at);
    on.hear('ruuvi-gateway:one', 'BB:BB:BB:BB:BB:BB');
    on.hear('ruuvi-gateway:two', CANARY_2);
  }
  expect(on.told).toEqual([['raised', 'receiver:ruuvi-gateway:one', 'yellow', 'hall']]);
  expect(on.open()[0]?.reason).toMatchObject({ code: 'receiver-deaf', en: expect.stringContaining('receiver One') });
  // Its profile lets the second canary be silent for 3 x 20 s.
  on.at(179);
  expect(on.told).toHaveLength(1);
  on.at(190);
  expect(on.told.slice(1).toSorted()).toEqual([
    ['escalated', 'receiver:ruuvi-gateway:one', 'orange', 'hall'],
    ['raised', 'receiver:ruuvi-gateway:two', 'orange', 'hall'],
  ]);
  expect(on.open()[0]?.reason).toMatchObject({ code: 'zone-deaf', zh: expect.stringContaining('大厅') });
  on.hear('ruuvi-gateway:one', CANARY_1);
  on.at(196);
  expect(on.told.slice(3).toSorted()).toEqual([
    ['changed', 'receiver:ruuvi-gateway:two', 'yellow', 'hall'],
    ['cleared', 'receiver:ruuvi-gateway:one', 'orange', 'hall'],
  ]);
});

test('one that is deaf from the start is told too; one without a canary never', () => {
  const on = scene();
  on.at(36);
  expect(on.told).toEqual([['raised', 'receiver:ruuvi-gateway:one', 'yellow', 'hall']]);
  on.at(600);
  expect(on.open().map(({ subject }) => subject)).toEqual(['receiver:ruuvi-gateway:one', 'receiver:ruuvi-gateway:two']);
});

test('an alarm from before a restart clears when its canary is heard, or when the receiver has gone', () => {
  const first = scene();
  first.at(36);
  const [alarm] = first.open();
  if (alarm === undefined) throw new Error('no alarm');
  const gone = { ...alarm, id: `${alarm.id}x`, subject: 'receiver:ruuvi-gateway:gone' };
  const on = scene([alarm, gone]);
  expect(on.told).toEqual([['cleared', 'receiver:ruuvi-gateway:gone', 'yellow', 'hall']]);
  on.hear('ruuvi-gateway:one', CANARY_1);
  on.at(6);
  expect(on.told.slice(1)).toEqual([['cleared', 'receiver:ruuvi-gateway:one', 'yellow', 'hall']]);
});

test('stopped, it looks no more', () => {
  const on = scene();
  on.stop();
  on.at(600);
  expect(on.told).toEqual([]);
});
