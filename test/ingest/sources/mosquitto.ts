import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Debian's mosquitto on a free port of the loopback address, with persistence; ends with the test. */
export interface Mosquitto {
  readonly port: number;
  start(): Promise<void>;
  /** Ends it as an operator would: it saves its sessions. */
  stop(): Promise<void>;
}

export const mosquitto = async (): Promise<Mosquitto> => {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const file = join(directory, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${directory}/`,
    `user ${userInfo().username}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  let child: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined) return;
    const exited = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    ending.kill('SIGTERM');
    await exited;
  };
  onTestFinished(async () => {
    await stop();
    rmSync(directory, { recursive: true });
  });
  const start = async (): Promise<void> => {
    child = spawn('/usr/sbin/mosquitto', ['-c', file], { stdio: 'ignore' });
    for (let attempt = 0; !(await answers(port)); attempt += 1) {
      if (attempt > 200) throw new Error('mosquitto does not start');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  await start();
  return { port, start, stop };
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
