import { createDecipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { manufacturerAdvert, serviceDataAdvert } from '../../firmware-sim/bluetooth/advertising.ts';
import { createAir, type Place, receivedDbm } from '../../firmware-sim/bluetooth/air.ts';
import { createAttServer } from '../../firmware-sim/bluetooth/att.ts';
import { bthomeObjects, bthomeServiceData } from '../../firmware-sim/bluetooth/bthome.ts';
import { type Controller, createController } from '../../firmware-sim/bluetooth/controller.ts';
import { ruuvi5Data } from '../../firmware-sim/bluetooth/ruuvi5.ts';
import { seededRandom } from '../../firmware-sim/random.ts';
import { flag, numeric } from '../../firmware-sim/senml.ts';
import { addressOfId, bleEmit, bleTransport } from '../../firmware-sim/transports/ble.ts';
import { fakeClock } from './stage/fake-clock.ts';

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const MAC = '54:48:E6:8F:80:A5';

describe('BTHome v2', () => {
  // bthome.io/encryption: the example with this key, address and counter.
  test('the encrypted example of the specification, byte for byte', () => {
    const objects = Buffer.from('02ca0903bf13', 'hex');
    const key = Buffer.from('231d39c1d7cc1ab1aee224cd096db932', 'hex');
    const sealed = bthomeServiceData(objects, { key, address: MAC, counter: 0x33221100 });
    expect(hex(sealed)).toBe('d2fc41a47266c95f730011223378237214');
  });

  test('a report of a badge: packet id first, ids in order, the axes in theirs', () => {
    const records = [
      numeric('seq', 'count', 300, 0),
      numeric('acceleration/x', 'm/s2', -3.123456, 6),
      numeric('acceleration/y', 'm/s2', 0, 3),
      numeric('acceleration/z', 'm/s2', 9.8, 3),
      numeric('battery', '%EL', 91.6, 1),
      flag('onDuty', true),
    ];
    expect(hex(bthomeObjects(records, 300, 64))).toBe('002c' + '015c' + '630057d0ff' + '6300000000' + '6340899500');
  });

  test('a held button is a call for help; a released one says nothing', () => {
    expect(hex(bthomeObjects([flag('sos', true)], 1, 64))).toBe('00013a04');
    expect(bthomeObjects([flag('sos', false)], 1, 64)).toBeUndefined();
    expect(hex(bthomeObjects([flag('cancel', true)], 2, 64))).toBe('00023a02');
  });

  test('what does not fit into a legacy advert leaves the battery to other adverts', () => {
    const axes = ['x', 'y', 'z'].map((axis) => numeric(`acceleration/${axis}`, 'm/s2', 1, 3));
    const records = [...axes, numeric('battery', '%EL', 50, 0)];
    expect(bthomeObjects(records, 1, 18)?.length).toBe(2 + 15);
    expect(hex(bthomeObjects(records, 8, 18))).toBe('00080132');
  });
});

describe('Ruuvi format 5', () => {
  test('what a tag measures stands in its place; what it does not measure is "not available"', () => {
    const records = [
      numeric('temperature', 'Cel', 24.3, 2),
      numeric('acceleration/x', 'm/s2', 0.004 * 9.80665, 6),
      numeric('acceleration/z', 'm/s2', 1.036 * 9.80665, 6),
      numeric('battery', '%EL', 97.7, 1),
      numeric('movements', 'count', 66, 0),
    ];
    const data = ruuvi5Data(records, 'CB:B8:33:4C:88:4F', 205) ?? Buffer.alloc(0);
    // ruuvi/docs, data-format-5-rawv2: its valid example, with what this tag does not measure left out.
    expect(hex(data)).toBe('9904' + '0512fcffffffff00048000040cac364200cdcbb8334c884f');
    expect(manufacturerAdvert(data)).toHaveLength(31);
  });

  test('a press has no place in it', () => {
    expect(ruuvi5Data([flag('sos', true)], MAC, 1)).toBeUndefined();
  });
});

/** A controller that scans, and what it reports. */
const scanning = (isExtended = true) => {
  const reports: Buffer[] = [];
  const controller = createController({
    address: '00:1A:7D:00:00:01',
    isExtended,
    write: (bytes) => reports.push(Buffer.from(bytes)),
    reach: () => undefined,
  });
  const say = (text: string): void => controller.receive(Buffer.from(text, 'hex'));
  const listen = (): void => {
    say('01010c08' + '0080000000000020');
    say('01012008' + '0210000000000000');
    say(
      isExtended
        ? '01412008' + '0000010010001000' + '01422006' + '010000000000'
        : '010b2007' + '00100010000000' + '010c2002' + '0100',
    );
    reports.length = 0;
  };
  return { controller, say, listen, reports };
};

describe('the controller', () => {
  test('says nothing before it scans, and after a reset', () => {
    const { controller, listen, say, reports } = scanning();
    const heard = {
      address: MAC,
      addressType: 'random',
      isConnectable: false,
      data: Buffer.of(2, 1, 6),
      rssiDbm: -50,
    } as const;
    controller.powerCycle();
    controller.hear(heard);
    expect(reports).toEqual([]);
    listen();
    controller.hear(heard);
    expect(reports).toHaveLength(1);
    say('01030c00');
    expect(hex(reports[1])).toBe('040e0401030c00');
    controller.hear(heard);
    expect(reports).toHaveLength(2);
  });

  test('refuses what it does not know, and to mix the two kinds of scan commands', () => {
    const old = scanning(false);
    old.say('01412008' + '0000010010001000');
    expect(hex(old.reports[0])).toBe('040f0401014120');
    const { say, listen, reports } = scanning();
    listen();
    say('010b2007' + '00100010000000');
    expect(hex(reports[0])).toBe('040e04010b200c');
  });

  test('an old controller does not hear long adverts', () => {
    const long = {
      address: MAC,
      addressType: 'random',
      isConnectable: false,
      data: Buffer.alloc(40),
      rssiDbm: -50,
    } as const;
    const [old, modern] = [scanning(false), scanning(true)];
    for (const { listen, controller } of [old, modern]) {
      listen();
      controller.hear(long);
    }
    expect([old.reports.length, modern.reports.length]).toEqual([0, 1]);
  });
});

describe('the attribute server', () => {
  test('lists services and characteristics, takes values, and names what is not there', () => {
    const written: number[][] = [];
    const ask = createAttServer([
      {
        uuid: '1802',
        characteristics: [{ uuid: '2a06', properties: 4, onWrite: (value) => written.push([...value]) }],
      },
    ]);
    const answer = (request: string): string => hex(ask(Buffer.from(request, 'hex')));
    // Core Specification 5.4, vol 3, part F, sections 3.4.4.9, 3.4.4.1, 3.4.5.1 and 3.4.5.3.
    expect(answer('100100ffff0028')).toBe('1106' + '01000300' + '0218');
    expect(answer('100400ffff0028')).toBe('0110' + '0400' + '0a');
    expect(answer('08010003000328')).toBe('0907' + '0200' + '04' + '0300' + '062a');
    expect(answer('12030002')).toBe('13');
    expect(answer('52030001')).toBe('');
    expect(answer('12090001')).toBe('0112' + '0900' + '01');
    expect(written).toEqual([[2], [1]]);
  });
});

describe('the air', () => {
  const hear = (place: Place, seed: number, lossFraction = 0) => {
    const air = createAir({ pathLossExponent: 2.8, shadowingDb: 4 });
    const heard: number[] = [];
    const controller: Controller = { ...scanning().controller, hear: ({ rssiDbm }) => heard.push(rssiDbm) };
    air.add(controller, { place, lossFraction, duplicateFraction: 0, random: seededRandom(seed, 'antenna') });
    const advertiser = {
      address: MAC,
      addressType: 'random',
      isConnectable: true,
      txPowerDbm: 0,
      place: (): Place => [0, 0],
      answers: () => undefined,
    } as const;
    for (let count = 0; count < 1_000; count += 1) air.radiate(advertiser, Buffer.of(1));
    return heard;
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('loses 28 dB with every tenfold distance, and varies by bodies and walls', () => {
    expect(receivedDbm(0, [0, 0], [1, 0], 2.8)).toBe(-40);
    expect(receivedDbm(0, [0, 0], [10, 0], 2.8)).toBeCloseTo(-68);
    const near = hear([10, 0], 1);
    expect(near).toHaveLength(1_000);
    expect(mean(near)).toBeCloseTo(-68, 0);
    expect(Math.max(...near) - Math.min(...near)).toBeGreaterThan(15);
  });

  test('the same seed hears the same; far away nothing is heard; losses are lost', () => {
    expect(hear([5, 5], 7)).toEqual(hear([5, 5], 7));
    expect(hear([5, 5], 7)).not.toEqual(hear([5, 5], 8));
    expect(hear([2_000, 0], 1)).toEqual([]);
    expect(hear([1, 0], 1, 0.3).length / 1_000).toBeCloseTo(0.7, 1);
  });
});

describe('a badge that emits over Bluetooth LE', () => {
  const KEY = '231d39c1d7cc1ab1aee224cd096db932';

  const radiated = (fields: object = {}) => {
    const adverts: { readonly address: string; readonly data: string; readonly place: Place }[] = [];
    const clock = fakeClock();
    const air = {
      ...createAir({ pathLossExponent: 2, shadowingDb: 0 }),
      radiate: (from: { address: string; place(): Place }, data: Uint8Array) =>
        void adverts.push({ address: from.address, data: hex(data), place: from.place() }),
    };
    const transport = bleTransport({
      device: 'steward-1',
      emit: bleEmit.parse({ transport: 'ble', repeats: 1, ...fields }),
      air,
      heard: Promise.resolve(),
      clock,
      random: seededRandom(1, 'x'),
      onCommand: () => undefined,
      onReady: () => undefined,
      onProblem: () => undefined,
    });
    transport.open();
    const send = (seq: number, stampMs = 0): void =>
      transport.send(
        { device: 'steward-1', stampMs, records: [numeric('seq', 'count', seq, 0), numeric('battery', '%EL', 50, 0)] },
        false,
      );
    return { transport, adverts, send, clock };
  };

  test('has an address of its own, and repeats the same bytes', async () => {
    const { adverts, send, clock } = radiated({ repeats: 3 });
    send(1);
    await clock.run();
    expect(adverts).toHaveLength(3);
    expect(new Set(adverts.map(({ data }) => data)).size).toBe(1);
    expect(adverts[0]?.address).toBe(addressOfId('steward-1'));
    expect(Number.parseInt(addressOfId('steward-1').slice(0, 2), 16)).toBeGreaterThanOrEqual(0xc0);
  });

  test('packet ids wrap, and a reboot begins them again', () => {
    const { adverts, send, transport } = radiated();
    for (const seq of [255, 256, 257]) send(seq);
    transport.reboot?.();
    send(258);
    const ids = adverts.map(({ data }) => data.slice(18, 20));
    expect(ids).toEqual(['ff', '00', '01', '01']);
  });

  test('an encrypted one counts its messages, not its repeats', () => {
    const { adverts, send } = radiated({ keyHex: KEY, mac: MAC });
    for (const seq of [1, 1, 2]) send(seq);
    const opened = adverts.map(({ data }) => {
      const bytes = Buffer.from(data, 'hex').subarray(7);
      const [info, sealed, counter, mic] = [
        bytes.subarray(0, 1),
        bytes.subarray(1, -8),
        bytes.subarray(-8, -4),
        bytes.subarray(-4),
      ];
      const nonce = Buffer.concat([Buffer.from('5448e68f80a5d2fc', 'hex'), info, counter]);
      const decipher = createDecipheriv('aes-128-ccm', Buffer.from(KEY, 'hex'), nonce, { authTagLength: 4 });
      decipher.setAuthTag(mic);
      return `${counter.readUInt32LE(0)} ${hex(decipher.update(sealed))}`;
    });
    expect(opened).toEqual(['1 00010132', '1 00010132', '2 00020132']);
  });

  test('walks to another place in its own time', () => {
    const { adverts, send, transport } = radiated({ atM: [0, 0] });
    transport.go?.([10, 20], 10, 1_000);
    for (const stampMs of [1_000, 6_000, 60_000]) send(stampMs, stampMs);
    expect(adverts.map(({ place }) => place)).toEqual([
      [0, 0],
      [5, 10],
      [10, 20],
    ]);
  });

  test('one that is dead radiates nothing', () => {
    const { adverts, send, transport } = radiated();
    transport.cut();
    send(1);
    transport.open();
    send(2);
    expect(adverts).toHaveLength(1);
  });
});

test('service data stands in a structure of its own behind the flags', () => {
  expect(hex(serviceDataAdvert(Buffer.from('d2fc40', 'hex')))).toBe('020106' + '0416d2fc40');
});
