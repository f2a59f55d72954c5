import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { connected, publishPacket } from '../broker/fixture.ts';
import { portOf, startKeeping } from '../fixture.ts';
import { temporaryDirectory } from '../store/fixture.ts';
import { running, startService, VENUE } from './service.ts';

const hasNotify = requireProgram('systemd-notify', 'systemd');
const hasPython = requireProgram('python3', 'python3');

const WATCH_USEC = 600_000;

/** What systemd does with its socket; the descriptor that comes with a barrier is closed when nobody takes it. */
const RECEIVER = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
while True:
    print(receiver.recv(4096).decode(), flush=True)
`;

/** A `systemd-notify` that writes down what it is told, one line a call; `fails`: it does not even do that. */
const fakeNotify = (directory: string, fails = false) => {
  const bin = join(directory, 'bin');
  const words = join(directory, 'words');
  mkdirSync(bin);
  const script = fails ? 'exit 1' : `printf '%s\\n' "$*" >> '${words}'`;
  writeFileSync(join(bin, 'systemd-notify'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return {
    env: {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      NOTIFY_SOCKET: join(directory, 'notify'),
      WATCHDOG_USEC: String(WATCH_USEC),
    },
    words: (): readonly string[] => (existsSync(words) ? readFileSync(words, 'utf8').trimEnd().split('\n') : []),
  };
};

const pingsIn = (words: readonly string[]): number => words.filter((word) => word === 'WATCHDOG=1').length;

describe('systemd is told', () => {
  test('that the gateway starts, is ready, lives, and ends; in this order', async () => {
    const directory = temporaryDirectory();
    const { env, words } = fakeNotify(directory);
    const gateway = startService(directory, VENUE, env);
    await until(() => pingsIn(words()) >= 3, 'signs of life', 15_000);
    expect(words().slice(0, 3)).toEqual(['STATUS=正在启动 · starting', 'READY=1', 'STATUS=正在判断 · judging']);
    expect(gateway.output()).toContain('gateway runs');
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    const beforeTheEnd = words().filter((word) => word !== 'WATCHDOG=1');
    expect(beforeTheEnd).toEqual([...words().slice(0, 3), 'STOPPING=1']);
    expect(existsSync(join(directory, 'muster-data', '.disk-probe'))).toBe(false);
  });

  test('nothing of a gateway that cannot start; it ends with its exit code', async () => {
    const directory = temporaryDirectory();
    const { env, words } = fakeNotify(directory);
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await until(() => taken.listening, 'a port');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const gateway = startService(directory, VENUE.replace('http: { port: 0 }', `http: { port: ${port} }`), env);
    expect(await gateway.exit).toBe(3);
    expect(words()).toEqual(['STATUS=正在启动 · starting']);
  });

  test('and where it cannot be told, the log says so once and the gateway runs', async () => {
    const directory = temporaryDirectory();
    const gateway = startService(directory, VENUE, fakeNotify(directory, true).env);
    await until(() => gateway.output().includes('systemd is not told'), 'the complaint', 15_000);
    await until(() => gateway.output().includes('gateway runs'), 'the gateway', 15_000);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    expect(gateway.output().split('systemd is not told')).toHaveLength(2);
  });

  test.skipIf(!hasNotify || !hasPython)('by the real systemd-notify, over its socket', async () => {
    const directory = temporaryDirectory();
    const socket = join(directory, 'notify');
    const systemd = running('python3', ['-c', RECEIVER, socket]);
    await until(() => existsSync(socket), 'the socket');
    const gateway = startService(directory, VENUE, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: String(WATCH_USEC) });
    await until(() => pingsIn(systemd.output().split('\n')) >= 2, 'signs of life', 15_000);
    expect(systemd.output()).toMatch(/starting\n(.*\n)*READY=1\n(.*\n)*STATUS=正在判断 · judging\n/);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    await until(() => systemd.output().includes('STOPPING=1'), 'the end');
  });
});

test('a running gateway shows how far judging and keeping have come', async () => {
  const app = await startKeeping(
    'roles: { guard: {} }\nbadges: { b1: { role: guard } }\nrules: [{ id: sos, kind: sos }]\nsecurity: { anonymous: loopback }',
  );
  onTestFinished(() => app.stop());
  const before = app.progress();
  expect(before).toMatchObject({ isJudging: true, arrived: 0, lost: 0 });
  const badge = await connected(portOf(app));
  badge.send(publishPacket('muster/hall/up/b1', '[{"n":"battery","v":50}]', 1));
  await until(() => badge.received().length > 0, 'the acknowledgement');
  expect(app.progress()).toMatchObject({ isJudging: true, arrived: 1, lost: 0 });
  expect(app.progress().writerSteps).toBeGreaterThan(before.writerSteps);
  app.hotPath.stop();
  expect(app.progress().isJudging).toBe(false);
});
