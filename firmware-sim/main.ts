import { readFile } from 'node:fs/promises';
import { realClock } from './clock.ts';
import { createLink } from './link.ts';
import { type Options, parseOptions, parseSecrets, USAGE } from './options.ts';
import { play } from './play.ts';
import type { Progress } from './progress.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import type { EmitOptions } from './transports/emit.ts';
import { problemText } from './yaml-problems.ts';

/** CONTRACT "Exit codes". */
const EXIT = { fine: 0, usage: 2, internal: 70 } as const;

const say = (progress: Progress): void => {
  process.stdout.write(`${JSON.stringify(progress)}\n`);
};

const complain = (message: string): number => {
  process.stderr.write(`${message}\n`);
  return EXIT.usage;
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const readSecrets = async (file: string | undefined): Promise<ReadonlyMap<string, string>> =>
  file === undefined ? new Map() : parseSecrets(await readFile(file, 'utf8'));

const run = async (options: Options, scenario: Scenario, secrets: ReadonlyMap<string, string>): Promise<number> => {
  const clock = realClock();
  const run = play({
    scenario: { ...scenario, seed: options.seed ?? scenario.seed },
    broker: options.broker,
    venueId: options['venue-id'],
    epochMs: options.epoch ?? options['start-at'] ?? clock.nowMs(),
    speed: options.speed,
    startAtMs: options['start-at'],
    format: options.format,
    secrets,
    portsDirectory: options.ports,
    listen: options.listen,
    http: options.http,
    clock,
    connect: createLink,
    tell: say,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, run.stop);
  // The parent has gone: there is nobody left to play for.
  process.stdout.on('error', run.stop);
  await run.ended;
  return EXIT.fine;
};

/** The option without which an actor could not send. */
const missingFor = (emit: EmitOptions, { ports, http, listen }: Options): string | undefined => {
  switch (emit.transport) {
    case 'serial':
    case 'modbus-rtu':
      return ports === undefined ? '--ports DIR' : undefined;
    case 'http':
      return http === undefined ? '--http URL' : undefined;
    case 'modbus-tcp':
      return listen.has(emit.host) ? undefined : `--listen ${emit.host}=PORT`;
    case 'mqtt':
      return emit.broker === undefined || listen.has(emit.broker) ? undefined : `--listen ${emit.broker}=PORT`;
    default:
      return undefined;
  }
};

const main = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return EXIT.fine;
  }
  if ('wrong' in options) return complain(`${options.wrong}\n\n${USAGE}`);
  let text: string;
  let secrets: ReadonlyMap<string, string>;
  try {
    text = await readFile(options.scenario, 'utf8');
    secrets = await readSecrets(options.secrets);
  } catch (error) {
    return complain(`cannot read: ${reason(error)}`);
  }
  const scenario = parseScenario(text, options.scenario);
  if ('problems' in scenario) return complain(scenario.problems.map(problemText).join('\n'));
  const [receiver] = scenario.receivers;
  if (receiver !== undefined && options.ports === undefined)
    return complain(`${receiver.port}: a receiver on a serial port, which needs --ports DIR`);
  const lacking = scenario.actors.flatMap(({ id, options: { emit } }) => {
    const option = emit === undefined ? undefined : missingFor(emit, options);
    return option === undefined ? [] : [`${id}: its transport ${emit?.transport} needs ${option}`];
  });
  if (lacking.length > 0) return complain(lacking.join('\n'));
  return run(options, scenario, secrets);
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = EXIT.internal;
  },
);
