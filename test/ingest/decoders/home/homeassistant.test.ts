import { describe, expect, it } from 'vitest';
import { pathOfTemplate, valueAt } from '../../../../ingest/decoders/home/template.ts';
import { channelsOf, codesOf, decode, startSession } from '../decoding.ts';

const CONFIG = 'homeassistant/sensor/bedroom/temperature/config';
const STATE = 'cellar/climate';
const TEMPERATURE = {
  state_topic: STATE,
  value_template: '{{ value_json.t }}',
  unit_of_measurement: '°F',
  device_class: 'temperature',
  device: { identifiers: ['cellar'] },
};

const announced = (config: object | string, topic = CONFIG) => {
  const session = startSession();
  const { failures } = session.decode(topic, config);
  return { session, failures };
};

describe('value templates', () => {
  it.each([
    ['{{ value }}', []],
    ['{{value}}', []],
    ['{{ value | float }}', []],
    ['{{ value_json.temperature }}', ['temperature']],
    ['{{ value_json.temperature | round(1) | float(0) }}', ['temperature']],
    ["{{ value_json['DHT11']['Temperature'] }}", ['DHT11', 'Temperature']],
    ['{{ value_json.a["b c"][0].d }}', ['a', 'b c', '0', 'd']],
    ['{{- value_json.t | is_defined -}}', ['t']],
  ])('%s is a path', (template, path) => {
    expect(pathOfTemplate(template)).toEqual(path);
  });

  it.each([
    '{{ value_json.t * 2 }}',
    '{{ value_json.t | default(0) }}',
    '{{ value.t }}',
    '{{ states("sensor.x") }}',
    '{% if value_json.t %}1{% endif %}',
    '{{ value_json.t }} °C',
    `{{ value_json.${'a.'.repeat(200)}b }}`,
    '',
  ])('%s is more than a path', (template) => {
    expect(pathOfTemplate(template)).toBeUndefined();
  });

  it('take no time over hostile text: the test would not end', () => {
    for (const text of [
      `{{ value${' '.repeat(200)}`,
      `{{ value_json${'|float '.repeat(30)}`,
      `{{ value|round(${' '.repeat(200)}`,
    ]) {
      for (let time = 0; time < 100; time += 1) expect(pathOfTemplate(text)).toBeUndefined();
    }
  });

  it('lead only to what stands there by itself', () => {
    expect(valueAt({ a: [{ b: 1 }] }, ['a', '0', 'b'])).toBe(1);
    expect(valueAt({}, ['constructor', 'name'])).toBeUndefined();
    expect(valueAt('text', ['length'])).toBeUndefined();
  });
});

describe('announced states', () => {
  it('are read where discovery says they are', () => {
    const { session, failures } = announced(TEMPERATURE);
    expect(failures).toEqual([]);
    const decoded = session.decode(STATE, { t: 68, other: 'x' });
    expect(decoded.failures).toEqual([]);
    expect(decoded.samples[0]).toMatchObject({ device: 'cellar', metrics: { temperatureCelsius: 20 } });
  });

  it('are nobody’s before that', () => {
    expect(codesOf(decode(STATE, { t: 68 }))).toEqual(['unknown-topic']);
  });

  it('are nobody’s again once that was taken back', () => {
    const { session } = announced(TEMPERATURE);
    session.decode(CONFIG, '');
    expect(codesOf(session.decode(STATE, { t: 68 }))).toEqual(['unknown-topic']);
  });

  it('are read once, however often they are announced', () => {
    const { session } = announced(TEMPERATURE);
    session.decode(CONFIG, TEMPERATURE);
    expect(session.decode(STATE, { t: 68 }).samples).toHaveLength(1);
  });

  it('may be abbreviated, with a base topic', () => {
    const { session } = announced({
      '~': 'cellar',
      stat_t: '~/climate',
      val_tpl: '{{ value_json.t }}',
      unit_of_meas: '°C',
      dev: { ids: 'c' },
    });
    expect(session.decode(STATE, { t: 20 }).samples).toMatchObject([
      { device: 'c', metrics: { temperatureCelsius: 20 } },
    ]);
  });

  it('of several values share a topic', () => {
    const session = startSession();
    const one = (object: string, unit: string, name: string) =>
      session.decode(`homeassistant/sensor/node/${object}/config`, {
        state_topic: STATE,
        value_template: `{{ value_json.${name} }}`,
        unit_of_measurement: unit,
      });
    one('a_current', 'A', 'a_current');
    one('b_current', 'A', 'b_current');
    one('hum', '%', 'humidity');
    expect(channelsOf(session.decode(STATE, { a_current: 1, b_current: 2, humidity: 40 }))).toEqual({
      a: { currentAmps: 1 },
      b: { currentAmps: 2 },
      '': { humidityPercent: 40 },
    });
  });

  it('may be one number, also as text', () => {
    const { session } = announced({ state_topic: STATE, unit_of_measurement: '°C' });
    for (const text of ['20.5', ' 20.5 ']) {
      expect(session.decode(STATE, text).samples).toMatchObject([{ metrics: { temperatureCelsius: 20.5 } }]);
    }
    expect(codesOf(session.decode(STATE, 'warm'))).toEqual(['wrong-type']);
    expect(session.decode(STATE, 'unavailable')).toMatchObject({ samples: [], failures: [] });
  });

  it('may be yes or no, in words of their own', () => {
    const { session } = announced(
      { state_topic: STATE, device_class: 'door', payload_on: 'open', payload_off: 'shut' },
      'homeassistant/binary_sensor/node/front/config',
    );
    expect(channelsOf(session.decode(STATE, 'OPEN'))).toEqual({ '': { contactClosed: 0 } });
    expect(channelsOf(session.decode(STATE, 'shut'))).toEqual({ '': { contactClosed: 1 } });
    expect(codesOf(session.decode(STATE, 'ajar'))).toEqual(['not-text']);
  });

  it('of a help button are a call for help, also late', () => {
    const { session } = announced({ state_topic: STATE }, 'homeassistant/binary_sensor/desk/sos/config');
    expect(session.decode(STATE, 'ON').occurrences).toMatchObject([{ kind: 'sos', device: 'desk' }]);
    expect(session.decode(STATE, 'OFF').occurrences).toEqual([]);
    const late = session.decode(STATE, 'ON', { retained: true });
    expect(late.occurrences).toMatchObject([{ kind: 'sos', retained: true }]);
    expect(codesOf(late)).toEqual(['retained-action']);
  });

  it('come with availability', () => {
    const { session } = announced({
      ...TEMPERATURE,
      availability_topic: 'cellar/up',
      availability: [{ topic: 'hub/up' }],
    });
    expect(session.decode('cellar/up', 'offline').occurrences).toMatchObject([{ kind: 'offline', device: 'cellar' }]);
    expect(session.decode('hub/up', 'online').occurrences).toMatchObject([{ kind: 'online', device: 'cellar' }]);
  });

  it('of a whole device are announced at once', () => {
    const { session } = announced(
      {
        dev: { ids: ['hall'] },
        stat_t: STATE,
        cmps: {
          t: { p: 'sensor', val_tpl: '{{ value_json.t }}', unit_of_meas: '°C' },
          h: { p: 'sensor', val_tpl: '{{ value_json.h }}', dev_cla: 'humidity', unit_of_meas: '%' },
          door: { p: 'binary_sensor', stat_t: 'hall/door', dev_cla: 'door' },
          lamp: { p: 'light', stat_t: 'hall/lamp' },
        },
      },
      'homeassistant/device/hall/config',
    );
    expect(session.decode(STATE, { t: 20, h: 40 }).samples.map(({ metrics }) => metrics)).toEqual([
      { temperatureCelsius: 20 },
      { humidityPercent: 40 },
    ]);
    expect(channelsOf(session.decode('hall/door', 'ON'))).toEqual({ '': { contactClosed: 0 } });
    expect(codesOf(session.decode('hall/lamp', 'ON'))).toEqual(['unknown-topic']);
  });

  it('by a template that is a program are refused at once', () => {
    const { session, failures } = announced({ ...TEMPERATURE, value_template: '{{ value_json.t * 2 }}' });
    expect(failures).toMatchObject([{ code: 'wrong-shape', where: 'value_template' }]);
    expect(codesOf(session.decode(STATE, { t: 68 }))).toEqual(['unknown-topic']);
  });

  it('of systems with a decoder of their own are left to that', () => {
    const { session } = announced({
      ...TEMPERATURE,
      state_topic: 'zigbee2mqtt/hall',
      value_template: '{{ value_json.x }}',
    });
    expect(session.frame('zigbee2mqtt/hall', { temperature: 20 }).kind).toBe('zigbee2mqtt');
    expect(JSON.stringify(session.memories.save())).not.toContain('zigbee2mqtt/hall');
  });

  it('still tell ESPHome its units', () => {
    const session = startSession();
    session.decode('homeassistant/sensor/hall/heat/config', { unit_of_meas: '°F', stat_t: 'hall/sensor/heat/state' });
    const { kind, decoded } = session.frame('hall/sensor/heat/state', '68');
    expect(kind).toBe('esphome');
    expect(decoded.samples[0]?.metrics).toEqual({ temperatureCelsius: 20 });
  });

  it('are remembered up to a bound, the oldest going first', () => {
    const session = startSession();
    for (let index = 0; index < 2500; index += 1) {
      session.decode(`homeassistant/sensor/n${index}/t/config`, { state_topic: `s/${index}`, unit_of_meas: '°C' });
    }
    expect(codesOf(session.decode('s/0', '20'))).toEqual(['unknown-topic']);
    expect(session.decode('s/2499', '20').samples).toHaveLength(1);
    const many = startSession();
    for (let index = 0; index < 100; index += 1) {
      many.decode(`homeassistant/sensor/n${index}/t/config`, { state_topic: 's', unit_of_meas: '°C' });
    }
    expect(many.decode('s', '20').samples).toHaveLength(64);
  });

  it('are remembered in plain JSON, and another shape does no harm', () => {
    const { session } = announced(TEMPERATURE);
    const later = startSession();
    later.memories.restore(JSON.parse(JSON.stringify(session.memories.save())));
    expect(later.decode(STATE, { t: 68 }).samples).toHaveLength(1);
    later.memories.restore([
      ['homeassistant:discovery', { topics: { 't:cellar/climate': [{ path: 1 }] }, configs: [] }],
    ]);
    expect(codesOf(later.decode(STATE, { t: 68 }))).toEqual(['unknown-topic']);
    expect(later.decode(CONFIG, TEMPERATURE).failures).toEqual([]);
    expect(later.decode(STATE, { t: 68 }).samples).toHaveLength(1);
  });
});

describe('plain JSON', () => {
  it.each(['muster/riverside/json/tent', 'homeassistant/sensor/tent/state'])('on %s has usual names', (topic) => {
    const decoded = decode(topic, { temperature: 21.5, humidity: 40, ct1_current: 3, door: true, note: 'x', n: null });
    expect(decoded.failures).toEqual([]);
    expect(decoded.samples[0]?.device).toBe('tent');
    expect(channelsOf(decoded)).toEqual({
      '': { temperatureCelsius: 21.5, humidityPercent: 40, contactClosed: 0 },
      ct1: { currentAmps: 3 },
    });
  });

  it('takes this model’s own names', () => {
    expect(channelsOf(decode('muster/riverside/json/tent', { pressurePascals: 101_325 }))).toEqual({
      '': { pressurePascals: 101_325 },
    });
  });

  it('may carry a time', () => {
    const { samples } = decode('muster/riverside/json/tent', { temperature: 20, time: '2025-12-31T23:00:00Z' });
    expect(samples).toMatchObject([{ timeFrom: 'device', timeMs: Date.parse('2025-12-31T23:00:00Z') }]);
  });

  it('may be one number whose topic says what it is', () => {
    expect(decode('homeassistant/sensor/hall_temperature/state', '21.5').samples).toMatchObject([
      { device: 'hall_temperature', metrics: { temperatureCelsius: 21.5 } },
    ]);
  });

  it('calls for help', () => {
    expect(decode('muster/riverside/json/desk', { sos: true }).occurrences).toMatchObject([{ kind: 'sos' }]);
    expect(decode('muster/riverside/json/desk', { sos: false }).occurrences).toEqual([]);
  });

  it.each([
    [{ temperature: 'hot' }, 'wrong-type'],
    [{ temperature: 1e9 }, 'out-of-range'],
    [{ colour: 3 }, 'unknown-name'],
    [{}, 'unknown-name'],
    ['"x"', 'wrong-shape'],
    ['{', 'not-json'],
  ])('%j is refused', (message, code) => {
    const decoded = decode('muster/riverside/json/tent', message);
    expect(codesOf(decoded)).toEqual([code]);
    expect(decoded.samples).toEqual([]);
  });
});
