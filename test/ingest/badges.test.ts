import { expect, test } from 'vitest';
import { createIntake } from '../../ingest/intake.ts';
import { type Device, unregisteredDevice } from '../../ingest/model/device.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import type { Hearing, Occurrence, Sample } from '../../ingest/model/sample.ts';
import { bthome, encrypted, hex, MAC, radioFrame, serviceAdvert } from './decoders/ble/radio.ts';
import { ARRIVED_MS } from './decoders/decoding.ts';

const KEY = '231d39c1d7cc1ab1aee224cd096db932';
const LOCKED = 'A4:C1:38:8D:18:B3';

const badge: Device = {
  ...unregisteredDevice('b7'),
  registered: true,
  buttons: { long: 'sos', hold: 'sos', single: 'checkin', double: 'none' },
};
const button: Device = { ...unregisteredDevice('door'), registered: true };

const venue = () => {
  const samples: Sample[] = [];
  const occurrences: Occurrence[] = [];
  const hearings: (readonly [string, Hearing])[] = [];
  const byMac: Readonly<Record<string, Device>> = { [MAC]: badge, [LOCKED]: button };
  const intake = createIntake({
    venueId: 'hall',
    resolve: (_, name) => (Object.hasOwn(byMac, name) ? byMac[name] : undefined),
    isRegistered: () => false,
    bindKeys: new Map([['door', hex(KEY)]]),
    onSample: (sample) => samples.push(sample),
    onOccurrence: (occurrence) => occurrences.push(occurrence),
    onHearing: (device, hearing) => hearings.push([device?.id ?? '', hearing]),
  });
  const radiate = (source: string, digits: string, mac = MAC, atSeconds = 0): void =>
    intake.take(radioFrame(source, mac, hex(digits), ARRIVED_MS + atSeconds * 1000));
  const publish = (topic: string, message: object): void =>
    intake.take(mqttFrame('mqtt', topic, Buffer.from(JSON.stringify(message)), ARRIVED_MS));
  return { ...intake, radiate, publish, samples, occurrences, hearings };
};

test('one SOS on three radios, with duplicates and through a gateway, is one call and a hearing by each', () => {
  const { radiate, publish, occurrences, hearings } = venue();
  for (const at of [0, 1, 2]) {
    for (const source of ['hall-a', 'hall-b', 'hall-c']) radiate(source, bthome('4000073a04'), MAC, at);
  }
  publish('home/gw/BTtoMQTT/undecoded', { id: MAC, rssi: -70, servicedatauuid: 'fcd2', servicedata: '4000073a04' });
  expect(occurrences).toMatchObject([{ device: 'b7', kind: 'sos', id: '7', attributes: { press: 'long', button: 1 } }]);
  expect(hearings).toHaveLength(10);
  expect(hearings.map(([id, { receiver }]) => [id, receiver]).at(-1)).toEqual(['b7', 'theengs:gw']);
});

test('a press is what it means to its device', () => {
  const { radiate, occurrences } = venue();
  ['3a04', '3afe', '3a80', '3a01', '3a02', '3a03'].forEach((objects, packet) => {
    radiate('a', bthome(`40000${packet}${objects}`), MAC, packet);
  });
  radiate('a', bthome(encrypted(KEY, LOCKED, 1, '3a04')), LOCKED);
  expect(occurrences.map(({ device, kind }) => `${device} ${kind}`)).toEqual([
    'b7 sos',
    'b7 sos',
    'b7 sos',
    'b7 checkin',
    'b7 button',
    'b7 button',
    'door button',
  ]);
});

test('a stranger’s button is never a call, and his adverts fill no list', () => {
  const { radiate, counters, occurrences, rejected, discovered, memories } = venue();
  radiate('a', bthome('40013f3a04'), '00:11:22:33:44:55');
  for (let at = 0; at < 500; at += 1) {
    const mac = `7A:00:00:00:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`;
    radiate('a', '02011a0cff4c001007331f2b3c4d5e6f', mac.toUpperCase());
    radiate('a', '0201061aff4c0002154142434445464748494041424344454600010002f8', mac.toUpperCase());
    radiate('a', 'ffff', mac.toUpperCase());
  }
  expect([occurrences, rejected.list(), memories.size, counters.strangeAdverts]).toEqual([[], [], 0, 1500]);
  expect(discovered.list().map(({ address }) => address)).toEqual(['ble:00:11:22:33:44:55']);
});

test('what several radios hear is offered for registration once', () => {
  const { radiate, publish, discovered } = venue();
  radiate('a', serviceAdvert('ffe1', 'a10364ff8000000080aabbccddeeff'), 'AA:BB:CC:DD:EE:FF');
  publish('home/gw/BTtoMQTT/AABBCCDDEEFF', { rssi: -70, batt: 100 });
  publish('ruuvi/C8:25:2D:8E:9C:2C/aa:bb:cc:dd:ee:ff', { rssi: -70, temperature: 20 });
  expect(discovered.list().map(({ address, frames }) => [address, frames])).toEqual([['ble:AA:BB:CC:DD:EE:FF', 3]]);
});

test('a key never shows in what is kept of a forged advert', () => {
  const { radiate, rejected, samples } = venue();
  radiate('a', bthome('4002ca09'), LOCKED);
  radiate('a', bthome(encrypted('814aac74c4f17b6c1581e1ab87816b99', LOCKED, 1, '02ca09')), LOCKED);
  expect(rejected.list().map(({ code }) => code)).toEqual(['bad-signature', 'unencrypted']);
  expect([samples, JSON.stringify(rejected.list()).includes(KEY)]).toEqual([[], false]);
});
