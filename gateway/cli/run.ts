import { type App, startApp } from '../app.ts';
import { systemClock } from '../broker/clock.ts';
import { liveClock } from '../clock.ts';
import { bindProblems } from '../config/bind.ts';
import { dataDirectory } from '../config/data-directory.ts';
import { formatFinding } from '../config/finding.ts';
import { notActedUpon } from '../config/not-acted-upon.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import type { Log } from '../log.ts';
import { type Attendance, attend } from '../service-manager/attend.ts';
import type { ServiceSettings } from '../service-manager/settings.ts';
import { collectStartupGarbage } from '../startup-garbage.ts';
import type { Write } from './check.ts';

export interface RunOptions {
  readonly file: string;
  readonly config: VenueConfig;
  readonly locale: Locale;
  readonly log: Log;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Undefined: no service manager wants to be told. */
  readonly service: ServiceSettings | undefined;
  /** Called once it runs; for signals that the running gateway answers. */
  onStart(app: App): void;
}

/** Says what the file asks for and this version does not do, and refuses what would be unsafe. */
const admit = ({ config, file, locale }: RunOptions, err: Write): boolean => {
  const problems = bindProblems(config);
  for (const finding of [...problems, ...notActedUpon(config)]) err(`${formatFinding(finding, locale, file)}\n`);
  return problems.length === 0;
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const runUntilStopped = async (options: RunOptions, attendance: Attendance | undefined): Promise<void> => {
  const { config, file, log, signal } = options;
  const directory = dataDirectory(config, file);
  const app = await startApp({
    config,
    clock: liveClock(),
    log,
    directory,
    storeDirectory: directory,
    venueFile: file,
  });
  collectStartupGarbage();
  log.info({ venue: config.venue.id, mqtt: app.mqtt, http: app.http }, 'gateway runs');
  app.hotPath.events.listen((event) => {
    if (!('alarm' in event)) return;
    const { id, kind, subject, severity, condition, reason } = event.alarm;
    log.info({ alarm: id, event: event.type, kind, subject, severity, condition, reason: reason.en }, 'alarm');
  });
  options.onStart(app);
  attendance?.ready(app.progress, directory);
  await aborted(signal);
  attendance?.stopping();
  await app.stop();
  log.info({}, 'gateway stopped');
};

/** `muster run`: the gateway, until it is told to stop. 0 stopped, 2 unsafe configuration; throws where it cannot start. */
export const runGateway = async (options: RunOptions, err: Write): Promise<number> => {
  if (!admit(options, err)) return 2;
  const { service, log } = options;
  const attendance = service === undefined ? undefined : attend(service, systemClock, log);
  try {
    await runUntilStopped(options, attendance);
  } finally {
    await attendance?.end();
  }
  return 0;
};
