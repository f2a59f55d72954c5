import { describe, expect, test } from 'vitest';
import { linesOf, problemsOf } from './fixture.ts';

const briefly = (...lines: string[]): string[] =>
  problemsOf(...lines).map(
    ({ code, path, nearest }) => `${code} ${path}${nearest === undefined ? '' : ` ~${nearest}`}`,
  );

const ZONES = 'zones: { main-floor: {}, foyer: {} }';

describe('references', () => {
  test.each([
    ['zones: { hall: { within: hal } }', 'unknown-reference zones.hall.within ~hall'],
    ['devices: { a: { profile: plug, zone: mainfloor } }', 'unknown-reference devices.a.zone ~main-floor'],
    ['devices: { a: { profile: plug, fromZone: foyr } }', 'unknown-reference devices.a.fromZone ~foyer'],
    [
      'rules: [{ id: c, kind: incident-class, ignoreKinds: [silnt] }]',
      'unknown-reference rules[0].ignoreKinds[0] ~silent',
    ],
    ['devices: { a: { profile: clmate } }', 'unknown-reference devices.a.profile ~climate'],
    ['badges: { b: { role: gard } }', 'unknown-reference badges.b.role ~guard'],
    ['badges: { b: { role: guard, zone: bar } }', 'unknown-reference badges.b.zone'],
    ['clients: { c: { role: boss, secretSha256: SECRET } }', 'unknown-reference clients.c.role'],
    ['rules: [ { id: r, kind: sos, for: { zones: [foyeur] } } ]', 'unknown-reference rules[0].for.zones[0] ~foyer'],
    ['rules: [ { id: r, kind: sos, for: { roles: [x] } } ]', 'unknown-reference rules[0].for.roles[0]'],
    ['rules: [ { id: r, kind: sos, for: { profiles: [plugs] } } ]', 'unknown-reference rules[0].for.profiles[0] ~plug'],
    ['rules: [ { id: r, kind: sos, for: { devices: [x] } } ]', 'unknown-reference rules[0].for.devices[0]'],
    ['rules: [ { id: r, kind: crowd-density, zones: [foyerr] } ]', 'unknown-reference rules[0].zones[0] ~foyer'],
    ['rules: [ { id: r, kind: stillness, roles: { gard: 2 } } ]', 'unknown-reference rules[0].roles.gard ~guard'],
    [
      'profiles: { p: { reports: { onChange: true, aliveBy: { device: z2m } } } }',
      'unknown-reference profiles.p.reports.aliveBy.device',
    ],
    ['plan: { red: { notify: [gard] } }', 'unknown-reference plan.red.notify[0] ~guard'],
    ['plan: { red: { channels: [consol] } }', 'unknown-reference plan.red.channels[0] ~console'],
    [
      'plan: { red: { escalate: [ { afterSeconds: 9, notify: [x] } ] } }',
      'unknown-reference plan.red.escalate[0].notify[0]',
    ],
    ['plan: { red: { commands: [ { device: siren, do: sound } ] } }', 'unknown-reference plan.red.commands[0].device'],
    ['devices: { a: { profile: plug, address: "zigbee2mqt:x" } }', 'kind-not-available devices.a.address'],
    ['devices: { a: { profile: plug, address: ["senml:a", "modbuss:1"] } }', 'kind-not-available devices.a.address[1]'],
  ])('%s', (line, expected) => {
    const lines = line.startsWith('zones') ? [line] : [ZONES, line.replace('SECRET', 'ab'.repeat(32))];
    const found = briefly(...lines);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test('what is defined is found, also where the schema has refused other parts', () => {
    expect(
      briefly(
        ZONES,
        'profiles: { fast: { reports: { everySeconds: 1 } } }',
        'devices: { a: { profile: fast, zone: foyer, fromZone: main-floor } }',
        'roles: { steward: {} }',
        'badges: { b: { role: steward, profile: badge, reports: { onChange: true, aliveBy: { device: a } } } }',
        'rules: [ { id: r, kind: sos, for: { devices: [a, b], zones: [foyer], roles: [steward], profiles: [fast, plug] } } ]',
      ),
    ).toEqual([]);
    expect(briefly('zones: { hall: { areaM2: x } }', 'devices: { a: { profile: plug, zone: hall } }')).toEqual([
      'wrong-type zones.hall.areaM2',
    ]);
  });

  test('frigate tells of the cameras’ life without being registered', () => {
    expect(briefly('profiles: { cam: { reports: { onChange: true, aliveBy: { device: frigate } } } }')).toEqual([]);
  });
});

describe('duplicates', () => {
  test('ids of rules and sources', () => {
    expect(briefly('rules: [ { id: a, kind: sos }, { id: b, kind: sos }, { id: a, kind: silent } ]')).toEqual([
      'duplicate rules[2].id',
    ]);
    expect(
      briefly('sources: [ { kind: mqtt-broker, tcp: {} }, { kind: mqtt-client, id: mqtt, url: "mqtt://h" } ]'),
    ).toHaveLength(1);
  });

  test('one name for two things', () => {
    expect(briefly('devices: { x: { profile: plug } }', 'badges: { x: { role: guard } }')).toEqual([
      'duplicate badges.x',
    ]);
    expect(
      briefly('devices: { x: { profile: plug } }', `clients: { x: { secretSha256: ${'ab'.repeat(32)} } }`),
    ).toEqual(['duplicate clients.x']);
  });

  test('one address for two devices, the default one included', () => {
    expect(
      briefly(
        'devices:',
        '  a: { profile: plug, address: "shelly:x" }',
        '  b: { profile: plug, address: ["senml:b", "shelly:x"] }',
      ),
    ).toEqual(['duplicate devices.b.address[1]']);
    expect(briefly('devices: { a: { profile: plug }, b: { profile: plug, address: "senml:a" } }')).toEqual([
      'duplicate devices.a',
    ]);
    expect(
      briefly('devices: { a: { profile: plug, address: "senml:b" }, b: { profile: plug, address: "senml:a" } }'),
    ).toEqual([]);
  });

  test('a MAC address is the same however it is spelled', () => {
    expect(
      briefly(
        'devices:',
        '  a: { profile: climate, address: "ble:AA:BB:CC:DD:EE:FF" }',
        '  b: { profile: climate, address: "ble:aabbccddeeff" }',
        '  c: { profile: climate, address: "ruuvi:aa-bb-cc-dd-ee-ff" }',
      ),
    ).toEqual(['duplicate devices.b.address']);
  });
});

describe('adverts', () => {
  test.each(['ble', 'ruuvi', 'ruuvi-gateway', 'shelly-blu'])('%s is followed by a MAC address', (format) => {
    expect(briefly(`devices: { a: { profile: climate, address: "${format}:kitchen" } }`)).toEqual([
      'wrong-value devices.a.address',
    ]);
    expect(briefly(`devices: { a: { profile: climate, address: "${format}:aa:bb:cc:dd:ee:ff" } }`)).toEqual([]);
  });

  test('one bind key, of the right length, which no message repeats', () => {
    const key = '231d39c1d7cc1ab1aee224cd096db932';
    expect(briefly(`badges: { b: { role: guard, bindKey: ${key} } }`)).toEqual([]);
    expect(briefly(`badges: { b: { role: guard, bindKey: "${key}", bindKeyFile: /etc/k } }`)).toHaveLength(1);
    const [problem] = problemsOf('badges: { b: { role: guard, bindKey: "2468ace0" } }');
    expect([problem?.path, JSON.stringify(problem).includes('2468ace0')]).toEqual(['badges.b.bindKey', false]);
  });

  test('what buttons mean', () => {
    expect(briefly('badges: { b: { role: guard, buttons: { long: sos, hold: none } } }')).toEqual([]);
    expect(briefly('badges: { b: { role: guard, buttons: { longe: sos } } }')).toEqual([
      'unknown-key badges.b.buttons.longe ~long',
    ]);
    expect(briefly('profiles: { p: { reports: { everySeconds: 5 }, buttons: { single: help } } }')).toHaveLength(1);
  });
});

describe('structure', () => {
  test('rings of zones are reported once', () => {
    expect(briefly('zones: { a: { within: b }, b: { within: c }, c: { within: a }, d: { within: a } }')).toEqual([
      'contradiction zones.a.within',
    ]);
    expect(briefly('zones: { a: { within: a } }')).toEqual(['contradiction zones.a.within']);
    expect(briefly('zones: { a: { within: b }, b: { within: c }, c: {} }')).toEqual([]);
  });

  test('a gate leads somewhere, a broker listens somewhere', () => {
    expect(briefly(ZONES, 'devices: { g: { profile: plug, zone: foyer, fromZone: foyer } }')).toEqual([
      'contradiction devices.g.fromZone',
    ]);
    expect(briefly('sources: [ { kind: mqtt-broker } ]')).toEqual(['contradiction sources[0]']);
  });

  test('an upright vector is about 1 g long, a time zone exists', () => {
    expect(briefly('badges: { b: { role: guard, upright: [0, 0, 9.8] } }')).toEqual(['contradiction badges.b.upright']);
    expect(briefly('badges: { b: { role: guard, upright: [0.6, 0, 0.8] } }')).toEqual([]);
  });
});

describe('suppression by design', () => {
  const heat = (id: string, by: string) =>
    `  - { id: ${id}, kind: threshold, metric: temperatureCelsius, above: { red: 50 }, suppressedBy: [{ rule: ${by} }] }`;

  test('rules that suppress one another in a ring are an error, told once, with the ring', () => {
    const lines = linesOf('rules:', heat('a', 'b'), heat('b', 'c'), heat('c', 'a'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('rules suppress one another in a ring: a → b → c → a');
  });

  test('a rule that suppresses itself', () => {
    expect(linesOf('rules:', heat('a', 'a')).join()).toContain('a → a');
  });

  test('a chain is none', () => {
    const free = '  - { id: c, kind: threshold, metric: temperatureCelsius, above: { red: 50 } }';
    expect(linesOf('rules:', heat('a', 'b'), heat('b', 'c'), free)).toEqual([]);
  });

  test('a call for help is never suppressed', () => {
    const free = '  - { id: c, kind: threshold, metric: temperatureCelsius, above: { red: 50 } }';
    const lines = linesOf('rules:', free, '  - { id: help, kind: sos, suppressedBy: [{ rule: c }] }');
    expect(lines.join()).toContain('rules[1].suppressedBy: calls for help and man-down are never suppressed');
  });

  test('a rule that is not there', () => {
    expect(linesOf('rules:', heat('a', 'nobody')).join()).toContain('no such rule under rules');
  });
});
