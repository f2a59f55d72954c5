import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { report } from './report.ts';
import type { JournalEntry, Outcome, Pass } from './runner.ts';
import { instrumentAll, type Site, type Variant } from './sites.ts';

const HELP = `npm run mutate [-- --seed N] [--sample N] [--file PART] [--list]
  flips every comparison and logical operator of rules/, and looks whether a test of test/rules/ turns red
  --seed N     of property tests, and of the sample (default 1)
  --sample N   so many mutants only, drawn by the seed
  --file PART  only files whose name has this in it
  --list       every survivor, also those that have a reason
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string' },
    file: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('../../..', import.meta.url));
const config = join(root, 'test/mutation/mutate.config.ts');

/** Tests up to this long are tried with every mutant first; the few that are longer, only with what then still lives. */
const SHORT_MS = 100;
const SHORT_BUDGET_MS = 120_000;
const LONG_BUDGET_MS = 900_000;

interface Mutant {
  readonly site: number;
  readonly variant: Variant;
}

/** Mulberry32: a sequence of numbers in [0, 1) by a seed. */
const random = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const drawn = (mutants: readonly Mutant[], size: number, seed: number): readonly Mutant[] => {
  const next = random(seed);
  return mutants
    .map((mutant) => ({ mutant, at: next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, size)
    .map(({ mutant }) => mutant);
};

type Plan = Omit<Pass, 'result' | 'journal'>;

const isSame = (a: Mutant) => (b: Mutant) => a.site === b.site && a.variant === b.variant;

/** The killed of a run that a mutant has ended; that mutant is one of them. */
const killedBefore = (journal: string): readonly Mutant[] => {
  const entries = readFileSync(journal, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): JournalEntry => JSON.parse(line));
  return entries.filter((entry, index) => entry.outcome === 'killed' || index === entries.length - 1);
};

/** The process of the tests has ended; what a mutant throws too late to be caught is no matter. */
const isDeath = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'message' in error && String(error.message).includes('[vitest-pool]');

const run = async (plan: Plan, seed: number): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-mutate-'));
  const result = join(folder, 'outcome.json');
  const journal = join(folder, 'journal.ndjson');
  try {
    writeFileSync(journal, '');
    const provide = { mutation: { ...plan, result, journal }, seed };
    const vitest = await startVitest('test', [], { config, run: true, watch: false, provide });
    const hasDied = vitest.state.getUnhandledErrors().some(isDeath);
    await vitest.close();
    if (!hasDied) {
      const outcome: Outcome = JSON.parse(readFileSync(result, 'utf8'));
      return outcome;
    }
    const killed = killedBefore(journal);
    const rest = plan.mutants.filter((mutant) => !killed.some(isSame(mutant)));
    const further = await run({ ...plan, mutants: rest }, seed);
    return { ...further, killed: [...killed, ...further.killed] };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const mutate = async (): Promise<number> => {
  const seed = Number(values.seed);
  const sites: Site[] = [...instrumentAll(root, 'rules').values()].flatMap((each) => each.sites);
  const all = sites
    .filter(({ file }) => file.includes(values.file))
    .flatMap(({ id, variants }) => variants.map((variant): Mutant => ({ site: id, variant })));
  const mutants = values.sample === undefined ? all : drawn(all, Number(values.sample), seed);
  const short = await run({ mutants, longerMs: SHORT_MS, shorterMs: 0, budgetMs: SHORT_BUDGET_MS }, seed);
  const left = mutants.filter((mutant) => !short.killed.some(isSame(mutant)));
  const long = await run({ mutants: left, longerMs: Infinity, shorterMs: SHORT_MS, budgetMs: LONG_BUDGET_MS }, seed);
  const living = left.filter((mutant) => !long.killed.some(isSame(mutant)));
  const passed = new Set([...short.passed, ...long.passed]);
  const red = [...new Set([...short.red, ...long.red])];
  return report({ sites, mutants, living, passed, red, listAll: values.list });
};

if (values.help) process.stdout.write(HELP);
else process.exitCode = await mutate();
