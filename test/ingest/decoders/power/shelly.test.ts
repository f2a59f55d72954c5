import { describe, expect, it } from 'vitest';
import { ARRIVED_MS, channelsOf, codesOf, decode, startSession } from '../decoding.ts';

const RPC = 'shellyem1-a1/events/rpc';
const TS = ARRIVED_MS / 1000 - 2;
const notify = (params: object, method = 'NotifyStatus') => ({ src: 'shellyem1-a1', dst: 'x', method, params });

describe('Shelly Gen2+', () => {
  it('lays changes over the last full status', () => {
    const { decode: next } = startSession();
    const status = { id: 0, current: 2.598, voltage: 234.9, act_power: 501.8, aprt_power: 612.4, pf: 0.84, freq: 50 };
    next('shellyem1-a1/status/em1:0', status);
    const decoded = next(RPC, notify({ ts: TS, 'em1:0': { id: 0, current: 3.1, act_power: 600 } }));
    expect(decoded.failures).toEqual([]);
    expect(decoded.samples).toMatchObject([{ device: 'shellyem1-a1', timeMs: TS * 1000, timeFrom: 'device' }]);
    expect(channelsOf(decoded)).toEqual({
      '': {
        currentAmps: 3.1,
        voltageVolts: 234.9,
        powerWatts: 600,
        apparentPowerVoltAmps: 612.4,
        powerFactor: 0.84,
        frequencyHertz: 50,
      },
    });
  });

  it('leaves absent what was never seen', () => {
    const decoded = decode(RPC, notify({ ts: TS, 'em1:0': { id: 0, current: 3.1 } }));
    expect(channelsOf(decoded)).toEqual({ '': { currentAmps: 3.1 } });
  });

  it('says nothing of phases in which nothing changed', () => {
    const { decode: next } = startSession();
    next('em/status/em:0', { id: 0, a_current: 1, a_voltage: 230, b_current: 2, n_current: null, total_current: 3 });
    const decoded = next('em/events/rpc', notify({ ts: TS, 'em:0': { id: 0, a_current: 1.5, total_current: 3.5 } }));
    expect(channelsOf(decoded)).toEqual({
      a: { currentAmps: 1.5, voltageVolts: 230 },
      total: { currentAmps: 3.5 },
    });
  });

  it('takes null as absent, and forgets what was known of it', () => {
    const { decode: next } = startSession();
    expect(channelsOf(next('em/status/em:0', { n_current: 0.5 }))).toEqual({ n: { currentAmps: 0.5 } });
    expect(channelsOf(next('em/events/rpc', notify({ 'em:0': { n_current: null } })))).toEqual({});
    expect(channelsOf(next('em/status/em:0', { n_current: null }))).toEqual({});
  });

  it('forgets at a full status, at going offline, and after an hour', () => {
    for (const forget of ['full', 'offline', 'hour']) {
      const { decode: next } = startSession();
      next(RPC, notify({ 'em1:0': { voltage: 230 } }, 'NotifyFullStatus'));
      if (forget === 'full') next(RPC, notify({ 'em1:0': { pf: 1 } }, 'NotifyFullStatus'));
      if (forget === 'offline') expect(next('shellyem1-a1/online', 'false').occurrences[0]?.kind).toBe('offline');
      const arrivedMs = ARRIVED_MS + (forget === 'hour' ? 3_600_001 : 0);
      const decoded = next(RPC, notify({ 'em1:0': { current: 1 } }), { arrivedMs });
      expect(decoded.samples[0]?.metrics, forget).not.toHaveProperty('voltageVolts');
    }
  });

  it('keeps memories of devices apart, and through a restart', () => {
    const before = startSession();
    before.decode('one/status/em1:0', { voltage: 230 });
    const after = startSession();
    after.memories.restore(JSON.parse(JSON.stringify(before.memories.save())));
    const change = notify({ 'em1:0': { current: 1 } });
    expect(channelsOf(after.decode('one/events/rpc', change))).toEqual({ '': { currentAmps: 1, voltageVolts: 230 } });
    expect(channelsOf(after.decode('two/events/rpc', change))).toEqual({ '': { currentAmps: 1 } });
  });

  it('stands any saved memory', () => {
    for (const memory of [
      {},
      { components: 5 },
      { components: { 'em1:0': 7 } },
      { components: { 'em1:0': { voltage: 'x' } } },
      [],
    ]) {
      const session = startSession();
      session.memories.restore([['shelly:shellyem1-a1', memory]]);
      const decoded = session.decode(RPC, notify({ 'em1:0': { current: 1 } }));
      expect(decoded.samples[0]?.metrics.currentAmps).toBe(1);
    }
  });

  it('decodes switches, PM1, temperature, humidity and further instances', () => {
    const decoded = decode(
      'plus/events/rpc',
      notify(
        {
          ts: TS,
          'switch:0': {
            id: 0,
            apower: 100,
            voltage: 230,
            current: 0.5,
            aenergy: { total: 12.5 },
            temperature: { tC: 60 },
          },
          'pm1:1': { apower: 5 },
          'temperature:100': { tC: 21.5, tF: 70.7 },
          'humidity:100': { rh: 44 },
          'emdata:0': { total_act: 1 },
          sys: { uptime: 3 },
        },
        'NotifyFullStatus',
      ),
    );
    expect(decoded.failures).toEqual([]);
    expect(channelsOf(decoded)).toEqual({
      '': { powerWatts: 100, voltageVolts: 230, currentAmps: 0.5, energyWattHours: 12.5 },
      1: { powerWatts: 5 },
      100: { temperatureCelsius: 21.5, humidityPercent: 44 },
    });
  });

  it('makes presses, not edges, occurrences', () => {
    const events = [
      { component: 'input:0', id: 0, event: 'btn_down', ts: TS },
      { component: 'input:0', id: 0, event: 'single_push', ts: TS },
      { component: 'sys', event: 'config_changed', ts: TS },
    ];
    const { occurrences, failures } = decode(RPC, notify({ ts: TS, events }, 'NotifyEvent'));
    expect(failures).toEqual([]);
    expect(occurrences).toMatchObject([
      { kind: 'button', timeMs: TS * 1000, attributes: { press: 'single', component: 'input:0' } },
    ]);
  });

  it('keeps the values of a device whose clock is not set', () => {
    const decoded = decode(RPC, notify({ ts: 12.3, 'em1:0': { current: 1 } }));
    expect(decoded.samples).toMatchObject([{ timeFrom: 'arrival', metrics: { currentAmps: 1 } }]);
    expect(codesOf(decoded)).toEqual(['wrong-time']);
  });

  it.each([
    [RPC, '{}', 'wrong-shape'],
    [RPC, '{"method":"NotifyStatus","params":[]}', 'wrong-shape'],
    [RPC, '{"method":"NotifyStatus","params":{"em1:0":5}}', 'wrong-type'],
    [RPC, '{"method":"NotifyStatus","params":{"em1:0":{"current":"5"}}}', 'wrong-type'],
    [RPC, '{"method":"NotifyStatus","params":{"em1:0":{"current":1e300}}}', 'out-of-range'],
    [RPC, '{"method":"NotifyEvent","params":{"events":{}}}', 'wrong-shape'],
    [RPC, '{"method":', 'not-json'],
    ['shellyem1-a1/status/em1:0', '[]', 'wrong-shape'],
    ['shellyem1-a1/online', 'perhaps', 'not-text'],
  ])('refuses %s %s', (topic, payload, code) => {
    expect(codesOf(decode(topic, payload))).toEqual([code]);
  });

  it('keeps __proto__ components harmless', () => {
    const decoded = decode(RPC, '{"method":"NotifyStatus","params":{"__proto__":{"em1:0":{"current":1}}}}');
    expect(decoded.samples).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'em1:0')).toBe(false);
  });
});
