import { describe, expect, test } from 'vitest';
import { bindProblems } from '../../../gateway/config/bind.ts';
import type { Finding } from '../../../gateway/config/finding.ts';
import { lintVenue } from '../../../gateway/config/lints/index.ts';
import { plainSecret } from '../../../gateway/config/lints/plain-secret.ts';
import { notActedUpon } from '../../../gateway/config/not-acted-upon.ts';
import { formatPath } from '../../../gateway/config/problems/problem.ts';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { configOf, SECRET } from './fixture.ts';

const briefly = (findings: readonly Finding[], code: string): string[] =>
  findings.filter((finding) => finding.code === code).map(({ path, severity }) => `${severity} ${formatPath(path)}`);

const found = (code: string, ...lines: string[]): string[] => briefly(lintVenue(configOf(...lines)), code);

describe('zone without area', () => {
  const devices = 'devices: { g: { profile: people-counter, zone: floor, fromZone: street } }';
  test('under a density rule', () => {
    const rule = 'rules: [ { id: d, kind: crowd-density } ]';
    expect(found('zone-without-area', 'zones: { floor: {}, street: {} }', devices, rule)).toEqual([
      'finding zones.floor',
    ]);
    expect(found('zone-without-area', 'zones: { floor: { areaM2: 9 }, street: {} }', devices, rule)).toEqual([]);
    const listed = 'rules: [ { id: d, kind: crowd-density, zones: [street] } ]';
    expect(found('zone-without-area', 'zones: { floor: {}, street: {} }', devices, listed)).toEqual([
      'finding zones.street',
    ]);
    expect(found('zone-without-area', 'zones: { floor: {}, street: {} }', devices, 'rules: []')).toEqual([]);
  });
});

describe('source too slow for a rule', () => {
  const devices = [
    'profiles: { quick: { reports: { everySeconds: 1 } } }',
    'devices: { tasmota: { profile: plug, ratedAmps: 16 }, clamp: { profile: current-clamp, ratedAmps: 32 }, temp: { profile: climate } }',
    'badges: { b: { role: guard }, q: { role: guard, profile: quick } }',
  ];
  test('a 300 s reporter under a 27 s curve', () => {
    expect(found('slow-source', ...devices, 'rules: [ { id: o, kind: overcurrent, curve: EI } ]')).toEqual([
      'finding devices.tasmota',
    ]);
    const [text] = lintVenue(configOf(...devices, 'rules: [ { id: o, kind: overcurrent, curve: EI } ]'));
    expect(text?.message.en).toBe(
      'reports every 300 s, too slowly for rule o: curve EI acts in 26.7 s at twice the pick-up',
    );
  });
  test('a 10 s reporter under a 2 s curve, and slow enough ones', () => {
    const fast = 'rules: [ { id: o, kind: overcurrent, curve: NI, timeMultiplier: 0.2, for: { devices: [clamp] } } ]';
    expect(found('slow-source', ...devices, fast)).toEqual(['finding devices.clamp']);
    expect(
      found('slow-source', ...devices, 'rules: [ { id: o, kind: overcurrent, curve: LTI, timeMultiplier: 3 } ]'),
    ).toEqual([]);
  });
  test('knows what a breaker class, a definite time and an IEEE curve ask for', () => {
    const load = (extra: string) =>
      lintVenue(configOf(...devices, `rules: [ { id: o, kind: overcurrent, for: { devices: [clamp] }, ${extra} } ]`))
        .filter(({ code }) => code === 'slow-source')
        .map(({ message }) => message.en.replace(/^.*: /, ''));
    expect(load('breaker: C')).toEqual([]);
    expect(load('breaker: C, timeMultiplier: 0.3')).toEqual(['curve EI acts in 8 s at twice the pick-up']);
    expect(load('curve: IEEE-VI')).toEqual(['curve IEEE-VI acts in 7 s at twice the pick-up']);
    expect(load('curve: DT, definiteSeconds: 5')).toEqual(['curve DT acts in 5 s at twice the pick-up']);
    expect(load('curve: DT, definiteSeconds: 60')).toEqual([]);
    const phases = 'rules: [ { id: p, kind: phase-imbalance, holdSeconds: 5 } ]';
    expect(found('slow-source', ...devices, phases)).toEqual(['finding devices.tasmota', 'finding devices.clamp']);
  });
  test('tilt and threshold by their hold', () => {
    expect(found('slow-source', ...devices, 'rules: [ { id: t, kind: tilt } ]')).toEqual(['finding badges.b']);
    expect(found('slow-source', ...devices, 'rules: [ { id: t, kind: tilt, holdSeconds: 30 } ]')).toEqual([]);
    const heat = (hold: number) =>
      `rules: [ { id: h, kind: threshold, metric: temperatureCelsius, above: { red: 60 }, for: { profiles: [climate] }, holdSeconds: ${hold} } ]`;
    expect(found('slow-source', ...devices, heat(30))).toEqual(['finding devices.temp']);
    expect(found('slow-source', ...devices, heat(60))).toEqual([]);
    expect(found('slow-source', ...devices, heat(0))).toEqual([]);
  });
  test('a rule for all devices means those that can have its metric', () => {
    const heat = 'rules: [ { id: h, kind: threshold, metric: co2Ppm, above: { red: 6000 }, holdSeconds: 20 } ]';
    expect(found('slow-source', ...devices, heat)).toEqual(['finding devices.temp', 'finding badges.b']);
  });
});

describe('severity that nobody is notified of', () => {
  const rules = 'rules: [ { id: s, kind: sos }, { id: q, kind: silent } ]';
  test('holes of a plan', () => {
    expect(found('severity-unnotified', rules, 'plan: { red: { notify: [guard] }, orange: {} }')).toEqual([
      'finding plan.yellow',
      'finding plan.orange',
    ]);
    const whole = 'plan: { red: { notify: [guard] }, orange: { notify: [guard] }, yellow: { notify: [guard] } }';
    expect(found('severity-unnotified', rules, whole)).toEqual([]);
  });
  test('without any plan there is one note', () => {
    expect(found('severity-unnotified', rules)).toEqual([]);
    expect(found('no-plan', rules)).toEqual(['note ']);
    expect(found('no-plan')).toEqual([]);
  });
});

describe('escalation that ends with no one', () => {
  test('an empty step, or a deadline without any', () => {
    const step = 'plan: { red: { notify: [guard], escalate: [ { afterSeconds: 30, notify: [] } ] } }';
    expect(found('escalation-ends', step)).toEqual(['finding plan.red.escalate[0]']);
    expect(found('escalation-ends', 'plan: { red: { notify: [guard], ackWithinSeconds: 30 } }')).toEqual([
      'finding plan.red.ackWithinSeconds',
    ]);
  });
  test('a ladder with somebody on each step', () => {
    const ladder = 'plan: { red: { ackWithinSeconds: 30, escalate: [ { afterSeconds: 30, notify: [guard] } ] } }';
    expect(found('escalation-ends', ladder)).toEqual([]);
  });
});

test('no channel that reaches a locked phone with the internet cut', () => {
  expect(found('no-offline-channel', 'rules: [ { id: s, kind: sos } ]')).toEqual(['note notifiers']);
  const group = 'notifiers: [ { kind: wecom, id: group, keyFile: /etc/k } ]';
  expect(found('no-offline-channel', 'rules: [ { id: s, kind: sos } ]', group)).toEqual(['finding notifiers']);
  const phones = 'notifiers: [ { kind: ntfy, id: phones, url: "https://10.0.0.9", topic: guards } ]';
  expect(found('no-offline-channel', 'rules: [ { id: s, kind: sos } ]', phones)).toEqual([]);
  expect(found('no-offline-channel')).toEqual([]);
});

describe('secret in plain text', () => {
  const source = (url: string) =>
    `sources: [ { kind: mqtt-client, id: s, url: "${url}", username: u, passwordFile: /etc/p, keyFile: k } ]`;
  test('within a URL', () => {
    expect(found('plain-secret', source('mqtt://user:hunter2@10.0.0.5'))).toEqual(['finding sources[0].url']);
    expect(found('plain-secret', source('mqtt://10.0.0.5'))).toEqual([]);
    expect(JSON.stringify(lintVenue(configOf(source('mqtt://user:hunter2@10.0.0.5'))))).not.toContain('hunter2');
  });
  test('the bind key of a badge', () => {
    const key = '231d39c1d7cc1ab1aee224cd096db932';
    expect(found('plain-secret', `badges: { b: { role: guard, bindKey: ${key} } }`)).toEqual([
      'finding badges.b.bindKey',
    ]);
    expect(found('plain-secret', 'badges: { b: { role: guard, bindKeyFile: /etc/b.key } }')).toEqual([]);
  });
  test('under keys of sections to come', () => {
    const config = configOf(`clients: { c: { secretSha256: ${SECRET} } }`);
    const later = { ...config, sinks: [{ kind: 'influxdb', token: 'hunter2', tokenFile: '/etc/t' }] };
    const context = { registry: buildRegistry(config), rules: [] };
    // A later version of the schema may let such keys pass: the lint looks at names, not at the schema.
    expect(briefly(Reflect.apply(plainSecret, undefined, [{ ...context, config: later }]), 'plain-secret')).toEqual([
      'finding sinks[0].token',
    ]);
  });
});

describe('what no rule concerns', () => {
  const lines = [
    'zones: { hall: {}, stage: { within: hall }, bar: {} }',
    'devices: { clamp: { profile: current-clamp, zone: stage, ratedAmps: 32 }, temp: { profile: climate, zone: bar } }',
  ];
  test('devices and zones', () => {
    const rule = 'rules: [ { id: o, kind: overcurrent, for: { profiles: [current-clamp] } } ]';
    expect(found('unwatched', ...lines, rule)).toEqual(['finding devices.temp', 'finding zones.bar']);
  });
  test('a call for help does not watch a thermometer; silence does', () => {
    expect(found('unwatched', ...lines, 'rules: [ { id: s, kind: sos } ]')).toHaveLength(5);
    expect(found('unwatched', ...lines, 'rules: [ { id: q, kind: silent } ]')).toEqual([]);
    expect(found('unwatched', 'badges: { b: { role: guard } }', 'rules: [ { id: s, kind: sos } ]')).toEqual([]);
  });
  test('what logs access is watched by access-burst, where that is for it', () => {
    const readers = 'devices: { log: { profile: plug, address: "access:hr" }, temp: { profile: climate } }';
    const burst = (extra: string) => `rules: [ { id: a, kind: access-burst${extra} } ]`;
    expect(found('unwatched', readers, burst(''))).toEqual(['finding devices.temp']);
    expect(found('unwatched', readers, burst(', for: { devices: [temp] }'))).toHaveLength(2);
  });
});

describe('badge without calibrated upright under a tilt rule', () => {
  const badges = 'badges: { a: { role: guard }, b: { role: guard, upright: [0, 0, 1] } }';
  test('is found', () => {
    expect(found('upright-missing', badges, 'rules: [ { id: t, kind: tilt } ]')).toEqual(['finding badges.a']);
    expect(found('upright-missing', badges, 'rules: [ { id: t, kind: tilt, for: { devices: [b] } } ]')).toEqual([]);
    expect(found('upright-missing', badges, 'rules: [ { id: s, kind: sos } ]')).toEqual([]);
  });
});

describe('a rule that selects no device', () => {
  const devices = [
    'zones: { hall: {} }',
    'devices: { t: { profile: climate, zone: hall } }',
    'badges: { b: { role: guard } }',
  ];
  const heat = (selection: string) =>
    `rules: [ { id: h, kind: threshold, metric: temperatureCelsius, above: { red: 60 }, for: ${selection} } ]`;
  test('is found where what stands under for never matches at once', () => {
    expect(found('selects-nothing', ...devices, heat('{ devices: [t], roles: [guard] }'))).toEqual([
      'finding rules[0]',
    ]);
    expect(found('selects-nothing', ...devices, heat('{ devices: [t], zones: [hall] }'))).toEqual([]);
  });
  test('but anybody may call for help, by a badge that is not registered too', () => {
    expect(found('selects-nothing', 'rules: [ { id: s, kind: sos } ]')).toEqual([]);
    expect(
      found('selects-nothing', ...devices, 'rules: [ { id: s, kind: sos, for: { devices: [t], roles: [guard] } } ]'),
    ).toEqual(['finding rules[0]']);
  });
  test('or where there is nothing of that kind at all', () => {
    const circuits = 'rules: [ { id: o, kind: overcurrent } ]';
    expect(found('selects-nothing', ...devices, circuits)).toEqual(['finding rules[0]']);
    expect(found('selects-nothing', 'devices: { c: { profile: plug, ratedAmps: 16 } }', circuits)).toEqual([]);
  });
});

describe('a badge that never says what its rule judges', () => {
  const badges = (address: string) => `badges: { b: { role: guard, address: ${address} } }`;
  const still = 'rules: [ { id: s, kind: stillness } ]';
  const tilt = 'rules: [ { id: t, kind: tilt } ]';
  test('stillness without any movement', () => {
    expect(found('no-motion', badges('"tasmota:b"'), still)).toEqual(['finding badges.b']);
    expect(found('no-motion', badges('["tasmota:b", "owntracks:li/phone"]'), still)).toEqual([]);
    expect(found('no-motion', 'badges: { b: { role: guard } }', still)).toEqual([]);
  });
  test('tilt without an accelerometer: a position does not tell how somebody lies', () => {
    expect(found('no-motion', badges('"owntracks:li/phone"'), tilt)).toEqual(['finding badges.b']);
    expect(found('no-motion', badges('"ruuvi:AA:AA:AA:AA:AA:AA"'), tilt)).toEqual([]);
  });
});

describe('two uses of one Bluetooth adapter', () => {
  const sources = (...ble: string[]) => `sources: [ ${ble.map((each) => `{ kind: ble, ${each} }`).join(', ')} ]`;
  test('are found, also where one is only meant', () => {
    expect(found('shared-adapter', sources('id: a', 'id: b, adapter: hci0'))).toEqual(['finding sources[1]']);
    expect(found('shared-adapter', sources('id: a, connectAdapter: hci1', 'id: b, adapter: hci1'))).toEqual([
      'finding sources[1]',
    ]);
    expect(found('shared-adapter', sources('id: a, connectAdapter: hci1', 'id: b, adapter: hci2'))).toEqual([]);
    const uarts = ['id: a, uart: { path: /dev/ttyA }', 'id: b, uart: { path: /dev/ttyA }'];
    expect(found('shared-adapter', sources(...uarts))).toEqual(['finding sources[1]']);
  });
});

describe('a role that the plan tells and nobody has', () => {
  const roles = 'roles: { medic: {}, steward: {} }';
  test('is found at each place; users may have the roles of the console', () => {
    const plan =
      'plan: { red: { notify: [guard, medic], escalate: [ { afterSeconds: 30, notify: [steward] } ] }, blue: { notify: [engineer] } }';
    const engineer = 'roles: { medic: {}, steward: {}, engineer: {} }';
    expect(found('role-without-people', engineer, plan)).toEqual([
      'note plan.red.notify[1]',
      'note plan.red.escalate[0].notify[0]',
    ]);
    const people = ['badges: { b: { role: medic } }', `clients: { c: { secretSha256: ${SECRET}, role: steward } }`];
    expect(found('role-without-people', engineer, ...people, plan)).toEqual([]);
    expect(found('role-without-people', roles)).toEqual([]);
  });
});

test('zones nested in one another are no valid file', () => {
  expect(() => configOf('zones: { a: { within: b }, b: { within: a } }')).toThrow(/lie within one another/);
  expect(() => configOf('zones: { a: { within: a } }')).toThrow(/lie within one another/);
  expect(() => configOf('zones: { a: { within: b }, b: {} }')).not.toThrow();
});

describe('receiver without a canary', () => {
  test('is a note: nobody would know if it were deaf', () => {
    const receivers = 'receivers: { mqtt: { zone: a }, theengs:x: { zone: a, canary: "AA:AA:AA:AA:AA:AA" } }';
    expect(found('receiver-unproven', 'zones: { a: {} }', receivers)).toEqual(['note receivers.mqtt']);
  });
});

describe('listening beyond loopback', () => {
  const bind = (...lines: string[]) =>
    bindProblems(configOf(...lines)).map(({ code, path }) => `${code} ${formatPath(path)}`);
  const client = `clients: { c: { secretSha256: ${SECRET} } }`;
  const tls = 'tls: { certFile: c, keyFile: k }';
  test('needs TLS and credentials', () => {
    expect(bind('sources: [ { kind: mqtt-broker, tcp: { host: 0.0.0.0 } } ]')).toEqual([
      'bind-without-tls sources[0].tcp',
      'bind-without-credentials sources[0].tcp',
    ]);
    expect(bind(client, 'sources: [ { kind: mqtt-broker, tcp: { host: "::" } } ]')).toEqual([
      'bind-without-tls sources[0].tcp',
    ]);
    expect(bind(`sources: [ { kind: mqtt-broker, ${tls} } ]`)).toEqual(['bind-without-credentials sources[0].tls']);
    expect(bind(client, `sources: [ { kind: mqtt-broker, ${tls} } ]`)).toEqual([]);
    expect(bind(client, 'sources: [ { kind: mqtt-broker, websocket: { host: venue.lan } } ]')).toHaveLength(1);
    expect(bind(client, `sources: [ { kind: mqtt-broker, websocket: { host: venue.lan, ${tls} } } ]`)).toEqual([]);
  });
  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost', '::ffff:127.0.0.1'])('%s is loopback', (host) => {
    expect(bind(`sources: [ { kind: mqtt-broker, tcp: { host: "${host}" } } ]`)).toEqual([]);
  });
  test.each(['127.0.0.1.example.org', 'localhost.example.org', '128.0.0.1'])('%s is not', (host) => {
    expect(bind(`sources: [ { kind: mqtt-broker, tcp: { host: "${host}" } } ]`)).toHaveLength(2);
  });
  test('may be allowed on purpose, and is an error of the check otherwise', () => {
    const beyond = 'sources: [ { kind: mqtt-broker, tcp: { host: 0.0.0.0 } } ]';
    expect(bind(beyond, 'security: { insecure: true }')).toEqual([]);
    expect(found('bind-without-tls', beyond)).toEqual(['error sources[0].tcp']);
  });
  test('the HTTP side too; muster check says it before the start does', () => {
    expect(found('bind-without-tls', 'http: { host: 0.0.0.0 }')).toEqual(['error http']);
    expect(found('bind-without-tls', 'http: { host: 0.0.0.0, tls: {} }')).toEqual([]);
    expect(found('bind-without-tls', 'http: { host: "::1" }')).toEqual([]);
    expect(found('bind-without-tls', 'http: { host: 0.0.0.0 }', 'security: { insecure: true }')).toEqual([]);
  });
});

test('what is asked for and not done is told, as notes', () => {
  const hook = 'notifiers: [ { kind: webhook, id: hook, url: "https://x", secretFile: /etc/s } ]';
  const told = configOf(hook, 'plan: { red: { notify: [guard], channels: [hook], repeatSeconds: 15 } }');
  expect(notActedUpon(told)).toEqual([]);
  const asked = configOf(
    'plan: { red: { notify: [guard], commands: [ { device: d, do: sound } ] } }',
    'devices: { d: { profile: plug } }',
    'retention: { samplesDays: 30 }',
  );
  expect(notActedUpon(asked).map(({ path, severity }) => `${severity} ${formatPath(path)}`)).toEqual([
    'note plan.red.channels',
    'note retention',
  ]);
  expect(notActedUpon(configOf())).toEqual([]);
});

test('a reporter too slow for a rate, or for a heat index', () => {
  const slow = [
    'profiles: { slow: { reports: { everySeconds: 100 } } }',
    'devices: { t: { profile: slow }, c: { profile: climate } }',
  ];
  const of = (rule: string) => found('slow-source', ...slow, `rules: [ { id: r, for: { devices: [t, c] }, ${rule} } ]`);
  expect(of('kind: rate-of-change')).toEqual(['finding devices.t']);
  expect(of('kind: rate-of-change, windowSeconds: 500')).toEqual([]);
  expect(of('kind: heat-index, staleSeconds: 99')).toEqual(['finding devices.t']);
  expect(of('kind: heat-index')).toEqual([]);
});

describe('a geofence that nothing can place anybody in', () => {
  const zones = 'zones: { yard: { polygon: [[0, 0], [9, 0], [9, 9]] }, hut: { within: yard } }';
  const badges = 'badges: { b: { role: guard } }';
  const rule = (extra: string) => `rules: [ { id: f, kind: geofence, ${extra} } ]`;
  test('no outline with a reference, and no receiver', () => {
    expect(found('geofence-blind', zones, badges, rule('zones: [yard]'))).toEqual(['finding rules[0].zones']);
    expect(found('geofence-blind', zones, badges, rule('zones: [hut]'))).toEqual(['finding rules[0].zones']);
  });
  test('a plan that has its place on the earth will do', () => {
    const reference = { latitudeDegrees: 31, longitudeDegrees: 121, yAxisDegrees: 0 };
    const placed = (zone: string) => {
      const config = configOf(zones, badges, rule(`zones: [${zone}]`));
      return briefly(lintVenue({ ...config, venue: { ...config.venue, reference } }), 'geofence-blind');
    };
    expect(placed('yard')).toEqual([]);
    expect(placed('hut')).toEqual(['finding rules[0].zones']);
  });
  test('a receiver in a part of it, or an outline of the rule’s own, will do', () => {
    const receivers = 'receivers: { "ruuvi-gateway:C8:25:2D:8E:9C:2C": { zone: hut } }';
    expect(found('geofence-blind', zones, badges, receivers, rule('zones: [yard]'))).toEqual([]);
    expect(found('geofence-blind', zones, badges, rule('zones: [yard], polygon: [[1, 1], [1, 2], [2, 2]]'))).toEqual(
      [],
    );
  });
});
