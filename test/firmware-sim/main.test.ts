import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBroker, type TestBroker } from './stage/broker.ts';

const main = fileURLToPath(new URL('../../dist/firmware-sim/main.js', import.meta.url));
const sos = fileURLToPath(new URL('../../firmware-sim/scenarios/sos.yaml', import.meta.url));
const wires = fileURLToPath(new URL('../../firmware-sim/scenarios/all-hardware.yaml', import.meta.url));

let broker: TestBroker;
let folder: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  broker = await startBroker();
  folder = await mkdtemp(join(tmpdir(), 'firmware-sim-'));
});

afterEach(async () => {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
});

afterAll(async () => {
  await broker.stop();
  await rm(folder, { recursive: true });
});

const run = async (...args: readonly string[]) => {
  const process = spawn(globalThis.process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = process;
  const [out, errors, [code]] = await Promise.all([text(process.stdout), text(process.stderr), once(process, 'exit')]);
  return { out, errors, code, lines: out.split('\n').filter((line) => line !== '') };
};

describe.skipIf(!existsSync(main))('main (skipped unless built: npm run build)', () => {
  it('plays a scenario to its end, tells of it line by line, and exits 0', async () => {
    const secrets = join(folder, 'secrets.json');
    await writeFile(secrets, JSON.stringify({ 'badge-01': 's1' }));
    const common = ['--broker', broker.url, '--scenario', sos, '--venue-id', 'yard', '--speed', '500'];
    const { lines, errors, code } = await run(...common, '--secrets', secrets, '--epoch', '1700000000000');
    expect(errors).toBe('');
    expect(code).toBe(0);
    const told = lines
      .map((line): { readonly type?: string } => JSON.parse(line))
      .filter(({ type }) => type !== 'late');
    expect(told.map(({ type }) => type)).toEqual(['ready', 'event', 'event', 'event', 'event', 'done']);
    expect(told[2]).toEqual({ type: 'event', atSeconds: 60, actor: 'badge-01', do: 'sos' });
    expect(broker.heard.every(({ topic }) => topic.startsWith('muster/yard/up/badge-0'))).toBe(true);
    expect(broker.logins.find(({ client }) => client === 'badge-01')?.password).toBe('s1');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s', async (signal) => {
    const ended = run('--broker', broker.url, '--scenario', sos, '--venue-id', 'yard');
    child?.stdout?.once('data', () => child?.kill(signal));
    const { lines, code } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({ type: 'done', stopped: true });
  });

  it.each([
    ['no options', [], /--broker: .*\n--scenario: /],
    ['an unknown option', ['--brocker', 'x'], /--brocker/],
    [
      'a topic level with a wildcard',
      ['--broker', 'mqtt://x', '--scenario', sos, '--venue-id', 'a/#'],
      /--venue-id: one topic level/,
    ],
    [
      'a missing file',
      ['--broker', 'mqtt://x', '--scenario', 'nowhere.yaml', '--venue-id', 'a'],
      /cannot read: .*nowhere\.yaml/,
    ],
    [
      'secrets that are none',
      ['--broker', 'mqtt://x', '--scenario', sos, '--venue-id', 'a', '--secrets', sos],
      /cannot read: not JSON/,
    ],
    [
      'wires that lead nowhere',
      ['--broker', 'mqtt://x', '--scenario', wires, '--venue-id', 'a', '--ports', '/nowhere'],
      /chiller-power: .* needs --listen chiller=PORT\nsite-climate: .* needs --listen site=PORT\npost-climate: .* needs --http URL/,
    ],
  ])('exits 2 on %s', async (_what, args, expected) => {
    const { errors, out, code } = await run(...args);
    expect(code).toBe(2);
    expect(errors).toMatch(expected);
    expect(out).toBe('');
  });

  it('exits 2 and names the place of a mistake in the scenario', async () => {
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, 'venue: v\nseed: 1\ndurationSeconds: 5\nactors:\n  - { id: a, type: badge, shoes: 2 }\n');
    const { errors, code } = await run('--broker', 'mqtt://x', '--scenario', file, '--venue-id', 'a');
    expect(code).toBe(2);
    expect(errors).toBe(`${file}:5:27: actors.0.shoes: no such field here\n`);
  });

  it('prints its usage', async () => {
    const { out, code } = await run('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: /);
  });
});
