import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { temporaryDirectory } from '../store/fixture.ts';
import { ROOT, startService, VENUE } from './service.ts';

const COMPOSE = join(ROOT, 'gateway', 'deploy', 'compose');

/** What whoever installs it makes, as the README says. */
const MADE_BY_USER = /^(venue\.yaml|muster-data|secrets\/[a-z-]+)$/;

const serviceSchema = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  entrypoint: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(z.object({ source: z.string() })).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  cpu_shares: z.number(),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.unknown()).default({}),
  read_only: z.boolean().default(false),
});

const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  volumes: z.record(z.string(), z.unknown()),
});

const hasCompose = requireProgram('docker-compose', 'docker-compose');

/** docker-compose.yml as docker-compose reads it. */
const configured = () => {
  const args = ['--profile', 'simulator', 'config'];
  return composeSchema.parse(parse(execFileSync('docker-compose', args, { cwd: ROOT, encoding: 'utf8' })));
};

describe.skipIf(!hasCompose)('docker-compose', () => {
  const { services, secrets, volumes } = hasCompose ? configured() : { services: {}, secrets: {}, volumes: {} };
  const all = Object.values(services);

  test('takes the file, and every file and folder that it names is there or made by the user', () => {
    expect(Object.keys(services).toSorted()).toEqual(['gateway', 'grafana', 'influxdb', 'simulator']);
    const mounted = all.flatMap((service) => service.volumes.map((volume) => volume.split(':')[0] ?? ''));
    const named = mounted.filter((source) => !source.startsWith('/'));
    expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted());
    const built = all.flatMap(({ build }) => (build === undefined ? [] : [join(build.context, build.dockerfile)]));
    const paths = [
      ...mounted.filter((source) => source.startsWith('/')),
      ...built,
      ...Object.values(secrets).map(({ file }) => file),
    ];
    expect(paths.length).toBeGreaterThan(8);
    const missing = paths.filter((path) => !existsSync(path)).map((path) => relative(ROOT, path));
    expect(missing.filter((path) => !MADE_BY_USER.test(path))).toEqual([]);
  });

  test('gives the gateway more CPU than all others together, and starts it without them', () => {
    const { gateway, ...others } = services;
    const rest = Object.values(others).reduce((sum, { cpu_shares }) => sum + cpu_shares, 0);
    expect(gateway?.cpu_shares).toBeGreaterThan(4 * rest);
    expect(gateway).toMatchObject({ depends_on: {}, read_only: true });
  });

  test('opens databases and dashboards on loopback alone', () => {
    const ports = all.flatMap((service) => service.ports);
    expect(ports).toHaveLength(2);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('gives out each secret by name, and checks all that a database needs before it starts', () => {
    for (const [name, service] of Object.entries(services)) {
      const sources = service.secrets.map(({ source }) => source);
      expect(Object.keys(secrets), name).toEqual(expect.arrayContaining(sources));
      if (name === 'influxdb' || name === 'grafana') {
        const checked = service.entrypoint.slice(2, service.entrypoint.indexOf('--')).map((word) => word.split(':')[0]);
        expect(checked.toSorted(), name).toEqual(sources.toSorted());
      }
      for (const [variable, value] of Object.entries(service.environment))
        if (/PASSWORD|TOKEN/.test(variable)) expect(value, variable).toMatch(/^\/run\/secrets\//);
    }
  });
});

const makeSecrets = (directory: string): void =>
  void execFileSync('sh', [join(COMPOSE, 'make-secrets.sh')], { cwd: directory });

const secretIn = (directory: string, name: string): string => readFileSync(join(directory, 'secrets', name), 'utf8');

describe('secrets', () => {
  test('are made, each of its own, in a folder for its owner alone; a second time changes none', () => {
    const directory = temporaryDirectory();
    // What docker-compose 1 leaves behind where it was started too early.
    mkdirSync(join(directory, 'secrets', 'influx-read-password'), { recursive: true });
    makeSecrets(directory);
    const names = ['influx-admin', 'influx-write', 'influx-read', 'grafana-admin'].map((name) => `${name}-password`);
    const made = names.map((name) => secretIn(directory, name));
    expect(new Set(made).size).toBe(4);
    for (const secret of made) expect(secret).toMatch(/^[0-9a-f]{48}$/);
    makeSecrets(directory);
    expect(names.map((name) => secretIn(directory, name))).toEqual(made);
    const fresh = temporaryDirectory();
    makeSecrets(fresh);
    expect(statSync(join(fresh, 'secrets')).mode & 0o777).toBe(0o700);
  });

  const start = (directory: string, ...args: readonly string[]) =>
    spawnSync('sh', [join(COMPOSE, 'with-secrets.sh'), ...args], {
      encoding: 'utf8',
      env: { ...process.env, SECRETS_DIRECTORY: join(directory, 'secrets') },
    });

  test('that are missing, empty or a folder keep a database from starting; each is named in both languages', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'secrets', 'folder'), { recursive: true });
    writeFileSync(join(directory, 'secrets', 'empty'), '');
    const { status, stdout, stderr } = start(directory, 'folder', 'empty', 'none:PASSWORD', '--', 'echo', 'started');
    expect([status, stdout]).toEqual([78, '']);
    for (const name of ['folder', 'empty', 'none']) {
      expect(stderr).toContain(`缺少密钥文件 secrets/${name}（`);
      expect(stderr).toContain(`secret file secrets/${name} is missing, empty or not readable. Run first: sh gateway/`);
    }
  });

  test('that are there start it, with its own arguments, and what it takes from its environment', () => {
    const directory = temporaryDirectory();
    makeSecrets(directory);
    const print = 'printf "%s %s" "$PASSWORD" "$1"';
    const args = ['influx-admin-password', 'influx-read-password:PASSWORD', '--', 'sh', '-c', print, 'sh', 'a b'];
    const { status, stdout } = start(directory, ...args);
    expect([status, stdout]).toEqual([0, `${secretIn(directory, 'influx-read-password')} a b`]);
  });

  test('of InfluxDB that are missing do not keep the gateway from judging; it says which file', async () => {
    const directory = temporaryDirectory();
    const passwordFile = join(directory, 'secrets', 'influx-write-password');
    mkdirSync(passwordFile, { recursive: true });
    const sink = `{ kind: influxdb, version: 1, url: "http://127.0.0.1:9", database: venue, username: muster, passwordFile: "${passwordFile}" }`;
    const gateway = startService(directory, `${VENUE}sinks: [${sink}]\n`, {});
    await until(() => /credential-file/.test(gateway.output()), 'the complaint', 15_000);
    expect(gateway.output()).toContain(`${passwordFile} (EISDIR)`);
    await until(() => gateway.output().includes('gateway runs'), 'the gateway', 15_000);
  });
});

test('InfluxDB learns which bucket a database of InfluxQL is, and two users: one that writes, one that reads', () => {
  const script = join(COMPOSE, 'influxdb-init.sh');
  // The image passes over what is not executable.
  expect(statSync(script).mode & 0o111).toBe(0o111);
  const directory = temporaryDirectory();
  makeSecrets(directory);
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'influx'), '#!/bin/sh\nprintf "%s|" "$@"\necho\n', { mode: 0o755 });
  cpSync(script, join(directory, 'init.sh'));
  const said = execFileSync('sh', [join(directory, 'init.sh')], {
    encoding: 'utf8',
    env: {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      SECRETS_DIRECTORY: join(directory, 'secrets'),
      DOCKER_INFLUXDB_INIT_BUCKET: 'venue',
      DOCKER_INFLUXDB_INIT_BUCKET_ID: 'b0',
      DOCKER_INFLUXDB_INIT_ORG: 'muster',
    },
  });
  const [mapping, writer, reader] = said.trimEnd().split('\n');
  expect(mapping).toBe('v1|dbrp|create|--org|muster|--bucket-id|b0|--db|venue|--rp|autogen|--default|');
  expect(writer).toContain(
    `|--write-bucket|b0|--username|muster|--password|${secretIn(directory, 'influx-write-password')}|`,
  );
  expect(writer).not.toContain('read-bucket');
  expect(reader).toContain(
    `|--read-bucket|b0|--username|grafana|--password|${secretIn(directory, 'influx-read-password')}|`,
  );
  expect(reader).not.toContain('write-bucket');
});
