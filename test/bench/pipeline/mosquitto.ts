import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { sleep } from '../measure.ts';
import { openClient } from './client.ts';

const PROGRAM = '/usr/sbin/mosquitto';

export const hasMosquitto = (): boolean => existsSync(PROGRAM);

export interface Mosquitto {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });

const START_ATTEMPTS = 200;

/** Debian's mosquitto on a free port of the loopback address. It queues without limit, so that it drops nothing. */
export const startMosquitto = async (): Promise<Mosquitto> => {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const file = join(directory, 'mosquitto.conf');
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0', 'set_tcp_nodelay true'];
  writeFileSync(file, `${[...lines, `user ${userInfo().username}`].join('\n')}\n`);
  const child = spawn(PROGRAM, ['-c', file], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await exited;
    }
    rmSync(directory, { recursive: true });
  };
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    const socket = await openClient(port, 'ready').catch(() => undefined);
    socket?.destroy();
    if (socket !== undefined) return { port, pid: child.pid ?? 0, stop };
    await sleep(25);
  }
  await stop();
  throw new Error('mosquitto does not start');
};
