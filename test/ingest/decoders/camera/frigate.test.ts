import { describe, expect, it } from 'vitest';
import { golden } from '../../../golden.ts';
import { codesOf, decode } from '../decoding.ts';

const NOTHING = { samples: [], occurrences: [], failures: [] };

describe('Frigate', () => {
  it.each(golden('frigate.jsonl'))('decodes $id without naming anybody', ({ topic, payload }) => {
    const decoded = decode(`${topic}`, `${payload}`);
    expect(decoded.failures).toEqual([]);
    expect(decoded.samples.length + decoded.occurrences.length).toBe(1);
    expect(JSON.stringify(decoded)).not.toMatch(/John|ABC12345|123ABC|sedan/);
  });

  it.each([
    ['frigate/hall/person', { occupancyPersons: 3 }],
    ['frigate/hall/person/active', { activePersons: 3 }],
    ['frigate/hall/all', { presentObjects: 3 }],
    ['frigate/hall/all/active', { activeObjects: 3 }],
  ])('counts %s', (topic, metrics) => {
    expect(decode(topic, '3').samples).toMatchObject([{ device: 'hall', timeFrom: 'arrival', metrics }]);
  });

  it('decodes a tracked object with its zones', () => {
    const after = {
      id: '1.5-abc',
      camera: 'gate',
      label: 'backpack',
      frame_time: 1_700_000_000.5,
      sub_label: ['John Smith', 0.79],
      recognized_license_plate: 'ABC12345',
      current_zones: ['yard', 7],
      entered_zones: ['yard', 'drive'],
      stationary: true,
    };
    const { occurrences } = decode('frigate/events', { type: 'update', before: {}, after });
    expect(occurrences).toMatchObject([
      {
        device: 'gate',
        kind: 'detection',
        id: '1.5-abc.update.1700000000.5',
        timeMs: 1_700_000_000_500,
        attributes: {
          change: 'update',
          id: '1.5-abc',
          label: 'backpack',
          zones: 'yard',
          enteredZones: 'yard,drive',
          stationary: true,
        },
      },
    ]);
  });

  it.each([
    ['frigate/available', 'online', 'frigate', 'online'],
    ['frigate/available', 'stopped', 'frigate', 'offline'],
    ['frigate/hall/status/detect', 'online', 'hall', 'online'],
    ['frigate/hall/status/detect', 'disabled', 'hall', 'offline'],
  ])('%s %s', (topic, payload, device, kind) => {
    expect(decode(topic, payload).occurrences).toMatchObject([{ device, kind }]);
  });

  it.each([
    'frigate/stats',
    'frigate/reviews',
    'frigate/hall/car',
    'frigate/hall/motion',
    'frigate/hall/person/snapshot',
    'frigate/hall/status/audio',
    'frigate/hall/detect/state',
  ])('leaves %s alone', (topic) => {
    expect(decode(topic, Buffer.from([0xff, 0xd8]))).toEqual(NOTHING);
  });

  it.each([
    ['frigate/hall/person', '-1', 'not-text'],
    ['frigate/hall/person', '1.5', 'not-text'],
    ['frigate/hall/person', '', 'not-text'],
    ['frigate/hall/person', 'NaN', 'not-text'],
    ['frigate/hall/person', '1e3', 'not-text'],
    ['frigate/hall/person', '99999999', 'out-of-range'],
    ['frigate/available', 'maybe', 'not-text'],
    ['frigate/events', '{"type":"update"}', 'wrong-shape'],
    ['frigate/events', '{"type":"moved","after":{"id":"1","camera":"a"}}', 'wrong-shape'],
    ['frigate/events', '{"type":"new","after":{"id":1,"camera":"a"}}', 'wrong-shape'],
    ['frigate/triggers', '[', 'not-json'],
  ])('refuses %s %s', (topic, payload, code) => {
    const decoded = decode(topic, payload);
    expect([codesOf(decoded), decoded.samples, decoded.occurrences]).toEqual([[code], [], []]);
  });
});
