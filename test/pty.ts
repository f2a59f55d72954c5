import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { realClock } from '../firmware-sim/clock.ts';
import { openPty, type Pty } from '../firmware-sim/pty.ts';
import { requireProgram } from './system-programs.ts';
import { until } from './until.ts';

export const hasSocat = requireProgram('socat', 'socat');

const clock = realClock();

/** A folder for links of serial ports, gone when the test is over. */
export const portFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-ports-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A serial port of this link, ended when the test is over. */
export const plug = async (link: string): Promise<Pty> => {
  const pty = await openPty(link, clock);
  onTestFinished(() => pty.close());
  return pty;
};

/** Both ends of a cable as terminals, made by one process that can be killed without a chance to clean up. */
export interface Cable {
  readonly near: string;
  readonly far: string;
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export const layCable = async (folder: string): Promise<Cable> => {
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  for (const link of [near, far]) rmSync(link, { force: true });
  const ends = [near, far].map((link) => `pty,raw,echo=0,link=${link}`);
  const child = spawn('socat', ends, { stdio: 'ignore' });
  const gone = once(child, 'exit');
  const kill = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  onTestFinished(() => kill('SIGKILL'));
  await until(() => existsSync(near) && existsSync(far), 'both ends of the cable');
  return { near, far, kill };
};
