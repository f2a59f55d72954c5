import { encodePack, flag, numeric, type SenmlRecord } from '../../../firmware-sim/senml.ts';
import { createLines } from '../../../firmware-sim/wire/lines.ts';

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
}

/** Messages of one format as its devices send them, from several devices and with values that differ. */
export interface Format {
  readonly name: string;
  /** What the same bytes are parsed with beside it. */
  readonly bare: 'JSON.parse' | 'cbor-x' | 'split and Number';
  /** Over which it comes, MQTT where absent; there `topic` is the address. */
  readonly transport?: 'serial';
  messages(): readonly Message[];
}

/** 2026-01-01T00:00:00Z */
export const ARRIVED_MS = 1_767_225_600_000;
const SECONDS = ARRIVED_MS / 1000 - 2;

const DEVICES = 64;
const VARIANTS = 4;

const list = (topic: (device: number) => string, payload: (device: number, step: number) => Uint8Array): Message[] =>
  Array.from({ length: DEVICES * VARIANTS }, (_, at) => {
    const device = at % DEVICES;
    return { topic: topic(device), payload: Buffer.from(payload(device, Math.floor(at / DEVICES))) };
  });

const json = (
  name: string,
  topic: (device: number) => string,
  message: (device: number, step: number) => object | number,
): Format => ({
  name,
  bare: 'JSON.parse',
  messages: () => list(topic, (device, step) => Buffer.from(JSON.stringify(message(device, step)))),
});

const degrees = (device: number, step: number): number => 18 + device / 10 + step / 100;

const upTopic = (device: number): string => `muster/bench/up/badge-${device}`;

const badgeRecords = (device: number, step: number): readonly SenmlRecord[] => [
  numeric('seq', 'count', device * 100 + step, 0),
  numeric('acceleration/x', 'm/s2', 0.1 * step, 3),
  numeric('acceleration/y', 'm/s2', 0.2, 3),
  numeric('acceleration/z', 'm/s2', 9.7 + device / 1000, 3),
  numeric('movements', 'count', device + step, 0),
  numeric('battery', '%EL', 80 - step, 0),
  flag('onDuty', true),
];

const climateRecords = (device: number, step: number): readonly SenmlRecord[] => [
  numeric('temperature', 'Cel', degrees(device, step), 2),
  numeric('humidity', '%RH', 40 + step, 1),
];

const cborOf = (name: string, records: (device: number, step: number) => readonly SenmlRecord[]): Format => ({
  name,
  bare: 'cbor-x',
  messages: () =>
    list(upTopic, (device, step) =>
      encodePack({ device: `badge-${device}`, stampMs: ARRIVED_MS - 500, records: records(device, step) }, 'cbor'),
    ),
});

const packOf = (name: string, records: (device: number, step: number) => readonly SenmlRecord[]): Format => ({
  name,
  bare: 'JSON.parse',
  messages: () =>
    list(upTopic, (device, step) =>
      encodePack({ device: `badge-${device}`, stampMs: ARRIVED_MS - 500, records: records(device, step) }, 'json'),
    ),
});

const tag = (device: number): string => `F4:1F:0C:28:CB:${device.toString(16).padStart(2, '0').toUpperCase()}`;

const clampRecords = (device: number, step: number): readonly SenmlRecord[] =>
  ['a', 'b', 'c'].flatMap((phase) => [
    numeric(`current/${phase}`, 'A', device / 4 + step, 2),
    numeric(`voltage/${phase}`, 'V', 230 + step, 1),
    numeric(`power/${phase}`, 'W', 230 * step + device, 0),
  ]);

const positionRecords = (device: number, step: number): readonly SenmlRecord[] => [
  numeric('latitude', 'lat', 31.2 + device / 10_000, 6),
  numeric('longitude', 'lon', 121.5 + step / 10_000, 6),
  numeric('accuracy', 'm', 6, 1),
];

/** Lines of serial ports, as the devices write them. */
const linesOf = (
  format: 'emontx' | 'nmea',
  records: (device: number, step: number) => readonly SenmlRecord[],
): Format => ({
  name: format,
  bare: 'split and Number',
  transport: 'serial',
  messages: () => {
    const lines = Array.from({ length: DEVICES }, () => createLines(format));
    return Array.from({ length: DEVICES * VARIANTS }, (_, at) => at).flatMap((at) => {
      const [device, step] = [at % DEVICES, Math.floor(at / DEVICES)];
      const pack = {
        device: `port-${device}`,
        stampMs: ARRIVED_MS - 9_000 + step * 1000,
        records: records(device, step),
      };
      return (lines[device]?.(pack) ?? []).map((line) => ({ topic: pack.device, payload: Buffer.from(line) }));
    });
  },
});

/** Every format that arrives by MQTT, and lines of serial ports. */
export const FORMATS: readonly Format[] = [
  json('senml-json', upTopic, (device, step) => [{ n: 'temperature', u: 'Cel', v: degrees(device, step) }]),
  packOf('senml-json-badge', badgeRecords),
  cborOf('senml-cbor', climateRecords),
  cborOf('senml-cbor-badge', badgeRecords),
  json(
    'zigbee2mqtt',
    (device) => `zigbee2mqtt/hall-${device}`,
    (device, step) => ({
      temperature: degrees(device, step),
      humidity: 44.7,
      battery: 91,
      voltage: 3015,
      linkquality: 120,
    }),
  ),
  json(
    'tasmota',
    (device) => `tele/plug-${device}/SENSOR`,
    (device, step) => ({
      Time: '2026-01-01T00:00:00',
      ENERGY: {
        Total: 6.294,
        Power: 2635 + step,
        ApparentPower: 2650,
        Factor: 0.99,
        Voltage: 227,
        Current: device / 8,
      },
    }),
  ),
  json(
    'shelly',
    (device) => `shellyem-${device}/events/rpc`,
    (device, step) => ({
      src: `shellyem-${device}`,
      dst: `shellyem-${device}/events`,
      method: 'NotifyStatus',
      params: { ts: SECONDS + step, 'em1:0': { id: 0, current: device / 8, voltage: 230.5, act_power: 600 + step } },
    }),
  ),
  json('esphome', (device) => `hall-${device}/sensor/temperature/state`, degrees),
  json(
    'frigate',
    (device) => `frigate/camera-${device}/person`,
    (device, step) => device + step,
  ),
  json(
    'theengs',
    (device) => `home/gateway/BTtoMQTT/CBB8334C88${device.toString(16).padStart(2, '0').toUpperCase()}`,
    (device, step) => ({
      id: `CB:B8:33:4C:88:${device}`,
      rssi: -82,
      model_id: 'BM_V23',
      tempc: degrees(device, step),
      hum: 40,
    }),
  ),
  json(
    'ruuvi-gateway',
    (device) => `ruuvi/C8:25:2D:8E:9C:2C/${tag(device)}`,
    (device, step) => ({
      gw_mac: 'C8:25:2D:8E:9C:2C',
      rssi: -26 - step,
      aoa: [],
      gwts: `${SECONDS}`,
      ts: `${SECONDS}`,
      // The advertisement ends with its own MAC, which has to be the topic's.
      data: `0201061BFF99040515AE4C6DC6D7000CFFF803F4ADB6AD697F${tag(device).replaceAll(':', '')}`,
    }),
  ),
  json(
    'owntracks',
    (device) => `owntracks/guard-${device}/phone`,
    (device, step) => ({
      _type: 'location',
      acc: 12,
      batt: 53,
      lat: 31.2 + device / 10_000,
      lon: 121.5 + step / 10_000,
      tid: 'j1',
      tst: SECONDS,
      vel: 4,
    }),
  ),
  linesOf('emontx', clampRecords),
  linesOf('nmea', positionRecords),
];
