#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { destination } from 'pino';
import { systemClock } from './broker/clock.ts';
import { runCheck } from './cli/check.ts';
import { runDecode } from './cli/decode.ts';
import { runDemo } from './cli/demo.ts';
import { addDeviceCommands } from './cli/device-commands.ts';
import { runHealth } from './cli/health.ts';
import { painter } from './cli/paint.ts';
import { addPlanCommands } from './cli/plan-commands.ts';
import { runReplay } from './cli/replay.ts';
import { runGateway } from './cli/run.ts';
import { readScenario, ScenarioError } from './cli/scenario/file.ts';
import { runSim } from './cli/sim.ts';
import { addTlsCommands } from './cli/tls-commands.ts';
import { addUserCommands } from './cli/user-commands.ts';
import { readVenueFile } from './config/load.ts';
import { isConfigError } from './config/problems/error.ts';
import { formatProblem } from './config/problems/problem.ts';
import { type Locale, localeOf } from './config/sections/venue.ts';
import { createLog } from './log.ts';
import { serviceSettingsOf } from './service-manager/settings.ts';
import { StartError } from './start-error.ts';
import { StoreNewerError } from './store/errors.ts';
import { PACKAGE_ROOT, VERSION } from './version.ts';

const EXIT_USAGE = 2;
const EXIT_CANNOT_START = 3;
const EXIT_STORE_NEWER = 4;
const EXIT_INTERNAL = 70;

const DEMO_SCENARIO = join(PACKAGE_ROOT, 'firmware-sim', 'scenarios', 'evening.yaml');

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);
const readFile = (path: string): string => readFileSync(path, 'utf8');

/** The language of the person at the terminal, where the environment says so. */
const environmentLocale = (): Locale | undefined => {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const language = LC_ALL || LC_MESSAGES || LANG;
  return language !== undefined && /^(zh|en)/i.test(language) ? localeOf(language) : undefined;
};

const colours = (): boolean => {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  return process.stdout.isTTY === true || (FORCE_COLOR !== undefined && FORCE_COLOR !== '0');
};

/** Aborts at Ctrl-C or when the service manager ends us. */
const stopSignal = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
};

const numberBetween =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`expected a number from ${min} to ${max}`);
    }
    return value;
  };

const LANGUAGES = ['zh-CN', 'en'] as const satisfies readonly Locale[];

const langOption = (): Option => new Option('--lang <language>', 'language of the output').choices(LANGUAGES);

interface LangOption {
  readonly lang?: Locale;
}

const localeFor = ({ lang }: LangOption, fallback: Locale): Locale => lang ?? environmentLocale() ?? fallback;

/** The exit code of the command that ran. */
let exitCode = 0;

const program = new Command('muster')
  .description('Safety gateway of an event venue. 活动场馆安全网关。')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: true });

program
  .command('run')
  .description('run the gateway')
  .requiredOption('-c, --config <file>', 'venue.yaml')
  .addOption(langOption())
  .action(async ({ config: file, ...rest }: LangOption & { config: string }) => {
    const config = readVenueFile(file);
    const log = createLog(destination({ dest: 1, sync: false }));
    const service = serviceSettingsOf(process.env, process.pid);
    const options = { file, config, log, locale: localeFor(rest, config.venue.locale), signal: stopSignal(), service };
    exitCode = await runGateway(
      {
        ...options,
        onStart: (app) => {
          process.on('SIGHUP', () => {
            const errors = app.reloadCertificates();
            for (const error of errors) log.error({ error }, 'the new certificate is not usable; the old one stays');
            if (errors.length === 0) log.info({}, 'certificates read again');
            app.reload?.({ by: 'SIGHUP', dryRun: false }).catch((error: unknown) => {
              log.error({ error }, 'the venue file could not be read again; what runs stays as it is');
            });
          });
        },
      },
      err,
    );
  });

program
  .command('demo')
  .description('a gateway and a simulated evening on this machine; every alarm is printed as it happens')
  .option('--speed <n>', 'evening seconds per real second', numberBetween(0.1, 1000), 60)
  .option('--mqtt-port <port>', 'port of the broker on loopback', numberBetween(0, 65_535), 1883)
  .option('--http-port <port>', 'port of the HTTP side on loopback', numberBetween(0, 65_535), 8080)
  .option('--scenario <file>', 'another evening', DEMO_SCENARIO)
  .addOption(langOption())
  .action(async ({ scenario: path, speed, mqttPort, httpPort, ...rest }: LangOption & DemoFlags) => {
    const scenario = readScenario(path);
    const config = readVenueFile(scenario.venueFile);
    const locale = localeFor(rest, config.venue.locale);
    const paint = painter(colours());
    exitCode = await runDemo(
      { scenario, config, speed, mqttPort, httpPort, locale, paint, signal: stopSignal() },
      out,
      err,
    );
  });

interface DemoFlags {
  readonly scenario: string;
  readonly speed: number;
  readonly mqttPort: number;
  readonly httpPort: number;
}

program
  .command('sim')
  .description('play a scenario and compare the alarms with what it expects; exits 1 on a miss or an extra')
  .argument('<scenario>', 'scenario.yaml')
  .option('--speed <n>', 'scenario seconds per real second', numberBetween(0.1, 10_000), 60)
  .option('--epoch <ms>', 'judged time of scenario second 0, Unix milliseconds', numberBetween(0, 8.64e15))
  .option('--json', 'print the comparison as one JSON object', false)
  .addOption(langOption())
  .action(async (path: string, flags: LangOption & { speed: number; epoch?: number; json: boolean }) => {
    const scenario = readScenario(path);
    const config = readVenueFile(scenario.venueFile);
    const { speed, epoch: epochMs, json } = flags;
    const locale = localeFor(flags, 'en');
    exitCode = await runSim({ scenario, config, speed, epochMs, json, locale, signal: stopSignal() }, out, err);
  });

program
  .command('replay')
  .description('judge a recording again; exits 1 where the alarms are others than they were')
  .argument('<recording>', 'a .flight file, the folder of such files, or a data directory')
  .option('-c, --config <file>', 'would we have caught it? judge by this venue.yaml, and show which alarms are others')
  .option('--json', 'print the answer as one JSON object', false)
  .option('--events <file>', 'write the alarm events to a file, one line of JSON each')
  .addOption(langOption())
  .action((path: string, { config: file, json, events, ...rest }: LangOption & ReplayFlags) => {
    const config = file === undefined ? undefined : readVenueFile(file);
    const options = { path, config, json, eventsFile: events, locale: localeFor(rest, config?.venue.locale ?? 'en') };
    exitCode = runReplay({ ...options, nowMs: systemClock.now }, out, err);
  });

interface ReplayFlags {
  readonly config?: string;
  readonly json: boolean;
  readonly events?: string;
}

program
  .command('check')
  .description('check venue.yaml: everything that is wrong, and what is probably not meant')
  .argument('[file]', 'venue.yaml', 'venue.yaml')
  .option('--schema', 'print the JSON Schema of venue.yaml', false)
  .addOption(langOption())
  .action((file: string, { schema, ...rest }: LangOption & { schema: boolean }) => {
    exitCode = runCheck({ file, schema, locale: localeFor(rest, 'en'), nowMs: Date.now() }, out, err, readFile);
  });

program
  .command('health')
  .description('ask the gateway that runs on this machine whether it is well; exits 1 where it does not answer')
  .option('-c, --config <file>', 'venue.yaml', 'venue.yaml')
  .addOption(langOption())
  .action(async ({ config: file, ...rest }: LangOption & { config: string }) => {
    exitCode = await runHealth(readVenueFile(file), localeFor(rest, 'en'), out, err);
  });

program
  .command('decode')
  .description('turn payloads on standard input into samples, JSON lines in and out')
  .action(async () => {
    exitCode = await runDecode(process.stdin, process.stdout, Date.now);
  });

const onData = {
  input: process.stdin,
  out,
  err,
  nowMs: Date.now,
  colours,
  localeOf: (flags: LangOption): Locale => localeFor(flags, 'en'),
  readVenue: readVenueFile,
  readFile,
  exit: (code: number): void => {
    exitCode = code;
  },
};
addDeviceCommands(program, onData);
addUserCommands(program, onData);
addTlsCommands(program, onData);
addPlanCommands(program, onData);

/** Which exit code an error means; what the operator can put right is said without a stack. */
const explain = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (isConfigError(error)) {
    const locale = environmentLocale() ?? 'en';
    for (const problem of error.problems) err(`${formatProblem(problem, locale)}\n`);
    return EXIT_USAGE;
  }
  if (error instanceof StoreNewerError) {
    err(`${error.message}\n`);
    return EXIT_STORE_NEWER;
  }
  if (error instanceof ScenarioError || error instanceof StartError) {
    err(`${error.message}\n`);
    return error instanceof StartError ? EXIT_CANNOT_START : EXIT_USAGE;
  }
  err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_INTERNAL;
};

try {
  await program.parseAsync();
} catch (error) {
  exitCode = explain(error);
}
process.exitCode = exitCode;
