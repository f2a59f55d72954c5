import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { JudgeScheduler } from '../../../rules/engine.ts';
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
  /** Where the devices link their serial ports. */
  readonly portsDirectory: string;
  /** TCP ports on which they listen, by the id of the source that connects to them. */
  readonly listen: ReadonlyMap<string, number>;
  /** The gateway's HTTP side. */
  readonly httpUrl: string;
  /** How long they may take to connect, milliseconds. */
  readonly readyWithinMs: number;
  /** Timers in real time. */
  readonly schedule: JudgeScheduler['schedule'];
  onProgress(progress: Progress): void;
}

/** Why devices came to nothing, and the exit code that says so (CONTRACT "Exit codes"). */
export interface DevicesFailure {
  readonly message: string;
  readonly exitCode: 2 | 3 | 70;
}

/** The simulated devices: a process of their own, met only on the wire. */
export interface Devices {
  /** Resolves when the process is gone: with what went wrong, if anything did. */
  readonly ended: Promise<DevicesFailure | undefined>;
  stop(): Promise<void>;
}

const ERRORS_KEPT = 10_000;
/** Told to stop, it says good-bye to the broker; one that hangs is ended after this long. */
const STOP_GRACE_MS = 3000;
const EXIT_USAGE = 2;

const launch = (options: DevicesOptions): ChildProcess => {
  const script = join(PACKAGE_ROOT, 'dist', 'firmware-sim', 'main.js');
  const values = {
    broker: options.brokerUrl,
    scenario: options.scenarioFile,
    'venue-id': options.venueId,
    speed: options.speed,
    epoch: options.epochMs,
    ports: options.portsDirectory,
    http: options.httpUrl,
  };
  const listen = [...options.listen].flatMap(([id, port]) => ['--listen', `${id}=${port}`]);
  const args = [...Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]), ...listen];
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
};

/** The end of a process: its exit code, or what kept it from starting or ended it. */
const endOf = (child: ChildProcess): Promise<number | string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? `ended by ${signal}`));
  });

const failureOf = (end: number | string, errors: string): DevicesFailure | undefined => {
  if (end === 0) return undefined;
  const message = errors || (typeof end === 'string' ? end : `exit code ${end}`);
  return { message: `the simulated devices failed: ${message}`, exitCode: end === EXIT_USAGE ? 2 : 70 };
};

const notReady = (readyWithinMs: number, problem: string): DevicesFailure => ({
  message: `the simulated devices did not connect within ${readyWithinMs / 1000} s${problem && `; last problem: ${problem}`}`,
  exitCode: 3,
});

export const startDevices = (options: DevicesOptions): Devices => {
  const child = launch(options);
  const gone = endOf(child);
  let errors = '';
  let problem = '';
  let tooLate: DevicesFailure | undefined;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERRORS_KEPT);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = options.schedule(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    await gone;
    timer.unsubscribe();
  };
  const readyTimer = options.schedule(() => {
    tooLate = notReady(options.readyWithinMs, problem);
    void stop();
  }, options.readyWithinMs);
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { data: progress } = progressSchema.safeParse(parsed(line));
      if (progress?.type === 'ready') readyTimer.unsubscribe();
      if (progress?.type === 'problem') problem = `${progress.actor}: ${progress.message}`;
      if (progress !== undefined && tooLate === undefined) options.onProgress(progress);
    });
  }
  const ended = gone.then((end) => {
    readyTimer.unsubscribe();
    return tooLate ?? failureOf(end, errors.trim());
  });
  return { ended, stop };
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
