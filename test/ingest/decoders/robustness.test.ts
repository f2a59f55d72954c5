import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../ingest/decoders/decode-frame.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../ingest/decoders/router.ts';
import { METRIC_NAMES, METRICS } from '../../../ingest/model/metrics.ts';
import { type Decoded, FAILURE_CODES } from '../../../ingest/model/sample.ts';
import { ARRIVED_MS, type Session, startSession } from './decoding.ts';

const TOPICS = [
  'muster/riverside/up/gate-a',
  'zigbee2mqtt/hall/b',
  'zigbee2mqtt/b/availability',
  'zigbee2mqtt/bridge/state',
  'frigate/hall/person',
  'frigate/available',
  'frigate/events',
  'frigate/tracked_object_update',
  'frigate/triggers',
  'owntracks/li/phone',
  'owntracks/li/phone/event',
  'ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6',
  'ruuvi/C8:25:2D:8E:9C:2C/gw_status',
  'home/gw/BTtoMQTT/CBB8334C884F',
  'home/gw/BTtoMQTT/undecoded',
  'shelly-blu/events/cb:b8:33:4c:88:4f',
  'home/gw/LWT',
  'tele/plug/SENSOR',
  'tele/plug/LWT',
  'em/events/rpc',
  'em/status/em:0',
  'em/online',
  'homeassistant/sensor/node/hall_temperature/config',
  'node/sensor/hall_temperature/state',
  'node/binary_sensor/door/state',
  'node/status',
];

/** Names that mean something to one format or another, so that arbitrary objects get past the first check. */
const KEYS = [
  ...['n', 'u', 'v', 'vb', 'vs', 't', 'bn', 'bt', 'bv', 'bver', '__proto__', 'constructor', 'x_'],
  ...['temperature', 'humidity', 'action', 'battery', 'voltage', 'current', 'last_seen', 'state', 'occupancy'],
  ...['type', 'after', 'before', 'id', 'camera', 'label', 'frame_time', 'timestamp', 'current_zones'],
  ...[
    '_type',
    'lat',
    'lon',
    'tst',
    'event',
    'desc',
    'batt',
    'data',
    'ts',
    'rssi',
    'tempc',
    'accx',
    'model_id',
    'button',
  ],
  ...['ENERGY', 'Current', 'AM2301', 'Temperature', 'TempUnit', 'method', 'params', 'events', 'component', 'em:0'],
  ...['a_current', 'unit_of_meas', 'dev_cla', 'servicedata', 'servicedatauuid', 'manufacturerdata', 'pid', 'window'],
];
const WORDS = [
  'temperature',
  'sos',
  'seq',
  'gate-a/',
  'location',
  'transition',
  'lwt',
  'NotifyStatus',
  'NotifyEvent',
  'new',
  'online',
];

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(...WORDS),
    fc.string(),
    fc.array(tie('value'), { maxLength: 5 }),
    // Text, so that `__proto__` becomes a key of its own.
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value'), { maxKeys: 8 }),
  ),
})).value;

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ maxLength: 50 }).map((text) => new Uint8Array(Buffer.from(text))),
  json.map((value) => new Uint8Array(Buffer.from(JSON.stringify(value)))),
  fc.array(json, { maxLength: 3 }).map((value) => new Uint8Array(Buffer.from(JSON.stringify(value)))),
);

/** What every decoder promises, whatever came in. */
const expectSound = ({ samples, occurrences, failures }: Decoded): void => {
  for (const sample of samples) {
    expect(Object.keys(sample.metrics).length).toBeGreaterThan(0);
    for (const name of Object.keys(sample.metrics)) expect(METRIC_NAMES).toContain(name);
    for (const name of METRIC_NAMES) {
      const value = sample.metrics[name];
      if (value !== undefined) expect(value >= METRICS[name].min && value <= METRICS[name].max).toBe(true);
    }
    expect(sample.timeMs).toBeLessThanOrEqual(ARRIVED_MS + 86_400_000);
    expect(sample.timeMs).toBeGreaterThanOrEqual(946_684_800_000);
  }
  for (const { attributes, id } of occurrences) {
    for (const value of [id, ...Object.values(attributes)]) {
      expect(['string', 'number', 'boolean', 'undefined'].includes(typeof value) || value === null).toBe(true);
      if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(300);
    }
  }
  for (const { code, where } of failures) {
    expect(Object.hasOwn(FAILURE_CODES, code)).toBe(true);
    expect(where.length).toBeLessThanOrEqual(300);
  }
};

const session: Session = startSession();

describe('every decoder', () => {
  it('stands arbitrary bytes, texts and JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TOPICS), payload, fc.boolean(), (topic, bytes, retained) => {
        expectSound(session.decode(topic, bytes, { retained }));
      }),
      { numRuns: 4000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('stands arbitrary topics', () => {
    const level = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...TOPICS.join('/').split('/'), '__proto__'));
    fc.assert(
      fc.property(fc.array(level, { maxLength: 6 }), (levels) => {
        expectSound(session.decode(levels.join('/'), '1'));
      }),
      { numRuns: 2000 },
    );
  });

  it('stands arbitrary adverts', () => {
    const router = createRouter([]);
    const memories = createMemories();
    const ruuvi = fc
      .uint8Array({ minLength: 20, maxLength: 30 })
      .map((bytes) => [bytes.length + 3, 0xff, 0x99, 4, ...bytes]);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), ruuvi), fc.integer(), (bytes, rssiDbm) => {
        const advert = new Uint8Array(bytes);
        const base = { source: 'hci0', transport: 'ble', arrivedMs: ARRIVED_MS, retained: false } as const;
        const frame = { ...base, address: 'AA:BB:CC:DD:EE:FF', payload: advert, rssiDbm };
        for (const failure of decodeFrame(frame, router, memories).decoded.failures) {
          expect(Object.hasOwn(FAILURE_CODES, failure.code)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each(TOPICS)('takes no harm from a megabyte or deep nesting on %s', (topic) => {
    for (const text of [
      '['.repeat(1_000_000),
      `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      '9'.repeat(1_000_000),
    ]) {
      const decoded = session.decode(topic, text);
      expect(decoded.samples).toEqual([]);
      expect(decoded.failures).toHaveLength(1);
    }
  });

  it('knows no decoder for a serial line yet, and says so', () => {
    const base = { source: 's', arrivedMs: 0, retained: false, payload: new Uint8Array() } as const;
    const { decoded } = decodeFrame(
      { ...base, transport: 'serial', address: '/dev/x' },
      createRouter([]),
      createMemories(),
    );
    expect(decoded.failures[0]?.code).toBe('unknown-topic');
  });
});
