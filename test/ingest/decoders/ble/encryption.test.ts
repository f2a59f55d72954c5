import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../../ingest/model/sample.ts';
import { codesOf, startSession } from '../decoding.ts';
import { bthome, encrypted, hallOf, MAC } from './radio.ts';

const KEY = '231d39c1d7cc1ab1aee224cd096db932';
const OTHER_KEY = '814aac74c4f17b6c1581e1ab87816b99';
const OTHER_MAC = 'A4:C1:38:8D:18:B3';

const celsius = (decoded: Decoded): number | undefined => decoded.samples[0]?.metrics.temperatureCelsius;
const packet = (counter: number, objects = '02ca09'): string => bthome(encrypted(KEY, MAC, counter, objects));
const hall = () => hallOf({ [MAC]: KEY });

describe('encrypted BTHome', () => {
  test('is read with the key of the badge, with and without the MAC address in it', () => {
    expect(celsius(hall().hear('a', packet(1)))).toBe(25.06);
    const [info, ...rest] =
      [encrypted(KEY, MAC, 2, '02ca09', 0x43)].map((text) => [text.slice(0, 2), text.slice(2)])[0] ?? [];
    expect(celsius(hall().hear('a', bthome(`${info}b2188d38c1a4${rest.join('')}`)))).toBe(25.06);
  });

  test.each([
    ['of another key', bthome(encrypted(OTHER_KEY, MAC, 1, '02ca09')), 'bad-signature'],
    ['of another badge with its own key', bthome(encrypted(OTHER_KEY, OTHER_MAC, 1, '02ca09')), 'bad-signature'],
    ['of another badge with the same key', bthome(encrypted(KEY, OTHER_MAC, 1, '02ca09')), 'bad-signature'],
    ['with a bit changed', packet(1).replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), 'bad-signature'],
    ['too short', bthome('4100112233'), 'wrong-length'],
  ])('%s is refused, and nobody was heard', (_, digits, code) => {
    const decoded = hall().hear('a', digits);
    expect([codesOf(decoded), decoded.samples, decoded.occurrences, decoded.hearings]).toEqual([
      [code],
      [],
      [],
      undefined,
    ]);
  });

  test('a recorded packet is not believed again, however late', () => {
    const { hear } = hall();
    const sos = packet(500, '3a04');
    expect(hear('a', sos).occurrences).toHaveLength(1);
    for (let counter = 501; counter < 540; counter += 1)
      expect(celsius(hear('a', packet(counter), counter - 500))).toBe(25.06);
    const again = hear('a', sos, 3600);
    expect([codesOf(again), again.occurrences, again.hearings]).toEqual([['replayed'], [], undefined]);
    expect(codesOf(hear('a', packet(510), 3601))).toEqual(['replayed']);
    expect(celsius(hear('a', packet(540), 3602))).toBe(25.06);
  });

  test('a counter that does not rise is not believed: neither equal nor lower', () => {
    const { hear } = hall();
    hear('a', packet(1000));
    expect(codesOf(hear('a', packet(1000, '020000'), 1))).toEqual(['replayed']);
    expect(codesOf(hear('a', packet(998, '020000'), 1))).toEqual(['replayed']);
    expect(codesOf(hear('a', packet(900, '3a01'), 1))).toEqual(['replayed']);
  });

  test('after a new battery the counter begins anew: that is believed, the recordings of its first life are not', () => {
    const { hear } = hall();
    const old = packet(7, '020000');
    hear('a', old);
    hear('a', packet(5000), 60);
    expect(celsius(hear('a', packet(3), 120))).toBe(25.06);
    expect(celsius(hear('a', packet(4), 121))).toBe(25.06);
    expect(codesOf(hear('a', old, 200))).toEqual(['replayed']);
    expect(celsius(hear('a', packet(0xffffffff), 300))).toBe(25.06);
    expect(celsius(hear('a', packet(0), 301))).toBe(25.06);
  });

  test('the same packet heard by three radios is one sample and three hearings', () => {
    const { hear } = hall();
    const heard = ['a', 'b', 'c'].map((receiver) => hear(receiver, packet(9)));
    expect(heard.map(({ samples }) => samples.length)).toEqual([1, 0, 0]);
    expect(heard.flatMap(({ hearings }) => hearings?.map(({ receiver }) => receiver))).toEqual(['a', 'b', 'c']);
  });

  test('packets with the same content, each heard by another radio, are all believed: their counters rise', () => {
    const { hear } = hall();
    const heard = ['a', 'b', 'c'].map((receiver, at) => hear(receiver, packet(9 + at), at));
    expect(heard.map(({ samples }) => samples.length)).toEqual([1, 1, 1]);
  });

  test('a press that a slow gateway brings after newer packets still counts, its values do not', () => {
    const { hear } = hall();
    hear('a', packet(1000));
    hear('a', packet(1002), 1);
    const late = hear('slow', packet(1001, '02ca093a04'), 2);
    expect([late.samples, late.occurrences.map(({ kind }) => kind)]).toEqual([[], ['button']]);
    expect(hear('slower', packet(1001, '02ca093a04'), 3).occurrences).toEqual([]);
  });
});

describe('a badge with a key', () => {
  test.each([
    ['BTHome', bthome('403a04')],
    ['Ruuvi', '1bff99040512fc5394c37c0004fffc040cac364200cdcbb8334c884f'],
    ['an iBeacon', '0201061aff4c0002154142434445464748494041424344454600010002f8'],
    ['Eddystone', '0201060303aafe1116aafe2000138815000000000100000001'],
  ])('is not believed in plain %s', (_, digits) => {
    const decoded = hall().hear('a', digits);
    expect([codesOf(decoded), decoded.samples, decoded.occurrences, decoded.hearings]).toEqual([
      ['unencrypted'],
      [],
      [],
      undefined,
    ]);
  });

  test.each([
    ['home/gw/BTtoMQTT/A4C1388D18B2', { tempc: 20, rssi: -60 }],
    ['home/gw/BTtoMQTT/A4C1388D18B2', { servicedatauuid: 'fcd2', servicedata: '403a04' }],
    ['shelly-blu/events/a4:c1:38:8d:18:b2', { pid: 3, button: 4 }],
    ['ruuvi/C8:25:2D:8E:9C:2C/A4:C1:38:8D:18:B2', { temperature: 20, accelX: 0 }],
  ])('nor in what others decoded: %s', (topic, message) => {
    const decoded = startSession(hall().badges).decode(topic, message);
    expect([codesOf(decoded), decoded.samples, decoded.occurrences]).toEqual([['unencrypted'], [], []]);
  });

  test('is heard through any gateway that passes its adverts on as they are', () => {
    const { decode } = startSession(hall().badges);
    const servicedata = encrypted(KEY, MAC, 12, '02ca09');
    const undecoded = decode('home/gw/BTtoMQTT/undecoded', {
      id: MAC,
      rssi: -70,
      servicedatauuid: '0xfcd2',
      servicedata,
    });
    expect(celsius(undecoded)).toBe(25.06);
    const data = bthome(encrypted(KEY, MAC, 13, '02cb09'));
    expect(celsius(decode(`ruuvi/C8:25:2D:8E:9C:2C/${MAC}`, { rssi: -50, data }))).toBe(25.07);
  });
});

test('without a key an encrypted advert of a badge says so, and a stranger’s is only offered for registration', () => {
  const decoded = hallOf().hear('a', packet(1));
  expect([codesOf(decoded), decoded.samples, decoded.hearings?.length]).toEqual([['bad-signature'], [], 1]);
  const stranger = hallOf({}, []).hear('a', packet(1));
  expect([stranger.failures, stranger.samples[0]?.metrics]).toEqual([[], { rssiDbm: -60 }]);
});
