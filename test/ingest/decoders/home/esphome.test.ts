import { describe, expect, it } from 'vitest';
import { channelsOf, codesOf, decode, startSession } from '../decoding.ts';

const NOTHING = { samples: [], occurrences: [], failures: [] };

describe('ESPHome', () => {
  it.each([
    ['temperature', '21.5', { '': { temperatureCelsius: 21.5 } }],
    ['hall_climate_temperature', '21.5', { '': { temperatureCelsius: 21.5 } }],
    ['roof_temperature', '-3', { roof: { temperatureCelsius: -3 } }],
    ['temperature_f', '212', { '': { temperatureCelsius: 100 } }],
    ['ct1_current', '12.5', { ct1: { currentAmps: 12.5 } }],
    ['phase_a_voltage', '230', { a: { voltageVolts: 230 } }],
    ['people_count', '42', { '': { occupancyPersons: 42 } }],
    ['battery_voltage', '3.1', { '': { batteryVolts: 3.1 } }],
    ['pressure', '1013', { '': { pressurePascals: 101_300 } }],
    ['humidity', '4e1', { '': { humidityPercent: 40 } }],
  ])('tells the quantity of %s from its name', (object, text, expected) => {
    const decoded = decode(`hall-climate/sensor/${object}/state`, text);
    expect(decoded.failures).toEqual([]);
    expect(channelsOf(decoded)).toEqual(expected);
  });

  it('prefers what discovery announced', () => {
    const { decode: next } = startSession();
    const announce = (object: string, config: object) => next(`homeassistant/sensor/hall/${object}/config`, config);
    expect(announce('temperature', { dev_cla: 'temperature', unit_of_meas: '°F', stat_t: 'x' })).toEqual(NOTHING);
    announce('load', { unit_of_measurement: 'kW', device_class: 'power' });
    announce('damp', { unit_of_meas: '%', dev_cla: 'humidity' });
    announce('battery_voltage', { unit_of_meas: 'mV' });
    expect(channelsOf(next('hall/sensor/temperature/state', '50'))).toEqual({ '': { temperatureCelsius: 10 } });
    expect(channelsOf(next('hall/sensor/load/state', '1.5'))).toEqual({ load: { powerWatts: 1500 } });
    expect(channelsOf(next('hall/sensor/damp/state', '55'))).toEqual({ damp: { humidityPercent: 55 } });
    expect(channelsOf(next('hall/sensor/battery_voltage/state', '3000'))).toEqual({ '': { batteryVolts: 3 } });
    expect(codesOf(next('other/sensor/load/state', '1.5'))).toEqual(['unknown-name']);
  });

  it('stays bounded and harmless under invented announcements', () => {
    const { decode: next, memories } = startSession();
    for (let index = 0; index < 500; index += 1)
      next(`homeassistant/sensor/hall/o${index}/config`, { unit_of_meas: 'V' });
    next('homeassistant/sensor/hall/__proto__/config', { unit_of_meas: 'A' });
    expect(JSON.stringify(memories.save()).length).toBeLessThan(5000);
    expect(next('hall/sensor/__proto__/state', '1').samples).toMatchObject([{ metrics: { currentAmps: 1 } }]);
    expect(Object.hasOwn(Object.prototype, 'unit')).toBe(false);
  });

  it('stands any saved memory', () => {
    for (const memory of [{}, { objects: 1 }, { objects: { 'o:temperature': 1 } }, []]) {
      const session = startSession();
      session.memories.restore([['esphome:hall', memory]]);
      expect(session.decode('hall/sensor/temperature/state', '20').samples).toHaveLength(1);
      session.decode('homeassistant/sensor/hall/temperature/config', { unit_of_meas: '°F' });
      expect(session.decode('hall/sensor/temperature/state', '212').samples[0]?.metrics.temperatureCelsius).toBe(100);
    }
  });

  it.each([
    ['front_door', 'ON', { contactClosed: 0 }],
    ['stage_motion', 'ON', { occupied: 1 }],
    ['charging', 'OFF', { charging: 0 }],
  ])('decodes binary sensor %s %s', (object, text, metrics) => {
    expect(decode(`n/binary_sensor/${object}/state`, text).samples).toMatchObject([{ metrics }]);
  });

  it('decodes buttons and calls for help', () => {
    expect(decode('n/binary_sensor/panic/state', 'ON').occurrences).toMatchObject([{ kind: 'sos' }]);
    expect(decode('n/binary_sensor/panic/state', 'OFF')).toEqual(NOTHING);
    expect(decode('n/binary_sensor/left_button/state', 'ON').occurrences).toMatchObject([{ kind: 'button' }]);
    const press = decode('n/binary_sensor/left_button/state', 'ON', { retained: true });
    expect([press.occurrences, codesOf(press)]).toEqual([[], ['retained-action']]);
    const call = decode('n/binary_sensor/panic/state', 'ON', { retained: true });
    expect(call.occurrences).toMatchObject([{ kind: 'sos', retained: true }]);
  });

  it('tells online and offline', () => {
    expect(decode('n/status', 'offline').occurrences).toMatchObject([{ device: 'n', kind: 'offline' }]);
    expect(decode('homeassistant/status', 'online')).toEqual(NOTHING);
  });

  it.each([
    ['n/sensor/temperature/state', 'nan', 'not-a-number'],
    ['n/sensor/temperature/state', '-inf', 'not-a-number'],
    ['n/sensor/temperature/state', 'warm', 'not-text'],
    ['n/sensor/temperature/state', '', 'not-text'],
    ['n/sensor/temperature/state', '0x10', 'not-text'],
    ['n/sensor/temperature/state', '1e9', 'out-of-range'],
    ['n/sensor/temperature/state', '1'.repeat(1_000_000), 'not-text'],
    ['n/sensor/mystery/state', '1', 'unknown-name'],
    ['n/binary_sensor/front_door/state', '1', 'not-text'],
    ['n/binary_sensor/mystery/state', 'ON', 'unknown-name'],
    ['n/status', 'ready', 'not-text'],
    ['homeassistant/sensor/n/temperature/config', '{', 'not-json'],
  ])('refuses %s %.20s', (topic, payload, code) => {
    expect(codesOf(decode(topic, payload))).toEqual([code]);
  });

  it('leaves switches and texts alone', () => {
    expect(decode('n/switch/relay/state', 'ON')).toEqual(NOTHING);
  });
});
