import { describe, expect, test } from 'vitest';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { configOf, SECRET } from './fixture.ts';

const registry = buildRegistry(
  configOf(
    'zones: { floor: { name: { zh: 主厅, en: Floor }, areaM2: 600, use: standing, within: all }, all: {} }',
    'profiles: { climate: { reports: { everySeconds: 5 } }, slow: { reports: { onChange: true, aliveBy: { heartbeatSeconds: 60 } } } }',
    'devices:',
    '  gate-a: { profile: people-counter, zone: floor, fromZone: all }',
    `  power: { profile: current-clamp, ratedAmps: 32, secretSha256: ${SECRET.toUpperCase()} }`,
    '  phases: { profile: plug, ratedAmps: { a: 16, b: 20 }, address: ["shelly:em-1", "tasmota:pow1"] }',
    '  temp: { profile: climate, name: { zh: 温度, en: Temperature } }',
    '  cam: { profile: camera }',
    '  cam2: { profile: camera, reports: { everySeconds: 2 } }',
    '  trk: { profile: tracker }',
    'badges:',
    `  B-7: { role: guard, wearer: W. Li, upright: [0, 1, 0], secretSha256: ${SECRET} }`,
    'clients:',
    `  bridge: { secretSha256: ${SECRET}, publish: ["zigbee2mqtt/#"], limits: { publishesPerSecond: 2000 } }`,
    `  phone: { secretSha256: ${SECRET}, role: guard }`,
  ),
);
const { devices, zones } = registry.venue;

describe('buildRegistry', () => {
  test('devices with their built-in, overridden or own way of reporting', () => {
    const reports = (id: string) => devices.get(id)?.reports;
    expect(reports('gate-a')).toEqual({ everySeconds: 10 });
    expect(reports('power')).toEqual({ everySeconds: 10 });
    expect(reports('phases')).toEqual({ everySeconds: 300 });
    expect(reports('temp')).toEqual({ everySeconds: 5 });
    expect(reports('cam')).toEqual({ onChange: true, aliveBy: { device: 'frigate' } });
    expect(reports('cam2')).toEqual({ everySeconds: 2 });
    expect(reports('trk')).toEqual({ everySeconds: 300 });
    expect(reports('B-7')).toEqual({ everySeconds: 30 });
  });

  test('what rules know of a device', () => {
    expect(devices.get('gate-a')).toMatchObject({ zone: 'floor', fromZone: 'all', role: undefined, registered: true });
    expect(devices.get('power')?.ratedAmps).toEqual({ '': 32 });
    expect(devices.get('phases')?.ratedAmps).toEqual({ a: 16, b: 20 });
    expect(devices.get('temp')?.upright).toEqual([0, 0, 1]);
    expect(devices.get('B-7')).toMatchObject({ role: 'guard', upright: [0, 1, 0], profile: 'badge' });
    expect(zones.get('floor')).toEqual({
      id: 'floor',
      areaM2: 600,
      capacity: undefined,
      use: 'standing',
      within: 'all',
    });
  });

  test('names that decoders give', () => {
    expect(registry.resolve('senml', 'gate-a')).toBe(devices.get('gate-a'));
    expect(registry.resolve('shelly', 'em-1')).toBe(devices.get('phases'));
    expect(registry.resolve('tasmota', 'pow1')).toBe(devices.get('phases'));
    expect(registry.resolve('senml', 'phases')).toBeUndefined();
    expect(registry.resolve('constructor', 'constructor')).toBeUndefined();
  });

  test('who may connect', () => {
    expect([...registry.credentials.keys()]).toEqual(['power', 'B-7', 'bridge', 'phone']);
    expect(registry.credentials.get('power')).toEqual({
      kind: 'device',
      secretSha256: SECRET,
      publish: ['muster/hall/up/power'],
      subscribe: ['muster/hall/down/power'],
    });
    expect(registry.credentials.get('bridge')).toEqual({
      kind: 'client',
      secretSha256: SECRET,
      publish: ['zigbee2mqtt/#'],
      subscribe: [],
      rate: { publishesPerSecond: 2000, publishBurst: 1000 },
    });
    expect(registry.credentials.get('phone')?.role).toBe('guard');
  });

  test('names for people', () => {
    expect(registry.deviceName('temp')).toEqual({ zh: '温度', en: 'Temperature' });
    expect(registry.deviceName('B-7')).toEqual({ zh: 'W. Li', en: 'W. Li' });
    expect(registry.deviceName('stranger')).toEqual({ zh: 'stranger', en: 'stranger' });
    expect(registry.zoneName('floor').zh).toBe('主厅');
    expect(registry.zoneName('all').en).toBe('all');
  });
});

test('what rules know of the venue: its time, its place, outlines, and who wears what', () => {
  const config = configOf(
    'zones: { yard: { polygon: [[0, 0], [9, 0], [9, 9]] } }',
    'badges: { b: { role: guard, wearer: W. Li } }',
  );
  const reference = { latitudeDegrees: 31, longitudeDegrees: 121, yAxisDegrees: 0 };
  const { venue } = buildRegistry({ ...config, venue: { ...config.venue, reference } });
  expect(venue).toMatchObject({ timezone: 'Asia/Shanghai', reference });
  expect(venue.zones.get('yard')?.polygon).toEqual([
    [0, 0],
    [9, 0],
    [9, 9],
  ]);
  expect(venue.devices.get('b')?.wearer).toBe('W. Li');
  expect(registry.venue).not.toHaveProperty('reference');
});

describe('adverts', () => {
  const heard = buildRegistry(
    configOf(
      'profiles: { remote: { reports: { everySeconds: 60 }, buttons: { double: sos, long: none } } }',
      'devices:',
      '  tag: { profile: climate, address: "ble:cb-b8-33-4c-88-4f" }',
      '  old: { profile: climate, address: ["ruuvi:F41F0C28CBD6", "theengs:F41F0C28CBD7"] }',
      '  any: { profile: climate, address: "ble:F4:1F:0C:28:CB:D7" }',
      '  key: { profile: remote, address: "ble:00:11:22:33:44:55" }',
      'badges:',
      '  b1: { role: guard }',
      '  b2: { role: guard, profile: remote, buttons: { single: checkin, hold: none } }',
    ),
  );
  const idOf = (kind: string, mac: string) => heard.resolve(kind, mac)?.id;

  test('find their device whatever radio heard them, the more specific address first', () => {
    for (const kind of ['ble', 'ruuvi', 'ruuvi-gateway', 'theengs', 'shelly', 'shelly-blu']) {
      expect(idOf(kind, 'CB:B8:33:4C:88:4F'), kind).toBe('tag');
    }
    expect([idOf('ble', 'F4:1F:0C:28:CB:D6'), idOf('ruuvi-gateway', 'F4:1F:0C:28:CB:D6')]).toEqual(['old', undefined]);
    expect([idOf('theengs', 'F4:1F:0C:28:CB:D7'), idOf('ble', 'F4:1F:0C:28:CB:D7')]).toEqual(['old', 'any']);
    expect(idOf('senml', 'CB:B8:33:4C:88:4F')).toBeUndefined();
  });

  test('what a button means: of the badge, else of its profile, else what is hard to do by accident', () => {
    const buttons = (id: string) => heard.venue.devices.get(id)?.buttons;
    const usual = { long: 'sos', hold: 'sos', triple: 'sos', trigger: 'sos' };
    expect(buttons('b1')).toEqual(usual);
    expect(buttons('b2')).toEqual({ ...usual, double: 'sos', long: 'none', single: 'checkin', hold: 'none' });
    expect(buttons('key')).toEqual({ double: 'sos', long: 'none' });
    expect(buttons('tag')).toBeUndefined();
  });
});
