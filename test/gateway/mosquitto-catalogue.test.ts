import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../../gateway/app.ts';
import { CATALOGUE } from '../../ingest/decoders/catalogue.ts';
import { readPayload } from '../../ingest/decoders/sparkplug/payload.ts';
import { payload } from '../ingest/decoders/sparkplug/payloads.ts';
import { requireProgram } from '../system-programs.ts';
import { until } from '../until.ts';
import { connect, start } from './fixture.ts';
import { publishWithMosquitto } from './mosquitto-pub.ts';

const installed = requireProgram('mosquitto_pub', 'mosquitto-clients');

const EUI = '24e124760c123456';
const VENUE = `
security: { anonymous: loopback }
zones: { door: { areaM2: 10, use: standing } }
devices:
  counter: { profile: people-counter, zone: door, address: "chirpstack:${EUI}" }
  panel: { profile: climate, address: "sparkplug:Hall/Panel" }
  tent: { profile: climate, address: "homeassistant:tent" }
  cellar: { profile: climate, address: "homeassistant:cellar" }
rules:
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { yellow: 60 } }
  - { id: density, kind: crowd-density, holdSeconds: 0, limits: { standing: { yellow: 2, orange: 2.5, red: 3 } } }
`;

const DOUBLE = 10;

describe.skipIf(!installed)('formats of the catalogue, published with mosquitto_pub', () => {
  let app: App;
  beforeEach(async () => {
    app = await start(VENUE);
  });
  afterEach(() => app.stop());

  const metricsOf = (device: string, channel = '') => app.hotPath.lastSamples.get(device).get(channel)?.metrics;

  test('plain JSON becomes a sample, and an alarm past the limit', async () => {
    await publishWithMosquitto(app, 'muster/hall/json/tent', '{"temperature":61,"humidity":20}');
    await until(() => app.hotPath.openAlarms().length === 1, 'an alarm of the tent');
    expect(app.hotPath.openAlarms()).toMatchObject([{ kind: 'threshold', subject: 'tent' }]);
    expect(metricsOf('tent')).toMatchObject({ temperatureCelsius: 61, humidityPercent: 20 });
  });

  test('a topic is nobody’s until it was announced', async () => {
    const { rejected } = app.hotPath.intake;
    await publishWithMosquitto(app, 'cellar/climate', '{"t":68}');
    await until(() => rejected.list().length === 1, 'the refusal');
    expect(rejected.list()).toMatchObject([{ code: 'unknown-topic', address: 'cellar/climate' }]);
    await publishWithMosquitto(
      app,
      'homeassistant/sensor/cellar/temperature/config',
      '{"stat_t":"cellar/climate","val_tpl":"{{ value_json.t }}","unit_of_meas":"°F"}',
    );
    await publishWithMosquitto(app, 'cellar/climate', '{"t":68}');
    await until(() => metricsOf('cellar') !== undefined, 'the value of the cellar');
    expect(metricsOf('cellar')).toEqual({ temperatureCelsius: 20 });
  });

  test('a counter on LoRaWAN fills its zone; the same uplink again changes nothing', async () => {
    const up = JSON.stringify({
      time: new Date().toISOString(),
      deviceInfo: { deviceProfileName: 'VS133', devEui: EUI },
      devAddr: '00189440',
      fCnt: 7,
      fPort: 85,
      data: Buffer.from('0FE305001200', 'hex').toString('base64'),
      rxInfo: [{ gatewayId: 'g', rssi: -70, snr: 8 }],
    });
    for (let time = 0; time < 2; time += 1) {
      await publishWithMosquitto(app, `application/1/device/${EUI}/event/up`, up);
    }
    await until(() => app.hotPath.intake.counters.frames === 2, 'both uplinks');
    // 5 and 18 persons in two regions, on 10 m².
    expect(app.hotPath.openAlarms()).toMatchObject([{ kind: 'crowd-density', subject: 'door', severity: 'yellow' }]);
    expect(app.hotPath.intake.counters.samples).toBe(5);
    expect(metricsOf('counter')).toMatchObject({ rssiDbm: -70, snrDecibels: 8 });
  });

  test('Sparkplug data before a birth make the gateway ask for one, and once only', async () => {
    const node = await connect(app);
    const heard: Buffer[] = [];
    node.on('message', (_topic, bytes) => heard.push(bytes));
    await node.subscribeAsync('spBv1.0/Hall/NCMD/Panel');
    const nowMs = Date.now();
    const data = (seq: number) => payload(seq, [{ alias: 1, double: 22 }], nowMs + seq);
    await publishWithMosquitto(app, 'spBv1.0/Hall/NDATA/Panel', data(3));
    await until(() => heard.length === 1, 'the request for rebirth');
    expect(readPayload(heard[0] ?? new Uint8Array())?.metrics).toMatchObject([
      { name: 'Node Control/Rebirth', value: { type: 'boolean', value: true } },
    ]);
    expect(metricsOf('panel')).toBeUndefined();

    await publishWithMosquitto(app, 'spBv1.0/Hall/NDATA/Panel', data(4));
    const birth = payload(0, [{ name: 'Temperature', alias: 1, datatype: DOUBLE, double: 21 }], nowMs + 5);
    await publishWithMosquitto(app, 'spBv1.0/Hall/NBIRTH/Panel', birth);
    await publishWithMosquitto(app, 'spBv1.0/Hall/NDATA/Panel', payload(1, [{ alias: 1, double: 22 }], nowMs + 6));
    await until(() => metricsOf('panel')?.temperatureCelsius === 22, 'the value by its alias');
    expect(heard).toHaveLength(1);
    expect(app.health().counters).toMatchObject({ requests: { sent: 1, limited: 1, unsent: 0 } });
    await node.endAsync();
  });

  test('every example of the catalogue passes without a failure', async () => {
    const shown = CATALOGUE.filter(({ transport }) => transport === 'mqtt').flatMap(({ examples }) => examples);
    const { intake } = app.hotPath;
    for (const { address, payload: text, payloadHex } of shown) {
      const topic = address.replace('/riverside/', '/hall/');
      await publishWithMosquitto(app, topic, text ?? Buffer.from(payloadHex ?? '', 'hex'));
    }
    await until(() => intake.counters.frames === shown.length, 'all examples');
    expect(intake.rejected.list()).toEqual([]);
    expect(app.hotPath.faults).toBe(0);
    expect(intake.discovered.list().length).toBeGreaterThan(10);
  });
});
