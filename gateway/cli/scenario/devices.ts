import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../../version.ts';

/** What firmware-sim tells, one JSON object a line. */
const progressSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('ready'), startAtMs: z.number() }),
  z.looseObject({ type: z.literal('event'), atSeconds: z.number(), actor: z.string(), do: z.string() }),
  z.looseObject({ type: z.literal('command'), actor: z.string(), do: z.string() }),
  z.looseObject({ type: z.literal('late'), maxLateMs: z.number(), maxLateSeconds: z.number() }),
  z.looseObject({ type: z.literal('problem'), actor: z.string(), message: z.string() }),
  z.looseObject({ type: z.literal('done'), sent: z.number(), dropped: z.number() }),
]);

export type Progress = z.output<typeof progressSchema>;

export interface DevicesOptions {
  readonly brokerUrl: string;
  readonly scenarioFile: string;
  readonly venueId: string;
  readonly speed: number;
  readonly epochMs: number;
  onProgress(progress: Progress): void;
}

/** The simulated devices: a process of their own, met only over MQTT. */
export interface Devices {
  /** Resolves with the exit code when the process is gone. */
  readonly ended: Promise<number>;
  /** What it said on standard error. */
  errors(): string;
  stop(): Promise<void>;
}

const ERRORS_KEPT = 10_000;

const endOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(70));
    child.once('exit', (code) => resolve(code ?? 70));
  });

export const startDevices = (options: DevicesOptions): Devices => {
  const { brokerUrl, scenarioFile, venueId, speed, epochMs } = options;
  const script = join(PACKAGE_ROOT, 'dist', 'firmware-sim', 'main.js');
  const values = { broker: brokerUrl, scenario: scenarioFile, 'venue-id': venueId, speed, epoch: epochMs };
  const args = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = endOf(child);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERRORS_KEPT);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const progress = progressSchema.safeParse(parsed(line));
    if (progress.success) options.onProgress(progress.data);
  });
  return {
    ended,
    errors: () => errors.trim(),
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
