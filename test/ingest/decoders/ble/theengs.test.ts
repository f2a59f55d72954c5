import { describe, expect, it } from 'vitest';
import { channelsOf, codesOf, decode } from '../decoding.ts';

const beacon = (message: object | string) => decode('home/TheengsGateway/BTtoMQTT/CBB8334C884F', message);
const NOTHING = { samples: [], occurrences: [], failures: [] };

describe('Theengs Gateway', () => {
  it('decodes a thermometer', () => {
    const message = {
      id: 'F3:52:85',
      rssi: -82,
      model_id: 'BM_V23',
      tempc: 24.1,
      tempf: 75.38,
      hum: 104.7,
      dp: 24.8,
      volt: 2.56,
    };
    const decoded = beacon(message);
    expect(decoded.samples).toMatchObject([{ device: 'CB:B8:33:4C:88:4F', timeFrom: 'arrival' }]);
    expect(channelsOf(decoded)).toEqual({
      '': { temperatureCelsius: 24.1, humidityPercent: 104.7, dewPointCelsius: 24.8, batteryVolts: 2.56, rssiDbm: -82 },
    });
  });

  const ruuvi = { model_id: 'RuuviTag_RAWv2', tempc: 24.3, pres: 1000.44, volt: 2.977, tx: 4, mov: 66, seq: 205 };

  it.each([
    ['today, a tenth of m/s²', { ...ruuvi, type: 'ACEL', accx: 0.00392266, accy: -0.00392266, accz: 1.01596894 }],
    ['of older releases, in g', { ...ruuvi, accx: 0.004, accy: -0.004, accz: 1.036 }],
  ])('decodes the RuuviTag of the specification as it comes %s', (_, message) => {
    const { samples, failures } = beacon(message);
    expect(failures).toEqual([]);
    expect(samples[0]).toMatchObject({
      sequence: 205,
      metrics: { pressurePascals: 100_044, movementCount: 66, txPowerDbm: 4 },
    });
    expect(samples[0]?.metrics.accelerationXG).toBeCloseTo(0.004, 9);
    expect(samples[0]?.metrics.accelerationYG).toBeCloseTo(-0.004, 9);
    expect(samples[0]?.metrics.accelerationZG).toBeCloseTo(1.036, 9);
  });

  it('takes milli-g of KKM beacons, and refuses to guess for others', () => {
    expect(channelsOf(beacon({ model_id: 'K9', accx: 0, accy: 0, accz: -1000 }))['']).toMatchObject({
      accelerationZG: -1,
    });
    const unknown = beacon({ model_id: 'new', tempc: 20, accx: 0, accy: 0, accz: 9.8 });
    expect(codesOf(unknown)).toEqual(['wrong-unit']);
    expect(channelsOf(unknown)).toEqual({ '': { temperatureCelsius: 20 } });
  });

  it.each([
    [1, 'single'],
    [9, 'long'],
    [11, 'hold'],
    [77, 'other'],
  ])('decodes the press %d', (button, press) => {
    const { occurrences } = beacon({ model_id: 'SBBT-002C', packet: 17, batt: 100, button });
    expect(occurrences).toMatchObject([{ kind: 'button', id: '17', attributes: { press, code: button } }]);
  });

  it('takes button 0 as a sign of life', () => {
    expect(beacon({ packet: 17, batt: 100, button: 0 })).toMatchObject({
      occurrences: [],
      samples: [{ sequence: 17 }],
    });
  });

  it('tells the state of the gateway, and leaves the rest alone', () => {
    expect(decode('home/gw/LWT', 'offline').occurrences).toMatchObject([{ device: 'gw', kind: 'offline' }]);
    expect(decode('home/gw/BTtoMQTT/undecoded', '{"id":"x"}')).toEqual(NOTHING);
    expect(decode('home/gw/SYStoMQTT', '{"uptime":1}')).toEqual(NOTHING);
    expect(beacon({ id: 'x', name: 'phone' })).toMatchObject(NOTHING);
  });

  it.each([
    ['{"tempc":"24"}', 'wrong-type'],
    ['{"hum":500}', 'out-of-range'],
    ['{"button":{}}', 'wrong-type'],
    ['{"tempc":NaN}', 'not-json'],
    ['7', 'wrong-shape'],
    ['{"tempc":24', 'not-json'],
  ])('refuses %s', (payload, code) => {
    expect(codesOf(beacon(payload))).toEqual([code]);
  });
});
