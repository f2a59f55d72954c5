import { setMaxListeners } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type RunnerTestCase, TestRunner } from 'vitest';
import type { Variant } from './sites.ts';
import { mutation } from './switch.ts';

export interface Mutant {
  readonly site: number;
  readonly variant: Variant;
  /** Where it is: tests of that name, and those that killed others there, are asked first. */
  readonly file: string;
}

export interface Plan {
  readonly mutants: readonly Mutant[];
  readonly outcome: string;
  /** What is tried, before it is; and what was killed: a mutant may end the process. */
  readonly journal: string;
}

export interface JournalEntry {
  /** Its place in the plan. */
  readonly mutant: number;
  readonly outcome: 'tried' | 'killed';
}

export interface Outcome {
  /** Their places in the plan. */
  readonly killed: readonly number[];
  /** Sites that a test has passed. */
  readonly passed: readonly number[];
  /** Tests that are red without any mutant. */
  readonly red: readonly string[];
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly mutation: Plan;
  }
}

interface Test {
  readonly run: () => unknown;
  /** `tilt` of `tilt.test.ts`. */
  readonly name: string;
  readonly sites: ReadonlySet<number>;
  /** Operators it passes: what it costs, whatever else the machine does. */
  readonly calls: number;
}

/** A mutant may make a test so much longer. */
const CALLS_FACTOR = 3;
const CALLS_MORE = 20_000;

/** What a test costs beside the code under test, in operators. */
const CALLS_OF_ANY = 200;
/** One mutant is asked of so much of tests, the shortest first: a second or so. */
const BUDGET_CALLS = 1_500_000;
/** A test of the file's own name is asked before others that cost as much. */
const OWN_FACTOR = 20;

const LAST = 'test/mutation/mutants.ts';

// A test that runs a thousand times listens a thousand times for its end.
setMaxListeners(0);

const tests: Test[] = [];
const passed = new Set<number>();
const red: string[] = [];

const nameOf = (file: string): string => basename(file).replace(/(\.test)?\.ts$/, '');

const isRed = async (run: () => unknown): Promise<boolean> => {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
};

const isKilled = async ({ site, variant }: Mutant, { run, calls }: Test): Promise<boolean> => {
  mutation.site = site;
  mutation.variant = variant;
  mutation.calls = 0;
  mutation.callsMax = calls * CALLS_FACTOR + CALLS_MORE;
  const killed = await isRed(run);
  mutation.site = -1;
  return killed;
};

const callsOf = ({ calls, name }: Test, own: string): number =>
  (calls + CALLS_OF_ANY) / (name.startsWith(own) || own.startsWith(name) ? OWN_FACTOR : 1);

/** Tests that pass a mutant's site, the promising first. */
const askedOf = (mutant: Mutant, killers: readonly Test[]): readonly Test[] => {
  const own = nameOf(mutant.file);
  const passing = tests.filter(({ sites }) => sites.has(mutant.site));
  passing.sort((a, b) => callsOf(a, own) - callsOf(b, own));
  const first = killers.filter(({ sites }) => sites.has(mutant.site));
  return [...new Set([...first, ...passing])];
};

const killerOf = async (mutant: Mutant, killers: readonly Test[]): Promise<Test | undefined> => {
  const own = nameOf(mutant.file);
  let calls = 0;
  for (const each of askedOf(mutant, killers)) {
    calls += callsOf(each, own);
    if (calls > BUDGET_CALLS) return undefined;
    if (await isKilled(mutant, each)) return each;
  }
  return undefined;
};

/** Tests that killed in this file before, the latest first. */
const KILLERS_MAX = 4;

const tryAll = async ({ mutants, journal, outcome }: Plan): Promise<void> => {
  const note = (entry: JournalEntry): void => appendFileSync(journal, `${JSON.stringify(entry)}\n`);
  const killersOf = new Map<string, readonly Test[]>();
  const killed: number[] = [];
  for (const [index, mutant] of mutants.entries()) {
    note({ mutant: index, outcome: 'tried' });
    const killers = killersOf.get(mutant.file) ?? [];
    const killer = await killerOf(mutant, killers);
    if (killer === undefined) continue;
    note({ mutant: index, outcome: 'killed' });
    killed.push(index);
    killersOf.set(mutant.file, [killer, ...killers.filter((each) => each !== killer)].slice(0, KILLERS_MAX));
  }
  const found: Outcome = { killed, passed: [...passed], red };
  writeFileSync(outcome, JSON.stringify(found));
};

/** Runs each test once as it is; after the last of them, for every mutant, those that pass its place until one is red. */
export default class MutationRunner extends TestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    if (test.file.filepath.endsWith(LAST)) return tryAll(this.injectValue('mutation'));
    const run = TestRunner.getTestFn(test);
    mutation.site = -1;
    mutation.calls = 0;
    mutation.callsMax = Infinity;
    mutation.passed = new Set();
    const fails = await isRed(run);
    const sites = mutation.passed;
    mutation.passed = undefined;
    for (const site of sites) passed.add(site);
    if (fails) red.push(test.name);
    else tests.push({ run, name: nameOf(test.file.filepath), sites, calls: mutation.calls });
  }
}
