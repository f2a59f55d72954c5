import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vectors } from '../../../shared-vectors.ts';
import { ARRIVED_MS, channelsOf, codesOf, decode, startSession } from '../decoding.ts';

const EUI = '24e124760c123456';
const topic = (event: string, eui = EUI) => `application/1/device/${eui}/event/${event}`;
const TIME = '2025-12-31T23:59:59.775023242+00:00';

const info = (deviceProfileName: string) => ({ deviceProfileName, deviceName: 'Hall', devEui: EUI });
const data = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('base64');

const up = (hex: string, extra: object = {}, model = '') => ({
  deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
  time: TIME,
  deviceInfo: info(model),
  devAddr: '00189440',
  fCnt: 12,
  fPort: 85,
  data: data(hex),
  rxInfo: [
    { gatewayId: 'far', rssi: -110, snr: -7 },
    { gatewayId: 'near', rssi: -71, snr: 9.5 },
  ],
  ...extra,
});

describe('ChirpStack uplinks', () => {
  it('bring the device’s values, its radio, its time and its counter', () => {
    const { samples, failures, hearings } = decode(topic('up'), up('01755C 03673401 046865'));
    expect(failures).toEqual([]);
    expect(samples).toMatchObject([
      {
        device: EUI,
        channel: '',
        sequence: 12,
        timeFrom: 'device',
        timeMs: Date.parse(TIME),
        metrics: {
          batteryPercent: 92,
          temperatureCelsius: 30.8,
          humidityPercent: 50.5,
          rssiDbm: -71,
          snrDecibels: 9.5,
        },
      },
    ]);
    expect(hearings).toMatchObject([
      { device: EUI, receiver: 'chirpstack:far', rssiDbm: -110 },
      { device: EUI, receiver: 'chirpstack:near', rssiDbm: -71 },
    ]);
  });

  it('of a counter bring lines and regions', () => {
    const decoded = decode(topic('up'), up('03D248000000 04D2C8000000 0FE302100709'));
    expect(channelsOf(decoded)).toEqual({
      '': { rssiDbm: -71, snrDecibels: 9.5 },
      line1: { entriesTotal: 72, exitsTotal: 200 },
      region1: { occupancyPersons: 2 },
      region2: { occupancyPersons: 16 },
      region3: { occupancyPersons: 7 },
      region4: { occupancyPersons: 9 },
    });
  });

  it('on another port are read by the name of the profile', () => {
    const decoded = decode(topic('up'), up('03673401', { fPort: 7, rxInfo: [] }, 'Milesight EM300-TH'));
    expect(channelsOf(decoded)).toEqual({ '': { temperatureCelsius: 30.8 } });
  });

  it('of other makes are read by ChirpStack’s own codec', () => {
    const object = {
      temperature: 21.5,
      humidity: 40,
      line_1_total_in: 5,
      region_2_count: 3,
      people_count_all: 4,
      a: {},
    };
    const decoded = decode(topic('up'), up('ffee', { fPort: 2, object, rxInfo: [] }));
    expect(decoded.failures).toEqual([]);
    expect(channelsOf(decoded)).toEqual({
      '': { temperatureCelsius: 21.5, humidityPercent: 40, occupancyPersons: 4 },
      line1: { entriesTotal: 5 },
      region2: { occupancyPersons: 3 },
    });
  });

  it('whose bytes nobody reads are kept as they came', () => {
    const decoded = decode(topic('up'), up('aa', { fPort: 1 }));
    expect(decoded.failures).toEqual([]);
    expect(channelsOf(decoded)).toEqual({ '': { rssiDbm: -71, snrDecibels: 9.5 } });
    expect(decoded.occurrences).toMatchObject([{ kind: 'log', attributes: { fPort: 1, dataHex: 'aa' } }]);
  });

  it('without a counter are the first: Protocol Buffers leave out a zero', () => {
    const { fCnt: _, ...first } = up('01755C');
    expect(decode(topic('up'), first).samples).toMatchObject([{ sequence: 0 }]);
  });

  it('that were stored come under their own time', () => {
    const { samples } = decode(topic('up'), up('01755C 20CE9E74466310015D00', {}, 'EM300-TH'));
    expect(samples).toMatchObject([
      { historical: false, sequence: 12 },
      { historical: true, sequence: undefined, timeMs: 1_665_561_758_000, metrics: { temperatureCelsius: 27.2 } },
    ]);
  });
});

it('ChirpStack uplinks of arbitrary bytes do no harm', () => {
  const models = ['', 'VS133', 'VS121', 'EM300-TH', 'EM300-DI', 'EM500-CO2', 'UC300', 'CT101'];
  const heads = fc.constantFrom('03d2', '20ce', '0175', '0367', '0fe3', '07d5', 'ff08', 'ff19', '50fc', '0498');
  const records = fc.array(
    fc.oneof(
      heads,
      fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...models), records, (model, parts) => {
      const { samples, failures } = decode(topic('up'), up(parts.join('').slice(0, 400), { rxInfo: [] }, model));
      for (const { metrics } of samples) {
        for (const value of Object.values(metrics)) expect(Number.isFinite(value)).toBe(true);
      }
      for (const { code } of failures) {
        expect(['wrong-length', 'unknown-name', 'out-of-range', 'not-a-number', 'wrong-time']).toContain(code);
      }
    }),
    { numRuns: 2000 },
  );
});

describe('repeated ChirpStack uplinks', () => {
  it('count once, and say again who heard the device', () => {
    const session = startSession();
    expect(session.decode(topic('up'), up('01755C')).samples).toHaveLength(1);
    const again = session.decode(topic('up'), up('01755C'));
    expect(again.samples).toEqual([]);
    expect(again.hearings).toHaveLength(2);
    expect(session.decode(topic('up'), up('01755C', { fCnt: 13 })).samples).toHaveLength(1);
  });

  it('are new ones after another join, though the counter begins again', () => {
    const session = startSession();
    session.decode(topic('up'), up('01755C'));
    expect(session.decode(topic('up'), up('01755C', { devAddr: '00189441' })).samples).toHaveLength(1);
    session.decode(topic('join'), { time: TIME, deviceInfo: info(''), devAddr: '00189440' });
    expect(session.decode(topic('up'), up('01755C')).samples).toHaveLength(1);
  });

  it('of a device whose counter was reset long after are new, too', () => {
    const session = startSession();
    session.decode(topic('up'), up('01755C', { time: '2025-12-31T20:00:00Z' }));
    expect(session.decode(topic('up'), up('01755C')).samples).toHaveLength(1);
  });

  it('are known in a bounded memory', () => {
    const session = startSession();
    for (let fCnt = 0; fCnt < 1000; fCnt += 1) session.decode(topic('up'), up('01755C', { fCnt }));
    expect(JSON.stringify(session.memories.save()).length).toBeLessThan(2000);
  });
});

describe('other events of ChirpStack', () => {
  const event = (extra: object) => ({ time: TIME, deviceInfo: info(''), ...extra });

  it('join: the device is there', () => {
    const decoded = decode(topic('join'), event({ devAddr: '00189440', deduplicationId: 'c9dbe358' }));
    expect(decoded.occurrences).toMatchObject([{ kind: 'online', device: EUI, id: 'c9dbe358' }]);
  });

  it('status: the battery, if it has one', () => {
    expect(channelsOf(decode(topic('status'), event({ margin: 10, batteryLevel: 88.3 })))).toEqual({
      '': { batteryPercent: 88.3 },
    });
    for (const flag of ['externalPowerSource', 'batteryLevelUnavailable']) {
      expect(decode(topic('status'), event({ [flag]: true, batteryLevel: 0 })).samples).toEqual([]);
    }
  });

  it('location: where it is', () => {
    const location = { latitude: 37.344214, longitude: -8.839375, altitude: 2 };
    expect(channelsOf(decode(topic('location'), event({ location })))).toEqual({
      '': { latitudeDegrees: 37.344214, longitudeDegrees: -8.839375, altitudeMeters: 2 },
    });
  });

  it('log: what went wrong', () => {
    const decoded = decode(topic('log'), event({ level: 'ERROR', code: 'UPLINK_MIC', description: 'bad MIC' }));
    expect(decoded.occurrences).toMatchObject([{ kind: 'log', attributes: { level: 'ERROR', code: 'UPLINK_MIC' } }]);
  });

  it.each(['ack', 'txack', 'integration', 'whatever'])('%s: nothing for us', (name) => {
    expect(decode(topic(name), event({}))).toMatchObject({ samples: [], occurrences: [], failures: [] });
  });
});

describe('ChirpStack messages that are refused', () => {
  it.each([
    ['another device than the topic’s', topic('up', '0101010101010101'), up('01755C'), 'wrong-device'],
    ['a topic without a DevEUI', topic('up', 'hall'), up('01755C'), 'wrong-device'],
    ['ChirpStack 3', topic('up'), { devEUI: 'JOEkdgwSNFY=', data: 'AXVc' }, 'wrong-shape'],
    ['a counter that is none', topic('up'), up('01755C', { fCnt: -1 }), 'wrong-type'],
    ['data that is no base64', topic('up'), up('', { data: '?' }), 'wrong-type'],
    ['more data than LoRaWAN carries', topic('up'), up('', { data: data('01755C'.repeat(300)) }), 'wrong-type'],
    ['no JSON', topic('up'), '{', 'not-json'],
  ])('%s', (_name, address, message, code) => {
    expect(codesOf(decode(address, message))).toEqual([code]);
  });

  it('a time that cannot be right falls back to arrival', () => {
    const decoded = decode(topic('up'), up('01755C', { time: 'then' }));
    expect(codesOf(decoded)).toEqual(['wrong-time']);
    expect(decoded.samples).toMatchObject([{ timeFrom: 'arrival', timeMs: ARRIVED_MS }]);
  });
});

const cases = vectors('mqtt_payloads.jsonl')?.filter(({ family }) => family === 'chirpstack');

describe.skipIf(cases === undefined)('shared ChirpStack vectors (needs ../shared/vectors)', () => {
  it('bring their facts', () => {
    expect(cases?.length).toBeGreaterThan(0);
    for (const each of cases ?? []) {
      const { samples, occurrences, failures } = decode(`${each.topic}`, `${each.payload}`);
      expect(failures).toEqual([]);
      const facts = new Map((Array.isArray(each.facts) ? each.facts : []).map(([name, value]) => [name, value]));
      expect(samples).toMatchObject([
        {
          device: facts.get('devEui'),
          timeMs: Date.parse(`${facts.get('time')}`),
          metrics: { rssiDbm: facts.get('rssi'), snrDecibels: facts.get('snr') },
        },
      ]);
      expect(occurrences).toMatchObject([
        { attributes: { fPort: facts.get('fPort'), dataHex: facts.get('data_hex') } },
      ]);
    }
  });
});
