import { describe, expect, test } from 'vitest';
import { badgeMacs } from '../../../gateway/config/badge-macs.ts';
import { badgeRadioOptions, bleOptions } from '../../../gateway/config/ble-options.ts';
import { configOf, problemsOf } from './fixture.ts';

const sourceOf = (fields: string) => {
  const [source] = configOf(`sources: [ { kind: ble${fields === '' ? '' : `, ${fields}`} } ]`).sources;
  if (source?.kind !== 'ble') throw new Error('no ble source');
  return source;
};

const briefly = (...lines: string[]): string[] => problemsOf(...lines).map(({ code, path }) => `${code} ${path}`);

describe('ble in venue.yaml', () => {
  test('needs nothing but its kind: the first adapter, always listening', () => {
    expect(bleOptions(sourceOf(''), Date.now)).toMatchObject({
      id: 'ble',
      where: 'hci0',
      rhythm: { intervalMs: 100, windowMs: 100 },
      silenceSeconds: 60,
    });
    expect(badgeRadioOptions(sourceOf(''))).toBeUndefined();
  });

  test('a controller on a serial port', () => {
    const source = sourceOf('id: hall, uart: { path: /dev/ttyACM0 }');
    expect(source.uart).toEqual({ path: '/dev/ttyACM0', baudRate: 1_000_000, rtscts: true });
    expect(bleOptions(source, Date.now).where).toBe('/dev/ttyACM0');
  });

  test('a second controller connects; UUIDs as people write them', () => {
    const source = sourceOf(
      'connectAdapter: hci1, led: { service: 00001523-1212-EFDE-1523-785FEABCD123, characteristic: "2A06" }',
    );
    expect(badgeRadioOptions(source)).toMatchObject({
      buzz: { service: '1802', characteristic: '2a06' },
      led: { service: '000015231212efde1523785feabcd123', characteristic: '2a06' },
    });
  });

  test.each([
    ['adapter: usb0', 'adapter'],
    ['adapter: hci0, uart: { path: /dev/ttyACM0 }', 'uart'],
    ['connectAdapter: hci0', 'connectAdapter'],
    ['uart: { path: /dev/ttyACM0 }, connectAdapter: { path: /dev/ttyACM0 }', 'connectAdapter'],
    ['scan: { intervalMs: 100, windowMs: 200 }', 'scan.windowMs'],
    ['buzz: { service: "18", characteristic: "2a06" }', 'buzz.service'],
    ['silenceSeconds: 0', 'silenceSeconds'],
  ])('%s is refused', (fields, path) => {
    expect(briefly(`sources: [ { kind: ble, ${fields} } ]`)).toEqual([
      expect.stringMatching(` sources\\[0\\]\\.${path}$`),
    ]);
  });
});

describe('the badges that Bluetooth LE reaches', () => {
  test('are those with a MAC address among their addresses', () => {
    const config = configOf(
      'roles: { guard: {} }',
      'badges:',
      '  mqtt-only: { role: guard }',
      '  tag: { role: guard, address: [ "senml:tag", "ruuvi-gateway:CB:B8:33:4C:88:4F" ] }',
    );
    expect([...badgeMacs(config)]).toEqual([['tag', 'CB:B8:33:4C:88:4F']]);
  });
});
