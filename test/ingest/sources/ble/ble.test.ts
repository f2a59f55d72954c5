import { describe, expect, test } from 'vitest';
import {
  commandComplete,
  commandStatus,
  hardwareError,
  legacyReport,
} from '../../../../firmware-sim/bluetooth/events.ts';
import { hexOf } from './heard.ts';
import { advert, settle, stage } from './stage.ts';

const opcodes = (bytes: readonly Buffer[]): readonly number[] => bytes.map((packet) => packet.readUInt16LE(1));

describe('bringing a controller up', () => {
  test('a Bluetooth 5 controller: extended, passive, duplicates wanted', async () => {
    const { start, hostBytes, controller, source } = stage();
    await start();
    expect(opcodes(hostBytes)).toEqual([0x0c03, 0x0c01, 0x2001, 0x2003, 0x2041, 0x2042]);
    // Core Specification 5.4, vol 4, part E, section 7.8.64: own address, filter, PHYs, then type, interval and window.
    expect(hostBytes.slice(4).map(hexOf)).toEqual(['01412008' + '000001' + '00a0005000', '01422006' + '010000000000']);
    expect(controller.isScanning).toBe(true);
    await source.stop();
  });

  test('a Bluetooth 4 controller: the older commands', async () => {
    const { start, hostBytes, controller } = stage({ isExtended: false });
    await start();
    expect(hostBytes.slice(4).map(hexOf)).toEqual(['010b2007' + '00a00050000000', '010c2002' + '0100']);
    expect(controller.isScanning).toBe(true);
  });

  test('one that claims extended advertising and does not know its commands', async () => {
    const { start, hostBytes, controller } = stage({
      isExtended: false,
      intercept: (bytes, answer) => {
        if (bytes.readUInt16LE(1) !== 0x2003) return false;
        answer(commandComplete(0x2003, 0, 0, 0x10, 0, 0, 0, 0, 0, 0));
        return true;
      },
    });
    await start();
    expect(opcodes(hostBytes).slice(3)).toEqual([0x2003, 0x2041, 0x200b, 0x200c]);
    expect(controller.isScanning).toBe(true);
  });

  test('one that refuses a command is opened anew, and says which', async () => {
    let refusals = 1;
    const { start, lost, pass, controller } = stage({
      intercept: (bytes, answer) => {
        if (bytes.readUInt16LE(1) !== 0x2041 || refusals === 0) return false;
        refusals -= 1;
        answer(commandStatus(0x2041, 0x0c));
        return true;
      },
    });
    await start();
    expect(lost).toMatchObject([{ code: 'command-refused', en: expect.stringContaining('0x2041 (0x0c)') }]);
    await pass(1_000);
    expect(controller.isScanning).toBe(true);
  });

  test('noise before the first answer, and answers to what nobody asked, change nothing', async () => {
    const { start, controller } = stage({
      intercept: (bytes, answer) => {
        answer(Buffer.from('55aa040e', 'hex'));
        answer(commandComplete(0x1009, 0, 1, 2, 3, 4, 5, 6));
        return bytes.length === 0;
      },
    });
    await start();
    expect(controller.isScanning).toBe(true);
  });
});

describe('adverts', () => {
  test('each is a frame of its own: address, data, RSSI, arrival', async () => {
    const { start, controller, frames, clock, status } = stage();
    await start();
    const data = Buffer.from('0201060303aafe', 'hex');
    controller.hear(advert(1));
    controller.hear(advert(1, data));
    controller.hear({ ...advert(2, data), rssiDbm: 127 });
    await settle();
    const common = { source: 'hall', transport: 'ble', arrivedMs: clock.nowMs(), retained: false };
    expect(frames).toEqual([
      { ...common, address: 'C0:00:00:00:00:01', payload: new Uint8Array([2, 1, 6]), rssiDbm: -60 },
      { ...common, address: 'C0:00:00:00:00:01', payload: new Uint8Array(data), rssiDbm: -60 },
      { ...common, address: 'C0:00:00:00:00:02', payload: new Uint8Array(data) },
    ]);
    expect(status()).toMatchObject({ state: 'open', counters: { frames: 3, failures: 0, garbageBytes: 0 } });
  });

  test('a handler that throws loses its own advert only', async () => {
    let calls = 0;
    const { start, controller, status } = stage({
      accept: () => {
        calls += 1;
        if (calls === 1) throw new Error('a fault of the handler');
      },
    });
    await start();
    controller.hear(advert(1));
    controller.hear(advert(2));
    await settle();
    expect(calls).toBe(2);
    expect(status()?.counters).toMatchObject({ frames: 2, handlerFailures: 1, failures: 1 });
  });

  test('malformed HCI stops nothing', async () => {
    const { start, controller, frames, wire, status } = stage();
    await start();
    for (const hex of [
      '040e0100',
      '043eff0201',
      '043e020201',
      '02ffffffff',
      '04',
      '043e0c02010000aabbccddeeffff',
      '0410',
    ]) {
      wire(Buffer.from(hex, 'hex'));
      controller.hear(advert(1));
      await settle();
    }
    expect(frames).toHaveLength(7);
    expect(status()?.counters.failures).toBeGreaterThan(0);
  });
});

describe('a controller that goes wrong', () => {
  test('silent: reset, then opened anew, and heard again', async () => {
    const { start, controller, frames, pass, lost, hostBytes, status, warnings } = stage({ silenceSeconds: 10 });
    await start();
    controller.hear(advert(1));
    await settle();
    hostBytes.length = 0;
    await pass(12_500);
    expect(status()).toMatchObject({
      state: 'silent',
      lastTrouble: { code: 'radio-silent' },
      counters: { silences: 1 },
    });
    expect(opcodes(hostBytes)[0]).toBe(0x0c03);
    expect(lost).toEqual([]);
    await pass(12_500);
    expect(lost).toMatchObject([{ code: 'radio-still-silent' }]);
    await pass(1_000);
    expect(status()?.state).toBe('silent');
    controller.hear(advert(2));
    await settle();
    expect(frames).toHaveLength(2);
    expect(status()?.state).toBe('open');
    expect(warnings).toHaveLength(2);
  });

  test('mute, so that even its reset is not answered: opened anew at once', async () => {
    const { start, controller, pass, lost, frames } = stage({ silenceSeconds: 10 });
    await start();
    controller.hear(advert(1));
    await settle();
    controller.mute();
    await pass(14_500);
    expect(lost).toMatchObject([{ code: 'controller-mute', en: expect.stringContaining('0x0c03') }]);
    // Opening it anew was a power cycle.
    await pass(1_000);
    controller.hear(advert(2));
    await settle();
    expect(frames).toHaveLength(2);
  });

  test('a long silence is told once, and resets and openings take turns', async () => {
    const { start, controller, pass, warnings, lost, status } = stage({ silenceSeconds: 10 });
    await start();
    controller.hear(advert(1));
    await settle();
    await pass(200_000);
    expect(warnings).toHaveLength(2);
    expect(lost.length).toBeGreaterThan(3);
    expect(status()?.counters.controllerResets).toBeGreaterThanOrEqual(lost.length);
  });

  test('one that resets itself scans again within the same turn', async () => {
    const { start, controller, frames, status } = stage();
    await start();
    controller.hear(advert(1));
    await settle();
    controller.restart();
    expect(controller.isScanning).toBe(false);
    await settle();
    expect(controller.isScanning).toBe(true);
    controller.hear(advert(2));
    await settle();
    expect(frames).toHaveLength(2);
    expect(status()).toMatchObject({
      lastTrouble: { code: 'controller-reset' },
      counters: { controllerResets: 1, lost: 0 },
    });
  });

  test('one that does nothing but reset itself is given pauses', async () => {
    const { start, controller, lost, pass } = stage();
    await start();
    controller.hear(advert(1));
    await settle();
    controller.restart();
    await settle();
    controller.restart();
    await settle();
    expect(lost).toMatchObject([{ code: 'controller-reset' }]);
    await pass(1_000);
    expect(controller.isScanning).toBe(true);
  });

  test('a hardware error: reset', async () => {
    const { start, controller, hostBytes, wire, status } = stage();
    await start();
    controller.hear(advert(1));
    await settle();
    hostBytes.length = 0;
    wire(hardwareError(4));
    await settle();
    expect(opcodes(hostBytes)).toEqual([0x0c03, 0x0c01, 0x2001, 0x2003, 0x2041, 0x2042]);
    expect(status()?.lastTrouble?.code).toBe('hardware-error');
  });

  test('after it was stopped nothing is told, heard or tried', async () => {
    const { source, start, controller, frames, wire, pass, hostBytes, lost } = stage();
    await start();
    await source.stop();
    hostBytes.length = 0;
    wire(legacyReport(advert(1)));
    controller.hear(advert(2));
    await pass(60_000);
    expect(frames).toEqual([]);
    expect(hostBytes).toEqual([]);
    expect(lost).toEqual([]);
    expect(source.status?.().state).toBe('stopped');
  });
});
