import { describe, expect, it } from 'vitest';
import { codesOf, decode, startSession } from '../decoding.ts';
import { bthome, encrypted, hallOf, hex, MAC } from './radio.ts';

const TOPIC = 'shelly-blu/events/5c:c7:c1:f2:e4:7c';
const DEVICE = '5C:C7:C1:F2:E4:7C';

/** As ALLTERCO/shelly-script-examples, ble-shelly-blu-mqtt.js publishes. */
const message = { encryption: false, BTHome_version: 2, pid: 6, battery: 70, rssi: -76, address: '5c:c7:c1:f2:e4:7c' };

describe('Shelly BLU by script', () => {
  it.each([
    [{ button: 1 }, [['single', 1, '6']]],
    [{ button: 254 }, [['hold', 1, '6']]],
    [
      { button: [0, 4, 1] },
      [
        ['long', 2, '6/2'],
        ['single', 3, '6/3'],
      ],
    ],
    [{ button: 0 }, []],
  ])('decodes the press %j', (extra, presses) => {
    const { samples, occurrences, failures } = decode(TOPIC, { ...message, ...extra });
    expect([failures, samples[0]?.device, samples[0]?.sequence]).toEqual([[], DEVICE, 6]);
    expect(occurrences.map(({ attributes, id }) => [attributes.press, attributes.button, id])).toEqual(presses);
  });

  it('decodes doors, motion and climate', () => {
    const { samples } = decode(TOPIC, {
      ...message,
      window: 0,
      illuminance: 13,
      rotation: 0,
      temperature: [17, 18.5],
      motion: 1,
    });
    expect(samples.map(({ channel, metrics }) => [channel, metrics])).toEqual([
      [
        '',
        {
          batteryPercent: 70,
          contactClosed: 1,
          illuminanceLux: 13,
          tiltDegrees: 0,
          temperatureCelsius: 17,
          motionDetected: 1,
          rssiDbm: -76,
        },
      ],
      ['2', { temperatureCelsius: 18.5 }],
    ]);
  });

  it('hears what the script cannot decrypt', () => {
    const decoded = decode(TOPIC, { ...message, encryption: true });
    expect([decoded.samples, decoded.hearings?.length]).toEqual([[], 1]);
  });

  it.each([
    ['shelly-blu/events/kitchen', message, 'wrong-device'],
    [TOPIC, '{', 'not-json'],
    [TOPIC, { button: 'long' }, 'wrong-type'],
    [TOPIC, { battery: 200 }, 'out-of-range'],
  ])('refuses %s %j', (topic, payload, code) => {
    expect(codesOf(decode(topic, payload))).toEqual([code]);
  });
});

const event = (name: string, data: unknown) => ({
  src: 'shellyplus1-aabbccddeeff',
  method: 'NotifyEvent',
  params: { ts: 1, events: [{ component: 'script:1', id: 1, event: name, data, ts: 1 }] },
});
const RPC = 'shellyplus1-aabbccddeeff/events/rpc';
const base64 = (digits: string): string => Buffer.from(hex(digits)).toString('base64');

describe('a Shelly as a Bluetooth gateway', () => {
  const press = bthome('40000701643a04');

  it.each([
    ['one advert (version 1)', [1, MAC, -60, base64(press), '']],
    ['a batch (version 2)', [2, [[MAC.toLowerCase(), -60, base64(press), '']]]],
    ['the advert in a scan response', [2, [[MAC, -60, base64('020106'), base64(press.slice(6))]]]],
  ])('passes on %s', (_, data) => {
    const { samples, occurrences, hearings, failures } = decode(RPC, event('ble.scan_result', data));
    expect([failures, samples[0]?.device, occurrences[0]?.attributes.press]).toEqual([[], MAC, 'long']);
    expect(hearings).toMatchObject([{ device: MAC, receiver: 'shelly:shellyplus1-aabbccddeeff', rssiDbm: -60 }]);
  });

  it('passes on encrypted ones for us to decrypt', () => {
    const key = '231d39c1d7cc1ab1aee224cd096db932';
    const { badges } = hallOf({ [MAC]: key });
    const data = [2, [[MAC, -60, base64(bthome(encrypted(key, MAC, 5, '02ca09'))), '']]];
    const { samples } = startSession(badges).decode(RPC, event('ble.scan_result', data));
    expect(samples[0]?.metrics.temperatureCelsius).toBe(25.06);
  });

  it('passes on what its script decoded', () => {
    const { occurrences } = decode(RPC, event('shelly-blu', { ...message, button: 3 }));
    expect(occurrences).toMatchObject([{ device: DEVICE, kind: 'button', id: '6', attributes: { press: 'triple' } }]);
  });

  it.each([
    ['ble.scan_result', 7],
    ['ble.scan_result', [2, [['kitchen', -60, '', '']]]],
    ['ble.scan_result', [1]],
    ['shelly-blu', { button: 1 }],
    ['shelly-blu', []],
  ])('refuses %s %j', (name, data) => {
    const decoded = decode(RPC, event(name, data));
    expect([codesOf(decoded), decoded.samples, decoded.occurrences]).toEqual([['wrong-shape'], [], []]);
  });
});
