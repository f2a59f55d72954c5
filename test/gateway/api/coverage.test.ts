import { describe, expect, test } from 'vitest';
import { listOf } from '../../../gateway/api/schemas/common.ts';
import { coverageSchema } from '../../../gateway/api/schemas/coverage.ts';
import { deviceSchema } from '../../../gateway/api/schemas/devices.ts';
import { EPOCH } from '../../rules/stage.ts';
import { readStream } from './events.ts';
import { type Stage, stage } from './stage.ts';

const MAC = 'AA:AA:AA:AA:AA:01';
const CANARY = 'CC:CC:CC:CC:CC:01';

const VENUE = `
zones: { hall: {}, yard: {}, roof: {} }
devices: { t1: { profile: climate, zone: roof, address: 'ruuvi-gateway:AA:AA:AA:AA:AA:99' } }
badges:
  b1: { role: guard, wearer: 王, zone: roof, address: 'ruuvi-gateway:${MAC}' }
  b2: { role: guard, zone: yard }
receivers:
  ruuvi-gateway:one: { zone: hall, canary: '${CANARY}' }
  ruuvi-gateway:two: { zone: yard, name: { zh: 二号, en: Two } }
rules: [{ id: sos, kind: sos }, { id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]
`;

const hear = ({ send }: Stage, receiver: string, mac: string, rssi: number, values: object = {}): void =>
  send(`ruuvi/${receiver}/${mac}`, { gw_mac: receiver, rssi, temperature: 20, ...values });

const coverage = async ({ ask }: Stage, query = '') =>
  coverageSchema.strict().parse((await ask(`/api/v1/coverage${query}`)).json());

const device = async ({ ask }: Stage, id: string, query = '') => {
  const { items } = listOf(deviceSchema.strict()).parse((await ask(`/api/v1/devices${query}`)).json());
  return items.find((item) => item.id === id);
};

const at = (seconds: number): string => new Date(EPOCH + seconds * 1000).toISOString();

describe('where a badge is', () => {
  test('is the zone of the receiver that hears it, with how strongly and since when', async () => {
    const on = await stage(VENUE);
    expect(await device(on, 'b1')).toMatchObject({ zone: 'roof' });
    on.pass(10);
    hear(on, 'one', MAC, -61);
    on.pass(1);
    const shown = await device(on, 'b1');
    expect(shown).toMatchObject({
      zone: 'hall',
      registeredZone: 'roof',
      zoneSince: at(10),
      heardBy: 'ruuvi-gateway:one',
      rssiDbm: -61,
      heardAt: at(10),
    });
    expect(shown).not.toHaveProperty('notHeardSince');
    expect(await device(on, 'b1', '?zone=hall')).toBeDefined();
    expect(await device(on, 'b1', '?zone=roof')).toBeUndefined();
  });

  test('is kept when nobody hears it any more, and marked', async () => {
    const on = await stage(VENUE);
    hear(on, 'one', MAC, -61);
    on.pass(600);
    expect(await device(on, 'b1')).toMatchObject({ zone: 'hall', notHeardSince: at(0) });
  });

  test('is in the alarm as soon as it is raised, also where it is heard only when it calls', async () => {
    const on = await stage(VENUE);
    hear(on, 'one', MAC, -61, { temperature: 70 });
    expect(on.hotPath.openAlarms()).toMatchObject([{ subject: 'b1', zone: 'hall' }]);
  });

  test('is told on the stream when it changes, and when nobody hears it there any more', async () => {
    const on = await stage(VENUE);
    const reader = await readStream(on.port, '?events=devices');
    const tick = (): void => on.timers.advance(1000);
    hear(on, 'one', MAC, -61);
    tick();
    await reader.has('devices', 1);
    expect(reader.of('devices')[0]).toMatchObject({
      items: [{ id: 'b1', zone: 'hall', heardBy: 'ruuvi-gateway:one' }],
    });
    on.pass(16);
    tick();
    await reader.has('devices', 2);
    expect(reader.of('devices')[1]).toMatchObject({ items: [{ id: 'b1', zone: 'hall', notHeardSince: at(0) }] });
  });

  test('of a thing without a wearer is where the venue file says', async () => {
    const on = await stage(VENUE);
    hear(on, 'one', 'AA:AA:AA:AA:AA:99', -50);
    expect(await device(on, 't1')).toMatchObject({ zone: 'roof', heardBy: 'ruuvi-gateway:one', rssiDbm: -50 });
    expect(await device(on, 't1')).not.toHaveProperty('registeredZone');
  });

  test('a stranger is listed with its source and who hears it', async () => {
    const on = await stage(VENUE);
    for (const rssi of [-70, -72]) hear(on, 'two', 'DD:DD:DD:DD:DD:DD', rssi);
    expect(await device(on, 'DD:DD:DD:DD:DD:DD')).toMatchObject({
      registered: false,
      source: 'mqtt',
      heardBy: 'ruuvi-gateway:two',
      rssiDbm: -72,
    });
  });

  test('what a broker replays from its store says nothing of where a badge is now', async () => {
    const on = await stage(VENUE);
    const frame = {
      source: 'mqtt',
      transport: 'mqtt',
      address: `ruuvi/one/${MAC}`,
      payload: Buffer.from(JSON.stringify({ rssi: -40, temperature: 20 })),
      arrivedMs: EPOCH,
      retained: true,
    } as const;
    on.hotPath.accept(frame);
    expect(await device(on, 'b1')).toMatchObject({ zone: 'roof' });
    expect((await coverage(on)).receivers).toMatchObject([{ heardTotal: 0 }, { heardTotal: 0 }]);
  });
});

describe('coverage', () => {
  test('says of every receiver what it hears and whether its canary proves it', async () => {
    const on = await stage(VENUE);
    expect((await coverage(on)).receivers).toEqual([
      {
        id: 'ruuvi-gateway:one',
        name: { zh: 'ruuvi-gateway:one', en: 'ruuvi-gateway:one' },
        zone: 'hall',
        state: 'starting',
        heardPerSecond: 0,
        heardTotal: 0,
        canary: { device: CANARY, limitSeconds: 30 },
      },
      expect.objectContaining({ id: 'ruuvi-gateway:two', name: { zh: '二号', en: 'Two' }, state: 'unproven' }),
    ]);
    for (let second = 0; second < 60; second += 1) {
      hear(on, 'one', CANARY, -40);
      hear(on, 'new', CANARY, -40);
      on.pass(1);
    }
    expect((await coverage(on)).receivers).toMatchObject([
      { state: 'hears', heardPerSecond: 1, heardTotal: 60, canary: { lastHeardAt: at(59) } },
      { state: 'unproven', heardPerSecond: 0 },
      { id: 'ruuvi-gateway:new', heardPerSecond: 1 },
    ]);
    on.pass(31);
    expect((await coverage(on)).receivers[0]).toMatchObject({ state: 'deaf' });
  });

  test('says of every badge who last heard it, and whether it could have been heard at all', async () => {
    const on = await stage(VENUE);
    hear(on, 'one', CANARY, -40);
    hear(on, 'one', MAC, -61, { voltage: 2.9 });
    on.pass(25);
    const heard = { id: 'b1', zone: 'hall', heardBy: 'ruuvi-gateway:one', rssiDbm: -61, lastHeardAt: at(0) };
    expect((await coverage(on)).badges).toMatchObject([
      { ...heard, heard: false, batteryVolts: 2.9, coverage: 'proven', couldNotHaveBeenHeard: false },
      { id: 'b2', zone: 'yard', heard: false, coverage: 'unproven', couldNotHaveBeenHeard: false },
    ]);
    on.pass(600);
    expect((await coverage(on)).badges[0]).toMatchObject({
      ...heard,
      coverage: 'deaf',
      couldNotHaveBeenHeard: true,
      reason: { code: 'receivers-deaf' },
    });
    // Heard by anybody it is heard, whatever the canary says.
    hear(on, 'one', MAC, -61);
    expect((await coverage(on)).badges[0]).toMatchObject({ heard: true, couldNotHaveBeenHeard: false });
  });

  test('a badge that reports some other way is not said to be unheard', async () => {
    const on = await stage(VENUE.replace('zone: yard }\n', 'zone: hall }\n'));
    on.pass(600);
    expect((await coverage(on)).badges[1]).toMatchObject({ zone: 'hall', couldNotHaveBeenHeard: true });
    on.send('muster/hall/up/b2', [{ n: 'battery', u: '%EL', v: 80 }]);
    expect((await coverage(on)).badges[1]).toMatchObject({ couldNotHaveBeenHeard: false, batteryPercent: 80 });
  });

  test('badges come a page at a time', async () => {
    const on = await stage(VENUE);
    const { badges, next } = await coverage(on, '?limit=1');
    expect(badges.map(({ id }) => id)).toEqual(['b1']);
    expect((await coverage(on, `?limit=1&cursor=${next}`)).badges.map(({ id }) => id)).toEqual(['b2']);
    expect((await on.ask('/api/v1/coverage?cursor=x')).status).toBe(400);
  });

  test('is measured: receivers of the venue file, and how many badges are not heard', async () => {
    const on = await stage(VENUE);
    hear(on, 'one', MAC, -61);
    hear(on, 'invented', MAC, -90);
    on.pass(60);
    const { text } = await on.ask('/metrics');
    const lines = text.split('\n').filter((line) => /^muster_(receiver|badges)/.test(line));
    expect(lines).toEqual(
      expect.arrayContaining([
        'muster_receiver_deaf{receiver="ruuvi-gateway:one",zone="hall"} 1',
        'muster_receiver_heard_per_second{receiver="ruuvi-gateway:two",zone="yard"} 0',
        `muster_receiver_last_heard_timestamp_seconds{receiver="ruuvi-gateway:one",zone="hall"} ${EPOCH / 1000}`,
        'muster_badges{state="heard"} 0',
        'muster_badges{state="not_heard"} 1',
        'muster_badges{state="could_not_be_heard"} 1',
      ]),
    );
    expect(text).not.toContain('invented');
  });
});
