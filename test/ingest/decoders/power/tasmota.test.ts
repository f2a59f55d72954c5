import { describe, expect, it } from 'vitest';
import { channelsOf, codesOf, decode } from '../decoding.ts';

const sensor = (message: object | string) => decode('tele/pow1/SENSOR', message);

describe('Tasmota', () => {
  it('decodes a single meter, stamped by arrival since Time has no zone', () => {
    const decoded = sensor({
      Time: '2018-02-15T17:37:10',
      ENERGY: {
        TotalStartTime: '2018-11-14T18:39:40',
        Total: 6.294,
        Yesterday: 5.34,
        Today: 0.954,
        Period: 217,
        Power: 2635,
        ApparentPower: 2650,
        ReactivePower: 282,
        Factor: 0.99,
        Voltage: 227,
        Current: 11.661,
      },
    });
    expect(decoded.failures).toEqual([]);
    expect(decoded.samples).toMatchObject([{ device: 'pow1', timeFrom: 'arrival' }]);
    expect(channelsOf(decoded)).toEqual({
      '': {
        currentAmps: 11.661,
        voltageVolts: 227,
        powerWatts: 2635,
        apparentPowerVoltAmps: 2650,
        reactivePowerVars: 282,
        powerFactor: 0.99,
        energyWattHours: 6294,
      },
    });
  });

  it('decodes several phases as channels', () => {
    const decoded = sensor({ ENERGY: { Total: 1, Voltage: 230, Current: [1.32, null, 2.1], Power: [300, 0, 480] } });
    expect(decoded.failures).toEqual([]);
    expect(channelsOf(decoded)).toEqual({
      '': { voltageVolts: 230, energyWattHours: 1000 },
      a: { currentAmps: 1.32, powerWatts: 300 },
      b: { powerWatts: 0 },
      c: { currentAmps: 2.1, powerWatts: 480 },
    });
  });

  it('decodes sensors, several of a kind as channels', () => {
    const decoded = sensor({
      BME280: { Temperature: 21.5, Humidity: 40, DewPoint: 7.4, Pressure: 1013.2 },
      'DS18B20-1': { Id: '01', Temperature: 30 },
      'DS18B20-2': { Id: '02', Temperature: 31 },
      SI7021: { Temperature: 22, Humidity: 41 },
      TempUnit: 'C',
    });
    expect(channelsOf(decoded)).toEqual({
      '': { temperatureCelsius: 21.5, humidityPercent: 40, dewPointCelsius: 7.4, pressurePascals: 101_320 },
      'DS18B20-1': { temperatureCelsius: 30 },
      'DS18B20-2': { temperatureCelsius: 31 },
      SI7021: { temperatureCelsius: 22, humidityPercent: 41 },
    });
  });

  it('converts Fahrenheit and mmHg', () => {
    const decoded = sensor({ AM2301: { Temperature: 212, Pressure: 760 }, TempUnit: 'F', PressureUnit: 'mmHg' });
    expect(decoded.samples[0]?.metrics.temperatureCelsius).toBeCloseTo(100, 9);
    expect(decoded.samples[0]?.metrics.pressurePascals).toBeCloseTo(101_325, 0);
  });

  it.each([
    ['Online', 'online'],
    ['Offline', 'offline'],
  ])('tells %s', (text, kind) => {
    expect(decode('tele/pow1/LWT', text).occurrences).toMatchObject([{ device: 'pow1', kind }]);
  });

  it.each(['tele/pow1/STATE', 'tele/pow1/INFO1', 'stat/pow1/RESULT', 'cmnd/pow1/POWER', 'tasmota/discovery/x/config'])(
    'leaves %s alone',
    (topic) => {
      expect(decode(topic, '{"Uptime":1}')).toEqual({ samples: [], occurrences: [], failures: [] });
    },
  );

  it.each([
    ['{"ENERGY":{"Current":"1"}}', 'wrong-type'],
    ['{"ENERGY":{"Current":[1,2,3,4,5,6,7,8,9]}}', 'wrong-shape'],
    ['{"ENERGY":[]}', 'wrong-type'],
    ['{"AM2301":{"Temperature":1e9}}', 'out-of-range'],
    ['[]', 'wrong-shape'],
    ['{"ENERGY":{"Current":nan}}', 'not-json'],
    ['{"Time":', 'not-json'],
  ])('refuses %s', (payload, code) => {
    expect(codesOf(sensor(payload))).toEqual([code]);
    expect(sensor(payload).samples).toEqual([]);
  });

  it('refuses an unknown availability', () => {
    expect(codesOf(decode('tele/pow1/LWT', 'perhaps'))).toEqual(['not-text']);
  });

  it('keeps a block named __proto__ harmless', () => {
    const decoded = sensor('{"__proto__":{"Temperature":20},"AM2301":{"__proto__":{"Humidity":1},"Humidity":40}}');
    expect(decoded.samples.at(-1)?.metrics.humidityPercent).toBe(40);
    expect(Object.hasOwn(Object.prototype, 'Temperature')).toBe(false);
  });
});
