import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkOptions } from '../../../firmware-sim/link.ts';
import { seededRandom } from '../../../firmware-sim/random.ts';
import { numeric, type SenmlRecord } from '../../../firmware-sim/senml.ts';
import { lorawanEmit, lorawanTransport } from '../../../firmware-sim/transports/lorawan.ts';
import { encodeMilesight, type MilesightModel } from '../../../firmware-sim/wire/milesight.ts';
import { ARRIVED_MS, channelsOf, startSession } from '../../ingest/decoders/decoding.ts';
import { fakeClock } from '../stage/fake-clock.ts';

const EUI = '24e124760c000001';

/** A sensor whose uplinks the gateway's decoders read. */
const stage = (model: MilesightModel, radio: object = {}) => {
  const session = startSession();
  const topics: string[] = [];
  const payloads: Uint8Array[] = [];
  const connect = ({ upTopic }: LinkOptions) => ({
    open: () => undefined,
    send: (payload: Uint8Array) => {
      topics.push(upTopic);
      payloads.push(payload);
    },
    cut: () => undefined,
    close: () => Promise.resolve(),
    dropped: 0,
    waiting: 0,
  });
  const transport = lorawanTransport({
    broker: 'none',
    device: 'lane',
    secret: undefined,
    emit: lorawanEmit.parse({ transport: 'lorawan', devEui: EUI, model, ...radio }),
    radio: seededRandom(1, 'radio'),
    clock: fakeClock(),
    random: seededRandom(1, 'reconnects'),
    onCommand: () => undefined,
    onReady: () => undefined,
    onProblem: () => undefined,
    connect,
  });
  transport.open();
  const send = (records: readonly SenmlRecord[], stampMs = ARRIVED_MS - 1000) => {
    const before = payloads.length;
    transport.send({ device: 'lane', stampMs, records }, false);
    return payloads.slice(before).map((payload, at) => session.decode(topics[before + at] ?? '', payload));
  };
  return { transport, send, topics, payloads };
};

const decodedOf = (model: MilesightModel, records: readonly SenmlRecord[]) => {
  const [decoded] = stage(model, { gateways: 1 }).send(records);
  expect(decoded?.failures).toEqual([]);
  const channels = decoded === undefined ? {} : channelsOf(decoded);
  const withoutRadio = Object.entries(channels).map(([channel, metrics]) => {
    const { rssiDbm: _rssi, snrDecibels: _snr, ...measured } = { rssiDbm: 0, snrDecibels: 0, ...metrics };
    return [channel, measured] as const;
  });
  return Object.fromEntries(withoutRadio.filter(([, measured]) => Object.keys(measured).length > 0));
};

const count = fc.nat(0xff_ff_ff_ff);

describe('what the simulator sends over LoRaWAN, the gateway reads', () => {
  it('totals of VS133', () => {
    fc.assert(
      fc.property(count, count, (entries, exits) => {
        const records = [numeric('entries', 'count', entries, 0), numeric('exits', 'count', exits, 0)];
        expect(decodedOf('VS133', records)).toEqual({ line1: { entriesTotal: entries, exitsTotal: exits } });
      }),
    );
  });

  it('short totals of VS121, which begin again', () => {
    fc.assert(
      fc.property(count, count, (entries, exits) => {
        const records = [numeric('entries', 'count', entries, 0), numeric('exits', 'count', exits, 0)];
        expect(decodedOf('VS121', records)).toEqual({
          '': { entriesTotal: entries % 65_536, exitsTotal: exits % 65_536 },
        });
      }),
    );
  });

  it('climate of EM300-TH, as fine as it says it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -600, max: 1200 }), fc.nat(200), fc.nat(100), (tenths, halves, battery) => {
        const records = [
          numeric('temperature', 'Cel', tenths / 10, 2),
          numeric('humidity', '%RH', halves / 2, 1),
          numeric('battery', '%EL', battery, 0),
        ];
        expect(decodedOf('EM300-TH', records)).toEqual({
          '': { temperatureCelsius: tenths / 10, humidityPercent: halves / 2, batteryPercent: battery },
        });
      }),
    );
  });

  it('currents of CT101', () => {
    fc.assert(
      fc.property(fc.nat(65_534), (hundredths) => {
        const records = [numeric('current/a', 'A', hundredths / 100, 2)];
        expect(decodedOf('CT101', records)).toEqual({ '': { currentAmps: hundredths / 100 } });
      }),
    );
  });

  it('the very bytes of the vendor’s examples', () => {
    const climate = [
      numeric('battery', '%EL', 92, 0),
      numeric('temperature', 'Cel', 30.8, 1),
      numeric('humidity', '%RH', 50.5, 1),
    ];
    expect(Buffer.from(encodeMilesight('EM300-TH', climate)).toString('hex')).toBe('01755c03673401046865');
    const totals = [numeric('entries', 'count', 72, 0), numeric('exits', 'count', 200, 0)];
    expect(Buffer.from(encodeMilesight('VS133', totals)).toString('hex')).toBe('03d24800000004d2c8000000');
  });
});

describe('the simulated LoRaWAN', () => {
  const entries = (value: number) => [numeric('entries', 'count', value, 0), numeric('exits', 'count', 0, 0)];

  it('publishes where ChirpStack does, with the device’s own time and every gateway’s reception', () => {
    const { send, topics } = stage('VS133', { gateways: 3 });
    const [decoded] = send(entries(1));
    expect(topics).toEqual([`application/venue/device/${EUI}/event/up`]);
    expect(decoded?.samples[0]).toMatchObject({
      device: EUI,
      timeFrom: 'device',
      timeMs: ARRIVED_MS - 1000,
      sequence: 0,
    });
    expect(decoded?.hearings).toHaveLength(3);
  });

  it('repeats uplinks, which count once', () => {
    const { send } = stage('VS133', { repeatsFraction: 1 });
    for (let value = 0; value < 10; value += 1) {
      expect(send(entries(value)).map(({ samples }) => samples.length > 0)).toEqual([true, false]);
    }
  });

  it('loses uplinks, and says so', () => {
    const { send, transport, payloads } = stage('VS133', { lossFraction: 0.5 });
    for (let value = 0; value < 100; value += 1) send(entries(value));
    expect(transport.dropped + payloads.length).toBe(100);
    expect(transport.dropped).toBeGreaterThan(20);
    expect(payloads.length).toBeGreaterThan(20);
  });

  it('joins anew after it was off: the counter begins again, and nothing is taken for a repetition', () => {
    const { send, transport } = stage('VS133');
    send(entries(1));
    transport.cut();
    transport.open();
    expect(send(entries(2))[0]?.samples).toMatchObject([{}, { sequence: 0, metrics: { entriesTotal: 2 } }]);
  });

  it('has no words for what the model does not measure', () => {
    const { send, transport } = stage('VS133');
    expect(send([numeric('temperature', 'Cel', 20, 1)])).toEqual([]);
    expect(transport.dropped).toBe(1);
  });
});
