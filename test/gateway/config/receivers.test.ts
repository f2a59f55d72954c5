import { expect, test } from 'vitest';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { configOf, linesOf } from './fixture.ts';

const ZONES = 'zones: { hall: {}, yard: {} }';

test('receivers stand in zones; how long a canary may be missed comes from its profile', () => {
  const { receivers, presence, receiverName } = buildRegistry(
    configOf(
      ZONES,
      'devices: { slow: { profile: climate } }',
      'receivers:',
      '  mqtt: { zone: hall, canary: slow, name: { zh: 大厅, en: Hall radio } }',
      '  ruuvi-gateway:C8:25:2D:8E:9C:2C: { zone: yard, canary: f4-1f-0c-28-cb-d6 }',
      '  theengs:gate: { zone: yard, canary: F41F0C28CBD6, canaryEverySeconds: 60 }',
      '  theengs:side: { zone: yard }',
      'presence: { dwellSeconds: 8 }',
    ),
  );
  expect(receivers).toEqual([
    { name: 'mqtt', zone: 'hall', canary: { device: 'slow', limitMs: 180_000 } },
    {
      name: 'ruuvi-gateway:C8:25:2D:8E:9C:2C',
      zone: 'yard',
      canary: { device: 'F4:1F:0C:28:CB:D6', limitMs: 30_000 },
    },
    { name: 'theengs:gate', zone: 'yard', canary: { device: 'F4:1F:0C:28:CB:D6', limitMs: 180_000 } },
    { name: 'theengs:side', zone: 'yard', canary: undefined },
  ]);
  expect(presence).toEqual({ marginDb: 6, dwellMs: 8000, lostMs: 15_000 });
  expect([receiverName('mqtt').en, receiverName('theengs:side').en]).toEqual(['Hall radio', 'theengs:side']);
});

test('a zone, source, format or canary that is not there is an error with its place and the nearest spelling', () => {
  const lines = linesOf(
    ZONES,
    'devices: { canary-1: { profile: climate } }',
    'receivers:',
    '  mqtt: { zone: hal, canary: canary-11 }',
    '  mqt: { zone: hall }',
    '  theengz:gate: { zone: yard }',
    '  theengs:gate: { zone: yard, kanary: x }',
  );
  const found = lines.join('\n');
  expect(lines).toHaveLength(3);
  expect(found).toMatch(/venue\.yaml:5:\d+.*no such zone under zones.*hall/);
  expect(found).toMatch(/venue\.yaml:5:\d+.*neither a MAC address nor a device.*canary-1/);
  expect(found).toMatch(/venue\.yaml:8:\d+.*kanary.*canary/);
  const keys = linesOf(ZONES, 'receivers:', '  mqt: { zone: hall }', '  theengz:gate: { zone: yard }');
  expect(keys.join('\n')).toMatch(/:4:3.*no such source.*mqtt/);
  expect(keys.join('\n')).toMatch(/:5:3.*there is no format theengz.*theengs/);
});
