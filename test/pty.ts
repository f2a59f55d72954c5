import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { realClock } from '../firmware-sim/clock.ts';
import { openPty, type Pty } from '../firmware-sim/pty.ts';
import { requireProgram } from './system-programs.ts';

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
