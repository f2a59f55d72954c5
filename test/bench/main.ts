import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ble } from './ble.ts';
import { connect } from './connect.ts';
import { decode } from './decode.ts';
import { engine } from './engine.ts';
import { type Figure, tableOf } from './figures.ts';
import { flood } from './flood.ts';
import type { BenchOptions, Group } from './group.ts';
import { kept } from './kept.ts';
import { memory } from './memory.ts';
import { modbus } from './modbus.ts';
import { pipeline } from './pipeline.ts';
import { referenceLines } from './reference.ts';
import { replay } from './replay.ts';
import { store } from './store.ts';

const GROUPS: readonly Group[] = [engine, decode, ble, pipeline, kept, flood, connect, memory, store, modbus, replay];

const EXIT_USAGE = 2;

const say = (text: string): void => void process.stderr.write(text);

const flags = {
  json: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '2' },
  seconds: { type: 'string' },
  count: { type: 'string', default: '300000' },
  help: { type: 'boolean', default: false },
} as const;

const HELP = `npm run bench [-- NAME...] [--json] [--long] [--seconds N] [--rounds N] [--count N]
  NAME       a group, a figure, or how figures begin; default: all
  --json     { "figures": [...] } alone on standard output
  --long     20 s for a sustained rate, 60 s of flood, 24 h of history
  --seconds  how long a sustained rate must hold (4)
  --rounds   interleaved runs, of which the medians count (2)
  --count    readings or frames in each measurement of engine and decode (300000)
`;

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`--${name} ${text}: expected a whole number from 1`);
  return value;
};

interface Asked {
  readonly json: boolean;
  readonly groups: readonly Group[];
  readonly options: BenchOptions;
}

const askedFor = (args: readonly string[]): Asked | string => {
  const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
  if (values.help) return HELP;
  const known = GROUPS.flatMap(({ name, figures }) => figures.map((figure) => ({ group: name, figure })));
  const isFigure = new Set(known.map(({ figure }) => figure));
  // A figure's own name means that one alone, though others may begin with it.
  const matches = (name: string, { group, figure }: { group: string; figure: string }): boolean =>
    isFigure.has(name) ? figure === name : name === group || figure.startsWith(name);
  const unknown = positionals.filter((name) => !known.some((entry) => matches(name, entry)));
  if (unknown.length > 0) {
    const names = GROUPS.map(({ name, figures }) => `  ${name}: ${figures.join(' ')}\n`).join('');
    throw new TypeError(`no such benchmark: ${unknown.join(', ')}. There are:\n${names}`);
  }
  const wanted = new Set(
    known
      .filter((entry) => positionals.length === 0 || positionals.some((name) => matches(name, entry)))
      .map(({ figure }) => figure),
  );
  return {
    json: values.json,
    groups: GROUPS.filter(({ figures }) => figures.some((name) => wanted.has(name))),
    options: {
      rounds: whole('rounds', values.rounds),
      seconds: whole('seconds', values.seconds ?? (values.long ? '20' : '4')),
      floodSeconds: values.long ? 60 : 15,
      historyHours: values.long ? 24 : 2,
      count: whole('count', values.count),
      wants: (name) => wanted.has(name),
      log: (text) => say(`  ${text}\n`),
    },
  };
};

const measure = async ({ groups, options }: Asked): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const group of groups) {
    const startedMs = performance.now();
    say(`${group.name}\n`);
    figures.push(...(await group.run(options)).filter(({ name }) => options.wants(name)));
    say(`  took ${Math.round((performance.now() - startedMs) / 1000)} s\n`);
  }
  return figures;
};

const main = async (): Promise<number> => {
  let asked: Asked | string;
  try {
    asked = askedFor(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n`);
    return EXIT_USAGE;
  }
  if (typeof asked === 'string') {
    process.stdout.write(asked);
    return 0;
  }
  const startedMs = performance.now();
  const figures = await measure(asked);
  say(`all took ${Math.round((performance.now() - startedMs) / 1000)} s on ${availableParallelism()} cores\n`);
  if (asked.json) process.stdout.write(`${JSON.stringify({ figures })}\n`);
  else {
    process.stdout.write(tableOf(figures));
    process.stdout.write(`\nSeen on this machine class, to judge the machine by:\n${referenceLines()}`);
  }
  return 0;
};

process.exitCode = await main();
