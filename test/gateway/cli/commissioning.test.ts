import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { readVenueFile } from '../../../gateway/config/load.ts';
import { until } from '../../until.ts';
import { ROOT, type Running, running } from '../deploy/service.ts';
import { folder, PASSWORD, user, writeUsers } from '../people/fixture.ts';

const MAIN = join(ROOT, 'dist', 'gateway', 'main.js');
const PAGE = readFileSync(join(ROOT, 'gateway', 'docs', 'commissioning.md'), 'utf8');

/** Every command of the page, in its order. */
const COMMANDS = [...PAGE.matchAll(/^ {4}(\S.*)$/gm)].map(([, command = '']) => command);

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const venueOf = (mqtt: number, http: number): string => `# the venue, with its comments
venue: { id: hall, name: { zh: 大厅, en: Hall }, timezone: Asia/Shanghai, locale: en }
zones: { foyer: {}, stage: {} } # two
roles: { steward: {} }
badges: # by hand
  badge-07: { role: steward, zone: stage, upright: [0, 0, 1] } # Li
clients:
  ruuvi: { publish: ['ruuvi/#'], secretSha256: ${hashSecret('ruuvi-secret')} }
sources: [{ kind: mqtt-broker, tcp: { port: ${mqtt} } }]
http: { port: ${http} }
receivers:
  ruuvi-gateway:C8:25:2D:8E:9C:2C: { zone: foyer }
rules: [{ id: sos, kind: sos }]
# the end
`;

/** A Ruuvi tag as its gateway tells of it, again and again until it is stopped. */
const radiate = async (mqtt: number): Promise<() => Promise<void>> => {
  const client = await connectAsync(`mqtt://127.0.0.1:${mqtt}`, {
    protocolVersion: 4,
    username: 'ruuvi',
    password: 'ruuvi-secret',
    reconnectPeriod: 20,
  });
  client.on('error', () => undefined);
  const tick = setInterval(() => {
    const message = { rssi: -58, temperature: 31.5, accelX: 0, accelY: -0.6, accelZ: 0.8 };
    if (client.connected) client.publish('ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6', JSON.stringify(message));
  }, 50);
  return async () => {
    clearInterval(tick);
    await client.endAsync(true);
  };
};

test('the commands of the page, as they stand there', { timeout: 300_000 }, async () => {
  const directory = folder();
  const [mqtt, http] = [await freePort(), await freePort()];
  const file = join(directory, 'venue.yaml');
  const before = venueOf(mqtt, http);
  writeFileSync(file, before);
  mkdirSync(join(directory, 'muster-data'), { mode: 0o700 });
  writeUsers(join(directory, 'muster-data'), [user('li', 'engineer')]);

  let service: Running | undefined;
  const restart = async (): Promise<void> => {
    service?.child.kill('SIGTERM');
    await service?.exit;
    const started = running(process.execPath, [MAIN, 'run', '-c', file], { cwd: directory });
    service = started;
    const ended = started.exit.then((code) => Promise.reject(new Error(`ended with ${code}: ${started.output()}`)));
    await Promise.race([until(() => started.output().includes('gateway runs'), 'the gateway to run', 60_000), ended]);
    ended.catch(() => undefined);
  };
  const reloads = (): number => service?.output().split('the venue file was read again').length ?? 0;
  /** What the unit file does. */
  const reload = async (): Promise<void> => {
    const before = reloads();
    service?.child.kill('SIGHUP');
    await until(() => reloads() > before, 'the venue file to be read again', 60_000);
  };
  await restart();
  const silence = await radiate(mqtt);
  onTestFinished(silence);

  const bin = join(directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'muster'), `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`);
  chmodSync(join(bin, 'muster'), 0o755);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, LANG: 'en' };
  const shell = async (command: string): Promise<{ code: number | null; out: string }> => {
    const child = spawn('sh', ['-c', command], { cwd: directory, env, stdio: 'pipe' });
    child.stdin.end(`${PASSWORD}\n`);
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (out += text));
    const [code] = await once(child, 'close');
    return { code, out };
  };

  const said: string[] = [];
  for (const command of COMMANDS) {
    if (command === 'sudo systemctl reload muster') {
      await reload();
      continue;
    }
    const listed = command.startsWith('muster devices --user');
    let { code, out } = await shell(command);
    // The first advert may still be on its way.
    for (let tries = 0; listed && !out.includes('F4:1F') && tries < 20; tries += 1)
      ({ code, out } = await shell(command));
    expect([command, code, out]).toEqual([command, command === 'muster check' ? expect.any(Number) : 0, out]);
    said.push(out);
  }
  expect(COMMANDS).toHaveLength(6);
  expect(said[0]).toMatch(/^ble:F4:1F:0C:28:CB:D6\tmqtt\truuvi-gateway:C8:25:2D:8E:9C:2C\t-58 dBm\t/m);
  expect(said[2]).toMatch(/ 0 errors/);
  const line =
    '  badge-08: { role: steward, wearer: Li Wei, zone: foyer, address: ble:F4:1F:0C:28:CB:D6, upright: [0, -0.6, 0.8] }';
  expect(readFileSync(file, 'utf8')).toBe(before.replace('# Li\n', `# Li\n${line}\n`));
  expect(readVenueFile(file).badges['badge-08']?.upright).toEqual([0, -0.6, 0.8]);
});

test('the venue file of the page is what the loader takes', () => {
  const [, section = ''] = /```yaml\n([\s\S]*?)```/.exec(PAGE) ?? [];
  const file = join(folder(), 'venue.yaml');
  writeFileSync(file, `${venueOf(1883, 8080).replace(/receivers:\n.*\n/, section)}`);
  expect(Object.keys(readVenueFile(file).receivers)).toHaveLength(2);
});
