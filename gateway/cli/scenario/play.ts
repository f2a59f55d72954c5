import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AlarmEvent } from '../../../rules/alarms/alarm.ts';
import { type App, startApp } from '../../app.ts';
import { liveClock, scaledClock } from '../../clock.ts';
import type { VenueConfig } from '../../config/schema.ts';
import { createLog } from '../../log.ts';
import { type DevicesFailure, startDevices } from './devices.ts';
import { ScenarioError, type ScenarioFile } from './file.ts';

export interface PlayOptions {
  readonly scenario: ScenarioFile;
  readonly config: VenueConfig;
  readonly speed: number;
  /** Judged time of scenario second 0; default: so long ago that no stamp lies in the future. */
  readonly epochMs?: number | undefined;
  /** Where the broker and the HTTP side listen; both on loopback. */
  readonly mqttPort: number;
  readonly httpPort: number;
  /** Where what is judged is kept; absent: nowhere. */
  readonly storeDirectory?: string;
  /** Ends the play early. */
  readonly signal: AbortSignal;
  onStart?(app: App): void;
  onEvent(event: AlarmEvent, atSeconds: number): void;
  /** The scenario was played to its end, and the gateway still runs. */
  onEnd?(app: App): Promise<void>;
  /** What a simulated device cannot do, as one line. */
  onProblem(line: string): void;
  /** How long the devices may take to connect, real milliseconds. */
  readonly readyWithinMs?: number;
}

export interface Played {
  readonly stopped: boolean;
  /** How far devices or gateway ran behind their clock, scenario seconds: the machine may be too slow for the speed. */
  readonly maxLateSeconds: number;
  /** The devices never got ready, or ended badly. */
  readonly failure?: DevicesFailure;
}

const READY_WITHIN_MS = 20_000;

/** Judged seconds after the end in which an expected alarm may still come. */
const AFTERWARDS_SECONDS = 6;

type SourceConfig = VenueConfig['sources'][number];

/** Hardware of the venue that the devices stand in for: under the name that it has there, in a directory of theirs. */
const onSimulatedPort = (source: SourceConfig, portsDirectory: string): readonly SourceConfig[] =>
  source.kind === 'serial-lines' || source.kind === 'modbus-rtu'
    ? [{ ...source, path: join(portsDirectory, basename(source.path)) }]
    : [];

/** On loopback, without log-in, whatever the venue file says of listeners: simulated devices have no secrets. */
const simulated = (config: VenueConfig, options: PlayOptions, portsDirectory: string): VenueConfig => {
  const [broker] = config.sources.filter(({ kind }) => kind === 'mqtt-broker');
  if (broker?.kind !== 'mqtt-broker')
    throw new ScenarioError('the venue of a scenario needs a source of kind mqtt-broker');
  const { tls: _, websocket: __, ...rest } = broker;
  return {
    ...config,
    sources: [
      { ...rest, tcp: { host: '127.0.0.1', port: options.mqttPort } },
      ...config.sources.flatMap((source) => onSimulatedPort(source, portsDirectory)),
    ],
    http: { ...config.http, host: '127.0.0.1', port: options.httpPort },
    security: { ...config.security, anonymous: 'loopback' },
  };
};

/** Starts a gateway and the simulated devices of a scenario, on a clock of their own, and plays it to its end. */
export const play = async (options: PlayOptions): Promise<Played> => {
  const portsDirectory = mkdtempSync(join(tmpdir(), 'muster-ports-'));
  try {
    return await playOn(options, portsDirectory);
  } finally {
    rmSync(portsDirectory, { recursive: true, force: true });
  }
};

const playOn = async (options: PlayOptions, portsDirectory: string): Promise<Played> => {
  const { scenario, speed, signal } = options;
  const epochMs = options.epochMs ?? Date.now() - Math.ceil(scenario.durationSeconds + AFTERWARDS_SECONDS) * 1000;
  const clock = scaledClock(epochMs, speed);
  const log = createLog({ write: () => undefined });
  const config = simulated(options.config, options, portsDirectory);
  const { storeDirectory } = options;
  const app = await startApp({ config, clock, log, ...(storeDirectory === undefined ? {} : { storeDirectory }) });
  try {
    options.onStart?.(app);
    app.hotPath.events.listen((event) => {
      if ('alarm' in event) options.onEvent(event, (event.atMs - epochMs) / 1000);
    });
    let maxLateSeconds = 0;
    const loopDelay = monitorEventLoopDelay({ resolution: 5 });
    const devices = startDevices({
      brokerUrl: `mqtt://127.0.0.1:${app.mqtt[0]?.port}`,
      scenarioFile: scenario.file,
      venueId: app.registry.venueId,
      speed,
      epochMs,
      portsDirectory,
      readyWithinMs: options.readyWithinMs ?? READY_WITHIN_MS,
      schedule: liveClock().schedule,
      onProgress: (progress) => {
        if (progress.type === 'ready') {
          clock.startAt(progress.startAtMs);
          loopDelay.enable();
        }
        if (progress.type === 'late') maxLateSeconds = Math.max(maxLateSeconds, progress.maxLateSeconds);
        if (progress.type === 'problem') options.onProblem(`${progress.actor}: ${progress.message}`);
      },
    });
    const abort = (): void => void devices.stop();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    const failure = await devices.ended;
    const endMs = epochMs + (scenario.durationSeconds + AFTERWARDS_SECONDS) * 1000;
    if (!signal.aborted && failure === undefined) await until(clock.schedule, endMs - clock.now(), signal);
    signal.removeEventListener('abort', abort);
    loopDelay.disable();
    maxLateSeconds = Math.max(maxLateSeconds, Math.round((loopDelay.max / 1e9) * speed * 10) / 10);
    if (!signal.aborted && failure === undefined) await options.onEnd?.(app);
    return { stopped: signal.aborted, maxLateSeconds, ...(failure === undefined || signal.aborted ? {} : { failure }) };
  } finally {
    await app.stop();
  }
};

const until = (
  schedule: (work: () => void, delayMs: number) => { unsubscribe(): void },
  delayMs: number,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve) => {
    const timer = schedule(resolve, Math.max(0, delayMs));
    signal.addEventListener('abort', () => {
      timer.unsubscribe();
      resolve();
    });
  });
