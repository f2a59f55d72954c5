import { afterEach, describe, expect, test } from 'vitest';
import { LEGACY_DATA_MAX } from '../../../../firmware-sim/bluetooth/events.ts';
import type { Frame } from '../../../../ingest/model/frame.ts';
import { keepAdapter } from '../../../../ingest/sources/ble/adapter-line.ts';
import { realTimers } from '../../../../ingest/sources/ble/timers.ts';
import { keepUart } from '../../../../ingest/sources/ble/uart-line.ts';
import { bleSource } from '../../../../ingest/sources/ble.ts';
import { hasSocat } from '../../../pty.ts';
import { type Dongle, dongle, until } from './ptys.ts';
import { advert } from './stage.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
});

const common = { rhythm: { intervalMs: 100, windowMs: 100 }, timers: realTimers, nowMs: Date.now } as const;

const listenTo = async (path: string, silenceSeconds = 60) => {
  const frames: Frame[] = [];
  const warnings: object[] = [];
  const log = { warn: (fields: object) => warnings.push(fields), info: () => undefined };
  const line = keepUart({
    path,
    baudRate: 1_000_000,
    rtscts: true,
    reconnect: { firstMs: 20, maxMs: 100 },
    nowMs: Date.now,
  });
  const source = bleSource({ ...common, id: 'hall', where: path, line, silenceSeconds, log });
  stops.push(source.stop);
  await source.start((frame) => frames.push(frame));
  return { source, frames, warnings };
};

const plugIn = async (...options: Parameters<typeof dongle>): Promise<Dongle> => {
  const made = await dongle(...options);
  stops.push(made.stop);
  return made;
};

describe.skipIf(!hasSocat)('the source on a serial port', () => {
  test.each([true, false])('hears every advert (Bluetooth 5: %s)', async (isExtended) => {
    const { path, controller } = await plugIn({ isExtended });
    const { frames } = await listenTo(path);
    await until('a scan', () => controller.isScanning);
    const count = 200;
    for (let index = 0; index < count; index += 1) {
      controller.hear(advert(index % 100, Buffer.alloc(LEGACY_DATA_MAX, index)));
      // A terminal holds 4 kB; a real controller is slower than this loop.
      if (index % 40 === 39) await until('what was sent', () => frames.length === index + 1);
    }
    await until('all adverts', () => frames.length === count);
    expect(frames.map(({ payload }) => payload[0])).toEqual(Array.from({ length: count }, (_, index) => index % 256));
    expect(frames[7]).toMatchObject({ source: 'hall', transport: 'ble', address: advert(7).address, rssiDbm: -60 });
  });

  test('unplugged and plugged in again: it is heard again, and the loss was told', async () => {
    const { path, port, controller } = await plugIn();
    const { source, frames } = await listenTo(path);
    await until('a scan', () => controller.isScanning);
    controller.hear(advert(1));
    await until('the first advert', () => frames.length === 1);
    port.happen({ do: 'unplug' });
    controller.powerCycle();
    await until('the loss', () => source.status?.().state === 'lost');
    expect(source.status?.().lastTrouble?.code).toMatch(/^port-/);
    port.happen({ do: 'replug' });
    await until('a scan on the new terminal', () => controller.isScanning);
    controller.hear(advert(2));
    await until('the second advert', () => frames.length === 2);
    expect(source.status?.().state).toBe('open');
  });

  test('a controller that hangs is found out by its silence and opened anew', async () => {
    const { path, controller } = await plugIn();
    const { source, frames } = await listenTo(path, 1);
    await until('a scan', () => controller.isScanning);
    controller.hear(advert(1));
    await until('the first advert', () => frames.length === 1);
    controller.mute();
    await until('that it is found mute', () => source.status?.().lastTrouble?.code === 'controller-mute');
    controller.powerCycle();
    await until('a scan', () => controller.isScanning);
    controller.hear(advert(2));
    await until('the second advert', () => frames.length === 2);
  });
});

describe('without a controller', () => {
  test('no such serial port: said in both languages, tried again, nothing thrown', async () => {
    const { source, warnings } = await listenTo('/dev/there-is-no-such-port');
    await until('the trouble', () => warnings.length > 0);
    expect(source.status?.()).toMatchObject({ state: 'lost', lastTrouble: { code: 'port-absent' } });
  });

  const fails = (message: string) => ({
    bindUser: () => {
      throw new Error(message);
    },
    start: () => undefined,
    stop: () => undefined,
    write: () => undefined,
    on: () => undefined,
  });

  test.each([
    ['Operation not permitted', 'no-permission', /setcap cap_net_raw,cap_net_admin\+eip/],
    ['No such device', 'no-adapter', /btmgmt info/],
    ['Device or resource busy', 'adapter-busy', /hciconfig hci0 down/],
    ['Address family not supported by protocol', 'no-bluetooth', /AF_BLUETOOTH/],
    ['something new', 'adapter-failed', /something new/],
  ])('an adapter that says "%s"', async (message, code, words) => {
    const troubles: { code: string; zh: string; en: string }[] = [];
    const load = async () => () => fails(message);
    const line = keepAdapter({ adapter: 'hci0', timers: realTimers, nowMs: Date.now, load })({
      onOpen: () => undefined,
      onLost: (trouble) => troubles.push(trouble),
    });
    line.start();
    await until('the trouble', () => troubles.length > 0);
    await line.stop();
    expect(troubles[0]?.code).toBe(code);
    expect(troubles[0]?.en).toMatch(words);
    expect(troubles[0]?.zh).toContain('hci0');
  });

  test('the real driver, on whatever machine this is, opens an adapter or says why not', async () => {
    const told: unknown[] = [];
    const line = keepAdapter({ adapter: 'hci9', timers: realTimers, nowMs: Date.now })({
      onOpen: (stream) => told.push(stream),
      onLost: (trouble) => told.push(trouble.code),
    });
    line.start();
    await until('a word', () => told.length > 0);
    await line.stop();
    expect(['no-bluetooth', 'no-permission', 'no-adapter', 'adapter-busy']).toContain(told[0]);
  });
});
