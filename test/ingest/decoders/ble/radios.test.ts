import { describe, expect, test } from 'vitest';
import { createMemories } from '../../../../ingest/decoders/memories.ts';
import type { Decoded } from '../../../../ingest/model/sample.ts';
import { ARRIVED_MS, codesOf, startSession } from '../decoding.ts';
import { bthome, hallOf, MAC, serviceAdvert } from './radio.ts';

const RECEIVERS = ['a', 'b', 'c'] as const;

const packet = (id: number, objects = '02ca09'): string => bthome(`4000${id.toString(16).padStart(2, '0')}${objects}`);

const pressesIn = (decoded: readonly Decoded[]): (string | undefined)[] =>
  decoded.flatMap(({ occurrences }) => occurrences.map(({ id }) => id));

const samplesIn = (decoded: readonly Decoded[]): number =>
  decoded.reduce((sum, { samples }) => sum + samples.length, 0);

describe('one badge, three radios', () => {
  test('a packet is one sample and one press, and heard by each', () => {
    const { hear } = hallOf();
    const heard = [0, 0.3, 1, 4].flatMap((at) =>
      RECEIVERS.map((receiver) => hear(receiver, packet(7, '02ca093a04'), at)),
    );
    expect([samplesIn(heard), pressesIn(heard)]).toEqual([1, ['7']]);
    expect(heard.every(({ hearings }) => hearings?.[0]?.device === MAC)).toBe(true);
    expect(heard.slice(0, 3).map(({ hearings }) => hearings?.[0]?.receiver)).toEqual(['a', 'b', 'c']);
  });

  test('all packets of a wrap come through once, and a press has another name in the next round', () => {
    const { hear } = hallOf();
    const heard: Decoded[] = [];
    for (let packetId = 0; packetId < 600; packetId += 1) {
      const digits = packet(packetId % 256, packetId % 256 === 7 ? '3a04' : '02ca09');
      for (const receiver of RECEIVERS) heard.push(hear(receiver, digits, packetId));
    }
    expect(samplesIn(heard)).toBe(600);
    expect(pressesIn(heard)).toEqual(['7', '1.7', '2.7']);
  });

  test('a reboot: the same number with other content is another packet', () => {
    const { hear } = hallOf();
    hear('a', packet(5, '3a04'));
    hear('a', packet(6));
    const heard = [
      hear('b', packet(0), 4),
      hear('b', packet(5, '3a0402ca09'), 5),
      hear('c', packet(5, '3a0402ca09'), 5),
    ];
    expect(pressesIn(heard)).toEqual(['1.5']);
  });

  test('a reboot between two presses with the very same bytes: after a minute of quiet it is a new call', () => {
    const { hear } = hallOf();
    const heard = [0, 1, 59, 118, 179].map((at) => hear('a', packet(1, '3a04'), at));
    expect(pressesIn(heard)).toEqual(['1', '1.1']);
  });

  test('a device that repeats one packet for long proves that it lives, and presses nothing', () => {
    const { hear } = hallOf();
    const heard = Array.from({ length: 100 }, (_, at) => hear('a', packet(9, '02ca093a01'), at));
    expect([samplesIn(heard), pressesIn(heard)]).toEqual([4, ['9']]);
  });

  test('a packet that was overtaken: its press counts, its values are past', () => {
    const { hear } = hallOf();
    hear('a', packet(10));
    hear('a', packet(12), 1);
    const late = hear('slow', packet(11, '02ca093a04'), 2);
    expect([late.samples, pressesIn([late])]).toEqual([[], ['11']]);
    expect(hear('slow', packet(10), 2).samples).toEqual([]);
  });

  test('without a packet id a burst is one press until ten seconds of quiet; another event is another press', () => {
    const { hear } = hallOf();
    const burst = [0, 1, 5, 9.9, 12, 18].flatMap((at) =>
      RECEIVERS.map((receiver) => hear(receiver, bthome('403a04'), at)),
    );
    expect(burst.flatMap(({ occurrences }) => occurrences)).toHaveLength(1);
    expect(hear('a', bthome('403a01'), 19).occurrences).toHaveLength(1);
    expect(hear('a', bthome('403a04'), 28).occurrences).toHaveLength(1);
    expect(hear('a', bthome('403a00'), 60).occurrences).toEqual([]);
  });

  test('without any counter the same content from another radio is the same transmission', () => {
    const { hear } = hallOf();
    const minew = serviceAdvert('ffe1', 'a10364ff8000000080aabbccddeeff');
    const heard = [0, 1, 2, 3].flatMap((at) => RECEIVERS.map((receiver) => hear(receiver, minew, at)));
    expect(samplesIn(heard)).toBe(4);
  });

  test('our radio and gateways that decode themselves agree on the packet', () => {
    const { hear, badges } = hallOf();
    const { decode } = startSession(badges);
    const heard = [
      hear('hci0', packet(17, '01643a04')),
      decode('home/gw/BTtoMQTT/A4C1388D18B2', { id: MAC, packet: 17, batt: 100, button: 9, rssi: -70 }),
      decode('shelly-blu/events/a4:c1:38:8d:18:b2', { pid: 17, battery: 100, button: 4, rssi: -80 }),
    ];
    expect([samplesIn(heard), pressesIn(heard)]).toEqual([1, ['17']]);
    expect(heard.flatMap(({ hearings }) => hearings?.map((each) => [each.receiver, each.rssiDbm]))).toEqual([
      ['hci0', -60],
      ['theengs:gw', -70],
      ['shelly-blu:test', -80],
    ]);
  });

  test('a restart forgets nothing that was saved, and mends what was saved wrongly', () => {
    const before = hallOf();
    before.hear('a', packet(7, '3a04'));
    const after = createMemories();
    after.restore(JSON.parse(JSON.stringify(before.memories.save())));
    expect(hallOf({}, [MAC], after).hear('b', packet(7, '3a04'), 5).occurrences).toEqual([]);
    for (const broken of [{}, { packets: 7 }, { packets: { bthome: {} } }, { ...JSON.parse('{"plain":{}}') }]) {
      const mended = createMemories();
      mended.restore([[`ble:${MAC}`, broken]]);
      const { hear } = hallOf({}, [MAC], mended);
      expect([hear('a', packet(1)), hear('b', packet(1))].map(({ samples }) => samples.length)).toEqual([1, 0]);
    }
  });
});

describe('strangers', () => {
  test('a million of them leave no trace in memory', () => {
    const { hear, memories } = hallOf();
    for (let at = 0; at < 20_000; at += 1) {
      const mac = `00:00:00:00:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`;
      hear('a', packet(at & 255), 0, mac.toUpperCase());
    }
    expect(memories.size).toBe(0);
  });

  test.each([
    ['an iBeacon', '0201061aff4c0002154142434445464748494041424344454600010002f8'],
    ['an Eddystone-EID', serviceAdvert('feaa', '30e80102030405060708')],
    ['a telephone', '02011a0cff4c001007331f2b3c4d5e6f'],
    ['half an advert', '02'],
    ['another Ruuvi format', '05ff99040800'],
    ['a Minew frame of another kind', serviceAdvert('ffe1', 'a177640000')],
  ])('%s of one is heard, and nothing more', (_, digits) => {
    const decoded = hallOf({}, []).hear('a', digits);
    expect(decoded).toMatchObject({ samples: [], occurrences: [], hearings: [{ device: MAC }], failures: [] });
  });

  test('thermometers of strangers are offered, with what is wrong left out', () => {
    const { samples, failures } = hallOf({}, []).hear('a', bthome('4001c802ca09'));
    expect([samples[0]?.metrics, failures]).toEqual([{ temperatureCelsius: 25.06, rssiDbm: -60 }, []]);
  });
});

describe('a Minew button', () => {
  const rest = serviceAdvert('ffe1', 'a10364ff8000000080aabbccddeeff');
  const beacon = '0201061aff4c0002154142434445464748494041424344454600010002f8';

  test('is pressed when its iBeacon comes up after a minute of ordinary frames', () => {
    const { hear } = hallOf();
    for (let at = 0; at <= 70; at += 5) hear('a', rest, at);
    const heard = [71, 71.2, 72, 100].flatMap((at) => RECEIVERS.map((receiver) => hear(receiver, beacon, at)));
    const presses = heard.flatMap(({ occurrences }) => occurrences.filter(({ kind }) => kind === 'button'));
    expect(presses.map(({ attributes }) => attributes.press)).toEqual(['trigger']);
  });

  test('is not pressed where it was not heard at rest for long, or often, enough', () => {
    const pressed = (times: readonly number[], at: number): number => {
      const { hear } = hallOf();
      for (const each of times) hear('a', rest, each);
      return hear('a', beacon, at).occurrences.filter(({ kind }) => kind === 'button').length;
    };
    const dense = Array.from({ length: 50 }, (_, at) => at);
    expect([pressed(dense, 50), pressed([0, 30, 300], 301), pressed([...dense, 60], 61)]).toEqual([0, 0, 1]);
  });

  test('whose iBeacon is always on is never pressed', () => {
    const { hear } = hallOf();
    const heard = Array.from({ length: 400 }, (_, at) => hear('a', at % 8 === 0 ? beacon : rest, at));
    expect(heard.flatMap(({ occurrences }) => occurrences.filter(({ kind }) => kind === 'button'))).toEqual([]);
  });
});

test('a press is stamped by our clock: that of a badge may never have been set', () => {
  // 0x50, a timestamp of 2001.
  const { samples, occurrences } = hallOf().hear('a', bthome('4000013a0450809a4f3a02ca09'));
  expect([samples[0]?.timeFrom, occurrences[0]?.timeFrom, occurrences[0]?.timeMs]).toEqual([
    'device',
    'arrival',
    ARRIVED_MS,
  ]);
});

test('a badge is heard even where it says nothing that we know', () => {
  const decoded = hallOf().hear('a', '020106');
  expect([codesOf(decoded), decoded.hearings?.length]).toEqual([[], 1]);
});
