import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const MAIN = join(ROOT, 'dist', 'gateway', 'main.js');

/** A venue that listens on free ports of loopback. */
export const VENUE = `
venue: { id: hall, name: { zh: 大厅, en: Hall }, timezone: Asia/Shanghai, locale: en }
sources: [{ kind: mqtt-broker, tcp: { port: 0 } }]
http: { port: 0 }
rules: [{ id: sos, kind: sos }]
`;

/** What is installed is tens of thousands of files: to remove them takes a slow disk longer than the usual hook may. */
const REMOVAL_MS = 120_000;

/** For what is installed; gone after the test. */
export const installDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-install-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }), REMOVAL_MS);
  return directory;
};

export interface Running {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
}

/** A program, with all that it says; ended with the test. */
export const running = (
  command: string,
  args: readonly string[],
  options: { env?: object; cwd?: string } = {},
): Running => {
  const env = { ...process.env, ...options.env };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd: options.cwd ?? ROOT });
  const said: string[] = [];
  const exit = once(child, 'exit').then(() => child.exitCode);
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, output: () => said.join(''), exit };
};

/** `muster run` in a directory, as systemd starts it. */
export const startService = (directory: string, venue: string, env: object): Running => {
  const file = join(directory, 'venue.yaml');
  writeFileSync(file, venue);
  return running(process.execPath, [MAIN, 'run', '-c', file], { env });
};
