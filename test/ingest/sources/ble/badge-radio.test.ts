import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createAttServer } from '../../../../firmware-sim/bluetooth/att.ts';
import type { Peripheral } from '../../../../firmware-sim/bluetooth/controller.ts';
import { type BadgeRadio, badgeRadio } from '../../../../ingest/sources/ble/badge-radio.ts';
import { type CentralLink, centralLink } from '../../../../ingest/sources/ble/central/link.ts';
import type { WriteRequest, WriteResult } from '../../../../ingest/sources/ble/central/protocol.ts';
import { hasNoble } from '../../../noble.ts';
import { hasSocat } from '../../../pty.ts';
import { dongle } from './ptys.ts';

const PROGRAM = new URL('../../../../dist/ingest/sources/ble/central/main.js', import.meta.url).pathname;
const BUZZ = { service: '1802', characteristic: '2a06' };
const LED = { service: '000015231212efde1523785feabcd123', characteristic: '000015251212efde1523785feabcd123' };
const MAC = 'C1:02:03:04:05:06';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
});

interface Written {
  readonly what: string;
  readonly value: readonly number[];
}

const badge = (written: Written[], fields: Partial<Peripheral> = {}): Peripheral => ({
  address: MAC,
  addressType: 'random',
  server: createAttServer([
    {
      uuid: '1802',
      characteristics: [
        { uuid: '2a06', properties: 0x04, onWrite: (value) => written.push({ what: 'alert', value: [...value] }) },
      ],
    },
    {
      uuid: '00001523-1212-efde-1523-785feabcd123',
      characteristics: [
        {
          uuid: '00001525-1212-efde-1523-785feabcd123',
          properties: 0x08,
          onWrite: (value) => written.push({ what: 'led', value: [...value] }),
        },
      ],
    },
  ]),
  ...fields,
});

const radioTo = async (badges: readonly Peripheral[], isExtended: boolean) => {
  const asked: string[] = [];
  const { path, port, controller, stop } = await dongle({
    isExtended,
    reach: ({ address, addressType }) => {
      asked.push(`${address} ${addressType}`);
      return badges.find((one) => one.address === address && one.addressType === addressType);
    },
  });
  stops.push(stop);
  const link = centralLink({ program: PROGRAM, adapter: { kind: 'uart', path, baudRate: 1_000_000 } });
  const radio = badgeRadio({ link, buzz: BUZZ, led: LED });
  stops.push(radio.stop);
  return { radio, asked, path, port, controller };
};

describe.skipIf(!hasSocat || !hasNoble || !existsSync(PROGRAM))('noble, on the simulated controller', () => {
  test.each([true, false])('buzzes a badge and lights its lamp (Bluetooth 5: %s)', async (isExtended) => {
    const written: Written[] = [];
    const { radio } = await radioTo([badge(written)], isExtended);
    const results = await Promise.all([radio.buzz(MAC, 'high'), radio.led(MAC, true), radio.buzz(MAC, 'none')]);
    expect(results).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(written).toEqual([
      { what: 'alert', value: [2] },
      { what: 'led', value: [1] },
      { what: 'alert', value: [0] },
    ]);
    expect(radio.counters).toEqual({ written: 3, failed: 0, queueFull: 0 });
  });

  test('a badge whose address was bought is found by the other kind of address', async () => {
    const written: Written[] = [];
    const { radio, asked } = await radioTo([badge(written, { addressType: 'public' })], true);
    expect(await radio.buzz(MAC, 'mild')).toEqual({ ok: true });
    expect(asked).toEqual([`${MAC} random`, `${MAC} public`]);
    expect(written).toEqual([{ what: 'alert', value: [1] }]);
  });

  test('one without a buzzer is a value, and the next badge is reached', async () => {
    const written: Written[] = [];
    const other = 'C1:02:03:04:05:07';
    const dumb = badge([], { server: createAttServer([]) });
    const { radio } = await radioTo([dumb, badge(written, { address: other })], true);
    expect(await radio.buzz(MAC, 'high')).toMatchObject({ ok: false, code: 'not-offered' });
    expect(await radio.buzz(other, 'high')).toEqual({ ok: true });
    expect(written).toHaveLength(1);
  });

  test('malformed HCI ends the process that noble lives in, and nothing else; the command is given to a new one', async () => {
    const written: Written[] = [];
    const { radio, port } = await radioTo([badge(written)], true);
    expect(await radio.buzz(MAC, 'high')).toEqual({ ok: true });
    // A Command Complete without its parameters: noble reads beyond the end, and throws.
    port.write(Buffer.from('040e0100', 'hex'));
    expect(await radio.buzz(MAC, 'high')).toEqual({ ok: true });
    expect(written).toHaveLength(2);
  });

  test('a controller that is mute: no radio, said as a value', async () => {
    const { radio, controller } = await radioTo([], true);
    controller.mute();
    expect(await radio.buzz(MAC, 'high')).toMatchObject({ ok: false, code: 'no-radio' });
  }, 40_000);

  test('a controller that was pulled out and put in again after the gateway had got it ready', async () => {
    const written: Written[] = [];
    const { radio, port, controller } = await radioTo([badge(written)], true);
    radio.start();
    expect(await radio.buzz(MAC, 'high')).toEqual({ ok: true });
    port.happen({ do: 'unplug' });
    controller.powerCycle();
    port.happen({ do: 'replug' });
    await port.plug();
    expect(await radio.buzz(MAC, 'high')).toEqual({ ok: true });
    expect(written).toHaveLength(2);
  }, 40_000);

  test('no such port', async () => {
    const link = centralLink({
      program: PROGRAM,
      adapter: { kind: 'uart', path: join('/dev', 'there-is-no-such-port'), baudRate: 1_000_000 },
    });
    stops.push(link.stop);
    const result = await link.write({ id: 1, mac: MAC, ...BUZZ, value: Uint8Array.of(2) });
    expect(result).toMatchObject({
      ok: false,
      code: 'no-radio',
      detail: expect.stringContaining('there-is-no-such-port'),
    });
  });
});

describe('the queue', () => {
  /** Answers when it is told to. */
  const slowLink = () => {
    const asked: WriteRequest[] = [];
    const answers: ((result: WriteResult) => void)[] = [];
    const link: CentralLink = {
      start: () => undefined,
      write: (request) => {
        asked.push(request);
        return new Promise((resolve) => answers.push(resolve));
      },
      stop: async () => {
        for (const answer of answers) answer({ ok: false, code: 'lost', detail: 'stopped' });
      },
    };
    return { link, asked, answers };
  };
  const radioOn = (link: CentralLink): BadgeRadio => badgeRadio({ link, buzz: BUZZ, led: LED });

  test('one connection at a time, in order, and no more than 32 wait', async () => {
    const { link, asked, answers } = slowLink();
    const radio = radioOn(link);
    const results = Array.from({ length: 40 }, (_, index) => radio.buzz(`C0:00:00:00:00:${index + 10}`, 'high'));
    await Promise.resolve();
    expect(asked).toHaveLength(1);
    answers[0]?.({ ok: false, code: 'unreachable', detail: '' });
    expect(await results[0]).toMatchObject({ ok: false, code: 'unreachable' });
    await Promise.resolve();
    expect(asked.map(({ mac }) => mac)).toEqual(['C0:00:00:00:00:10', 'C0:00:00:00:00:11']);
    expect(await results[39]).toMatchObject({ ok: false, code: 'queue-full' });
    expect(radio.counters).toEqual({ written: 0, failed: 1, queueFull: 8 });
    await radio.stop();
    expect(await results[5]).toMatchObject({ ok: false, code: 'stopped' });
  });
});
