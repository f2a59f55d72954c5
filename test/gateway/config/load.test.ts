import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadVenue, readVenueFile } from '../../../gateway/config/load.ts';
import { isConfigError } from '../../../gateway/config/problems/error.ts';
import { formatProblem } from '../../../gateway/config/problems/problem.ts';
import { configOf, file, linesOf, problemsOf } from './fixture.ts';

describe('errors of venue.yaml', () => {
  test('an unknown key: position of the key, the valid ones, and the one that was meant', () => {
    expect(linesOf('rules:', '  - { id: fall, kind: sos, quietSecond: 3 }')).toEqual([
      'venue.yaml:3:28: rules[0].quietSecond: unknown key "quietSecond"; expected one of id, for, latching, guidance, realarmMinutes, shelveMaxMinutes, suppressedBy, kind, quietSeconds, helpMaxAgeSeconds, followUpSeconds; did you mean "quietSeconds"?',
    ]);
  });

  test('in Chinese', () => {
    const [problem] = problemsOf('zones:', '  hall: { areaM2: -5 }');
    expect(problem && formatProblem(problem, 'zh-CN')).toBe(
      'venue.yaml:3:19: zones.hall.areaM2: 超出范围：-5；应为：大于 0，最多 10000000',
    );
  });

  test('all errors of a file at once, in the order of the file, each at its place', () => {
    const found = problemsOf(
      'zones:',
      '  hall: { areaM2: -5, use: seated, within: hal }',
      'devices:',
      '  gate-a:',
      '    zone: [hall]',
      '    profile: people-counter',
      '    ratedAmps: { a: lots }',
      'sources: [ { kind: carrier-pigeon } ]',
      'rules:',
      '  - { id: a, kind: sos, for: { devices: [gate-b] } }',
      '  - { id: a, kind: horoscope }',
      'colour: blue',
    ).map(({ line, column, path, code }) => `${line}:${column} ${path} ${code}`);
    expect(found).toEqual([
      '3:19 zones.hall.areaM2 out-of-range',
      '3:28 zones.hall.use wrong-value',
      '3:44 zones.hall.within unknown-reference',
      '6:11 devices.gate-a.zone wrong-type',
      '8:21 devices.gate-a.ratedAmps.a wrong-type',
      '9:20 sources[0].kind kind-not-available',
      '11:42 rules[0].for.devices[0] unknown-reference',
      '12:11 rules[1].id duplicate',
      '12:20 rules[1].kind kind-not-available',
      '13:1 colour unknown-key',
    ]);
  });

  test('a missing key is shown at the mapping that lacks it', () => {
    expect(problemsOf('devices:', '  gate-a: { zone: hall }', 'zones: { hall: {} }')).toMatchObject([
      { code: 'missing', line: 3, column: 3, path: 'devices.gate-a.profile' },
    ]);
  });

  test('a misspelled required key is one error, not two', () => {
    expect(problemsOf('profiles: { fast: { reports: { everySecond: 3 } } }')).toMatchObject([
      { code: 'unknown-key', nearest: 'everySeconds' },
    ]);
  });

  test('of a union only the errors of the closest variant', () => {
    expect(linesOf('profiles: { cam: { reports: { onChange: true, aliveBy: { devic: frigate } } } }')).toEqual([
      'venue.yaml:2:58: profiles.cam.reports.aliveBy.devic: unknown key "devic"; expected one of heartbeatSeconds, device; did you mean "device"?',
    ]);
    expect(linesOf('rules: [ { id: t, kind: tilt, degrees: 400 } ]')).toEqual([
      'venue.yaml:2:40: rules[0].degrees: out of range: 400; expected 1 to 179 (angle to the calibrated upright above which it counts, °)',
    ]);
  });

  test('a kind that does not exist yet names those that do; a near miss is suggested', () => {
    expect(linesOf('sources:', '  - { kind: pigeon }', '  - { kind: mqtt-brokr }')).toEqual([
      expect.stringMatching(
        /^venue\.yaml:3:13: sources\[0\]\.kind: kind pigeon is not available in this version; available: mqtt-broker, mqtt-client, [a-z, -]+$/,
      ),
      expect.stringMatching(
        /^venue\.yaml:4:13: sources\[1\]\.kind: kind mqtt-brokr is not .*; did you mean "mqtt-broker"\?$/,
      ),
    ]);
    expect(linesOf('notifiers: [ { id: sms, kind: sms, number: 1 } ]', 'sinks: [ { kind: influx } ]')).toEqual([
      'venue.yaml:2:31: notifiers[0].kind: kind sms is not available in this version; available: webhook, wecom, ntfy, alertmanager',
      'venue.yaml:3:18: sinks[0].kind: kind influx is not available in this version; available: influxdb; did you mean "influxdb"?',
    ]);
  });

  test('a wrong type, an empty value, a bad format', () => {
    expect(linesOf('security: { insecure: maybe }')).toEqual([
      'venue.yaml:2:23: security.insecure: wrong type: "maybe"; expected true or false (listen beyond loopback without TLS or credentials all the same)',
    ]);
    expect(linesOf('zones: { hall: { areaM2: } }')).toEqual([
      'venue.yaml:2:26: zones.hall.areaM2: has no value; expected a number (floor that people can stand on, square metres)',
    ]);
    expect(problemsOf('zones: { Main Hall: {} }')).toMatchObject([{ column: 10, path: 'zones["Main Hall"]' }]);
    expect(problemsOf('devices: { a/b: { profile: plug } }')).toMatchObject([{ code: 'wrong-value', column: 12 }]);
    expect(problemsOf('clients: { x: { secretSha256: 12 } }')).toMatchObject([{ code: 'wrong-type', value: '***' }]);
  });

  test('a key like a number is a name as it is written', () => {
    expect(problemsOf('zones: { 1e3: {}, 7: { within: "1e3" } }')).toEqual([]);
  });

  test('YAML syntax errors have their place, and stop further checks', () => {
    expect(linesOf('zones: { hall: {}', 'rulez: []')).toEqual([
      'venue.yaml:3:1: YAML syntax error: wrong indentation, or a bracket that is not closed',
    ]);
    expect(problemsOf('zones:', '\thall: {}')).toMatchObject([{ code: 'yaml-syntax', line: 3 }]);
    expect(problemsOf('---', 'zones: {}')).toMatchObject([{ code: 'yaml-syntax', line: 2 }]);
    expect(problemsOf('zones: *nowhere')).toMatchObject([{ code: 'yaml-syntax', line: 2, column: 8 }]);
  });

  test('a duplicate key is an error beside all others', () => {
    const found = problemsOf('zones:', '  hall: {}', '  hall: { use: x }', 'rulez: []');
    expect(found).toMatchObject([
      { code: 'duplicate-key', line: 4, column: 3, path: 'zones.hall' },
      { code: 'unknown-key', line: 5, nearest: 'rules' },
    ]);
  });

  test('an empty file lacks its venue', () => {
    const loaded = loadVenue('', 'venue.yaml');
    expect(loaded).toMatchObject({ ok: false, errors: [{ code: 'missing', path: 'venue', line: 1, column: 1 }] });
    expect(loadVenue('- 1', 'venue.yaml')).toMatchObject({ ok: false, errors: [{ code: 'wrong-type' }] });
  });
});

describe('hostile files', () => {
  test('keys of the prototype are refused', () => {
    expect(problemsOf('__proto__: { insecure: true }')).toMatchObject([{ code: 'wrong-type', line: 2, column: 1 }]);
    expect(problemsOf('devices: { __proto__: { profile: plug } }')).toMatchObject([{ code: 'wrong-type' }]);
    expect(problemsOf('devices: { constructor: { profile: constructor } }')).toMatchObject([
      { code: 'unknown-reference', path: 'devices.constructor.profile' },
    ]);
  });

  test('a bomb of aliases is refused', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 9; n += 1)
      bomb.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(problemsOf(...bomb)).toMatchObject([{ code: 'too-large' }]);
    expect(problemsOf('zones: &z { hall: *z }').at(0)?.code).toBe('too-large');
  });

  test('deep nesting is refused', () => {
    expect(problemsOf(`zones: ${'['.repeat(5000)}`).length).toBeGreaterThan(0);
    expect(problemsOf(`zones: ${'['.repeat(100)}${']'.repeat(100)}`)).toMatchObject([{ code: 'too-large' }]);
  });

  test('tags that make other than plain values are refused', () => {
    expect(problemsOf('zones: !!binary aGVsbG8=').at(0)).toMatchObject({ code: 'wrong-type', line: 2 });
    expect(problemsOf('zones: !custom {}')).toMatchObject([{ code: 'yaml-syntax', line: 2 }]);
  });

  test('long values are cut', () => {
    const [problem] = problemsOf(`venus: 1`, `zones: ${'x'.repeat(500)}`).slice(1);
    expect(problem?.value).toHaveLength(80);
  });

  test.each([
    ['devices: { a: { profile: plug, password: hunter2hunter2 } }'],
    ['clients: { a: { secretSha256: hunter2hunter2 } }'],
    ['clients: { a: { secretSha256: [hunter2hunter2] } }'],
    ['sources: [ { kind: mqtt-client, id: s, url: "mqtt://u:hunter2hunter2@h b" } ]'],
    ['sources: [ { kind: mqtt-client, id: s, url: "mqtt://h", token: { a: hunter2hunter2 } } ]'],
    ['notifiers: [ { kind: sms, apiKey: hunter2hunter2 } ]'],
    ['clients: { a: { secretSha256: "hunter2hunter2" hunter2hunter2 } }'],
    ['clients: { a: { secretSha256: "\\qhunter2hunter2" } }'],
  ])('never shows the secret in %s', (line) => {
    const found = problemsOf(line);
    expect(found.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain('hunter2hunter2');
    for (const problem of found) expect(formatProblem(problem, 'en')).not.toContain('hunter2hunter2');
  });

  test('a literal secret is told where it belongs', () => {
    expect(linesOf('clients: { a: { password: x } }').join()).toContain('use secretSha256 or a …File');
  });
});

describe('a valid file', () => {
  test('comes with all defaults', () => {
    const config = configOf('sources: [ { kind: mqtt-broker, tcp: {} } ]', 'zones:', 'rules: [ { id: s, kind: sos } ]');
    expect(config.sources).toEqual([
      {
        kind: 'mqtt-broker',
        id: 'mqtt',
        tcp: { host: '127.0.0.1', port: 1883 },
        limits: {
          maxPacketBytes: 65_536,
          maxConnections: 20_000,
          maxConnectionsPerAddress: 20_000,
          publishesPerSecond: 500,
          publishBurst: 1000,
          maxInflight: 1000,
          connectTimeoutSeconds: 10,
          drainTimeoutSeconds: 4,
        },
        backfills: false,
        lateToleranceSeconds: 30,
      },
    ]);
    expect(config.security).toMatchObject({ insecure: false, anonymous: 'refuse' });
    expect(config.venue.locale).toBe('zh-CN');
    expect(config.rules[0]).toMatchObject({ kind: 'sos', quietSeconds: 10 });
    expect(configOf().sources).toMatchObject([{ kind: 'mqtt-broker', tcp: { host: '127.0.0.1', port: 1883 } }]);
  });

  test('is frozen to its depth', () => {
    const config = configOf(
      'zones: { hall: { polygon: [[0, 0], [1, 0], [1, 1]] } }',
      'rules: [ { id: s, kind: sos } ]',
    );
    const unfrozen = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && (!Object.isFrozen(value) || Object.values(value).some(unfrozen));
    expect(unfrozen(config)).toBe(false);
    expect(Reflect.set(config.zones, 'x', {})).toBe(false);
  });

  test('aliases may repeat a part', () => {
    const config = configOf('devices:', '  a: &clamp { profile: current-clamp, ratedAmps: 16 }', '  b: *clamp');
    expect(config.devices.b).toEqual(config.devices.a);
  });
});

describe('readVenueFile', () => {
  test('throws a ConfigError with every problem and exit code 2', () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-'));
    try {
      const path = join(folder, 'venue.yaml');
      writeFileSync(path, file('rulez: []', 'zone: {}'));
      let thrown: unknown;
      try {
        readVenueFile(path);
      } catch (error) {
        thrown = error;
      }
      expect(isConfigError(thrown) && [thrown.exitCode, thrown.problems.length]).toEqual([2, 2]);
      writeFileSync(path, file());
      expect(readVenueFile(path).venue.id).toBe('hall');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('so does a file that is not there', () => {
    expect(() => readVenueFile('/nowhere/venue.yaml')).toThrow('the file cannot be read (ENOENT)');
  });
});
