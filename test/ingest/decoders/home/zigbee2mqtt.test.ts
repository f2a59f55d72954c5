import { describe, expect, it } from 'vitest';
import { ARRIVED_MS, channelsOf, codesOf, decode } from '../decoding.ts';

const NOTHING = { samples: [], occurrences: [], failures: [] };

describe('Zigbee2MQTT', () => {
  it('decodes a sensor under a name with slashes', () => {
    const message = {
      temperature: 27.34,
      humidity: 44.72,
      pressure: 1000.5,
      battery: 91,
      voltage: 3015,
      linkquality: 120,
    };
    const decoded = decode('zigbee2mqtt/hall/north/climate', message);
    expect(decoded.samples).toMatchObject([{ device: 'hall/north/climate', timeFrom: 'arrival' }]);
    expect(channelsOf(decoded)).toEqual({
      '': {
        temperatureCelsius: 27.34,
        humidityPercent: 44.72,
        pressurePascals: 100_050,
        batteryPercent: 91,
        batteryVolts: 3.015,
        linkQuality: 120,
      },
    });
  });

  it('decodes truth values', () => {
    const decoded = decode('zigbee2mqtt/door', { contact: false, occupancy: true, vibration: true, tamper: false });
    expect(channelsOf(decoded)).toEqual({ '': { contactClosed: 0, occupied: 1, moving: 1 } });
  });

  it('decodes meters of one and of three phases', () => {
    const one = decode('zigbee2mqtt/plug', { current: 0.5, voltage: 231, power: 110, energy: 1.5, ac_frequency: 50 });
    expect(channelsOf(one)['']).toEqual({
      currentAmps: 0.5,
      voltageVolts: 231,
      powerWatts: 110,
      energyWattHours: 1500,
      frequencyHertz: 50,
    });
    const phased = decode('zigbee2mqtt/m', {
      current: 1,
      current_phase_b: 2,
      current_phase_c: 3,
      current_neutral: 0.1,
    });
    expect(channelsOf(phased)).toEqual({
      a: { currentAmps: 1 },
      b: { currentAmps: 2 },
      c: { currentAmps: 3 },
      n: { currentAmps: 0.1 },
    });
    const lettered = decode('zigbee2mqtt/m', { power: 9, power_a: 4, power_b: 5 });
    expect(channelsOf(lettered)).toEqual({ '': { powerWatts: 9 }, a: { powerWatts: 4 }, b: { powerWatts: 5 } });
  });

  it.each([
    ['2026-01-01T00:00:00.000Z', ARRIVED_MS],
    ['2026-01-01T08:00:00+08:00', ARRIVED_MS],
    [ARRIVED_MS - 1, ARRIVED_MS - 1],
  ])('takes last_seen %s', (lastSeen, timeMs) => {
    const decoded = decode('zigbee2mqtt/t', { temperature: 1, last_seen: lastSeen });
    expect(decoded.samples).toMatchObject([{ timeMs, timeFrom: 'device' }]);
  });

  it.each(['single', 'double', 'hold', '1_single'])('makes %s a button press', (action) => {
    expect(decode('zigbee2mqtt/b', { action, linkquality: 5 }).occurrences).toMatchObject([
      { device: 'b', kind: 'button', retained: false, attributes: { action } },
    ]);
  });

  it('names presses as every format does', () => {
    const attributes = (action: string) => decode('zigbee2mqtt/b', { action }).occurrences[0]?.attributes;
    expect(attributes('hold')).toEqual({ action: 'hold', press: 'hold', button: 1 });
    expect(attributes('2_long')).toEqual({ action: '2_long', press: 'long', button: 2 });
    expect(attributes('rotate_left')).toEqual({ action: 'rotate_left' });
  });

  it.each(['emergency', 'panic', 'sos', '1_emergency', 'SOS'])('makes %s a call for help', (action) => {
    expect(decode('zigbee2mqtt/b', { action }).occurrences).toMatchObject([{ kind: 'sos' }]);
  });

  it.each(['', null])('ignores the action %j', (action) => {
    expect(decode('zigbee2mqtt/b', { action })).toEqual(NOTHING);
  });

  it('voids a retained press, but passes on a retained call for help', () => {
    const press = decode('zigbee2mqtt/b', { action: 'single' }, { retained: true });
    expect([press.occurrences, codesOf(press)]).toEqual([[], ['retained-action']]);
    const call = decode('zigbee2mqtt/b', { action: 'emergency' }, { retained: true });
    expect(call.occurrences).toMatchObject([{ kind: 'sos', retained: true }]);
    expect(codesOf(call)).toEqual(['retained-action']);
  });

  it.each([
    ['zigbee2mqtt/hall/b/availability', '{"state":"online"}', 'hall/b', 'online'],
    ['zigbee2mqtt/b/availability', 'offline', 'b', 'offline'],
    ['zigbee2mqtt/bridge/state', '{"state":"offline"}', 'bridge', 'offline'],
    ['zigbee2mqtt/bridge/state', 'online', 'bridge', 'online'],
  ])('%s %s', (topic, payload, device, kind) => {
    expect(decode(topic, payload).occurrences).toMatchObject([{ device, kind }]);
  });

  it.each([
    ['zigbee2mqtt/bridge/devices', 'x'.repeat(1_000_000)],
    ['zigbee2mqtt/bridge/event', '{}'],
    ['zigbee2mqtt/lamp/set', '{"state":"ON"}'],
    ['zigbee2mqtt/lamp/get/state', ''],
    ['zigbee2mqtt/gone', ''],
  ])('leaves %s alone', (topic, payload) => {
    expect(decode(topic, payload)).toEqual(NOTHING);
  });

  it.each([
    ['{"temperature":"27"}', 'wrong-type'],
    ['{"temperature":9e9}', 'out-of-range'],
    ['{"occupancy":"yes"}', 'wrong-type'],
    ['{"action":7}', 'wrong-type'],
    ['27.3', 'wrong-shape'],
    ['{"temperature":27', 'not-json'],
  ])('refuses %s', (payload, code) => {
    expect(codesOf(decode('zigbee2mqtt/t', payload))).toEqual([code]);
  });
});
