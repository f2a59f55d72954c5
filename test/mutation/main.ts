import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { report } from './report.ts';
import type { JournalEntry, Mutant, Outcome } from './runner.ts';
import { instrumentAll, type Site } from './sites.ts';

const HELP = `npm run mutate [-- --seed N] [--sample N] [--file PART]... [--tests PART]... [--list]
  flips every comparison and logical operator of rules/, and looks whether a test of test/rules/ turns red
  --seed N      of property tests, and of the sample (default 1)
  --sample N    so many mutants only, drawn by the seed
  --file PART   only files whose name has this in it, or one of several
  --tests PART  only tests whose file has this in its name: sooner, but others might kill what lives
  --list        every survivor, also those that have a reason
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string' },
    file: { type: 'string', multiple: true, default: [''] },
    tests: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('../../..', import.meta.url));
const config = join(root, 'test/mutation/mutate.config.ts');
const MUTANTS = 'test/mutation/mutants.ts';

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

/** The killed of a run that a mutant has ended; that mutant is one of them. */
const killedBefore = (journal: string): readonly number[] => {
  const entries = readFileSync(journal, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): JournalEntry => JSON.parse(line));
  return entries
    .filter(({ outcome }, index) => outcome === 'killed' || index === entries.length - 1)
    .map(({ mutant }) => mutant);
};

interface Found {
  readonly killed: readonly Mutant[];
  readonly passed: readonly number[];
  readonly red: readonly string[];
}

/** The process of the tests has ended; what a mutant throws too late to be caught is no matter. */
const isDeath = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'message' in error && String(error.message).includes('[vitest-pool]');

const run = async (mutants: readonly Mutant[], seed: number): Promise<Found> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-mutate-'));
  const outcome = join(folder, 'outcome.json');
  const journal = join(folder, 'journal.ndjson');
  const killedOf = (indices: readonly number[]): readonly Mutant[] => indices.flatMap((index) => mutants[index] ?? []);
  try {
    writeFileSync(journal, '');
    const provide = { mutation: { mutants, outcome, journal }, seed };
    const filters = values.tests.length === 0 ? [] : [...values.tests, MUTANTS];
    const vitest = await startVitest('test', filters, { config, run: true, watch: false, provide });
    const hasDied = vitest.state.getUnhandledErrors().some(isDeath);
    await vitest.close();
    if (!hasDied) {
      const found: Outcome = JSON.parse(readFileSync(outcome, 'utf8'));
      return { ...found, killed: killedOf(found.killed) };
    }
    const killed = killedOf(killedBefore(journal));
    const further = await run(
      mutants.filter((mutant) => !killed.includes(mutant)),
      seed,
    );
    return { ...further, killed: [...killed, ...further.killed] };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const mutate = async (): Promise<number> => {
  const seed = Number(values.seed);
  const sites: Site[] = [...instrumentAll(root, 'rules').values()].flatMap((each) => each.sites);
  const all = sites
    .filter(({ file }) => values.file.some((part) => file.includes(part)))
    .flatMap(({ id, file, variants }) => variants.map((variant): Mutant => ({ site: id, variant, file })));
  const mutants = values.sample === undefined ? all : drawn(all, Number(values.sample), seed);
  const shares = Array.from({ length: availableParallelism() }, (_, at, of = availableParallelism()) =>
    mutants.filter((_mutant, index) => index % of === at),
  );
  const found = await Promise.all(shares.map((share) => run(share, seed)));
  const killed = new Set(found.flatMap((each) => each.killed));
  const living = mutants.filter((mutant) => !killed.has(mutant));
  const passed = new Set(found.flatMap((each) => each.passed));
  const red = [...new Set(found.flatMap((each) => each.red))];
  return report({ sites, mutants, living, passed, red, listAll: values.list });
};

if (values.help) process.stdout.write(HELP);
else process.exitCode = await mutate();
