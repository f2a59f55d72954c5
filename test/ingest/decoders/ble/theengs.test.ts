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

describe('adverts that Theengs or OpenMQTTGateway passes on as they are', () => {
  const SERVICE = '400011015d02ca0903bf13';
  const RUUVI = '99040512fc5394c37c0004fffc040cac364200cdcbb8334c884f';

  it.each(['fcd2', '0xfcd2', '0000fcd2-0000-1000-8000-00805f9b34fb'])('reads BTHome under %s', (servicedatauuid) => {
    const message = { id: 'CB:B8:33:4C:88:4F', rssi: -70, servicedata: SERVICE, servicedatauuid };
    for (const topic of ['home/omg/BTtoMQTT/undecoded', 'home/omg/BTtoMQTT/CBB8334C884F']) {
      const decoded = decode(topic, message);
      expect(decoded.samples).toMatchObject([
        {
          device: 'CB:B8:33:4C:88:4F',
          sequence: 17,
          metrics: { temperatureCelsius: 25.06, batteryPercent: 93, rssiDbm: -70 },
        },
      ]);
      expect(decoded.hearings).toMatchObject([{ receiver: 'theengs:omg', rssiDbm: -70 }]);
    }
  });

  it('reads manufacturer data, and rather the bytes than what was made of them', () => {
    const message = {
      id: 'CB:B8:33:4C:88:4F',
      manufacturerdata: RUUVI,
      model_id: 'RuuviTag_RAWv2',
      tempc: 99,
      seq: 205,
    };
    expect(beacon(message).samples).toMatchObject([{ sequence: 205, metrics: { temperatureCelsius: 24.3 } }]);
  });

  it('finds the address of a beacon that is published under its UUID', () => {
    const message = { id: '1de4b189115e45f6b44e509352269977', mac: '60:87:57:4C:9B:C2', rssi: -78, txpower: -66 };
    expect(decode('home/omg/BTtoMQTT/1de4b189115e45f6b44e509352269977', message).samples[0]?.device).toBe(
      '60:87:57:4C:9B:C2',
    );
  });

  it.each([
    [{ servicedata: 'drfgdrgd', servicedatauuid: 'fcd2' }],
    [{ servicedata: SERVICE }],
    [{ servicedata: SERVICE, servicedatauuid: '0xfe95' }],
    [{ servicedata: '00'.repeat(300), servicedatauuid: 'fcd2' }],
    [{ manufacturerdata: '4c001007331f2b3c4d5e6f' }],
    [{ manufacturerdata: 7 }],
  ])('leaves %j alone', (message) => {
    expect(decode('home/omg/BTtoMQTT/undecoded', { id: 'CB:B8:33:4C:88:4F', ...message })).toEqual(NOTHING);
  });
});
