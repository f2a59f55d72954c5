import { appendFileSync, writeFileSync } from 'node:fs';
import { type RunnerTestCase, TestRunner } from 'vitest';
import type { Variant } from './sites.ts';
import { mutation } from './switch.ts';

/** A mutant that the tests may still kill. */
interface Alive {
  readonly site: number;
  readonly variant: Variant;
}

export interface Pass {
  readonly mutants: readonly Alive[];
  /** Tests longer than this are left for a later pass, milliseconds. */
  readonly longerMs: number;
  /** Shorter ones were had before. */
  readonly shorterMs: number;
  /** How long one test may go on with mutants, milliseconds. */
  readonly budgetMs: number;
  readonly result: string;
  /** What is tried, before it is; and what was killed: a mutant may end the process. */
  readonly journal: string;
}

export interface JournalEntry extends Alive {
  readonly outcome: 'tried' | 'killed';
}

export interface Outcome {
  readonly killed: readonly Alive[];
  /** Sites that a test has passed. */
  readonly passed: readonly number[];
  /** Tests that are red without any mutant. */
  readonly red: readonly string[];
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly mutation: Pass;
  }
}

const alive = new Map<number, Set<Variant>>();
const killed: Alive[] = [];
const passed = new Set<number>();
const red: string[] = [];

/** A mutant may take so much longer than the code as it is. */
const CALLS_FACTOR = 3;
const CALLS_MORE = 20_000;

const isRed = async (run: () => unknown): Promise<boolean> => {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
};

/** Runs each test once as it is, then once for every living mutant whose place it passes. */
export default class MutationRunner extends TestRunner {
  #pass: Pass | undefined;

  async runTask(test: RunnerTestCase): Promise<void> {
    this.#pass ??= this.#begin();
    const pass = this.#pass;
    const run = TestRunner.getTestFn(test);
    mutation.site = -1;
    mutation.calls = 0;
    mutation.callsMax = Infinity;
    mutation.passed = new Set();
    const startMs = performance.now();
    const fails = await isRed(run);
    const tookMs = performance.now() - startMs;
    const sites = mutation.passed;
    mutation.passed = undefined;
    if (fails) red.push(test.name);
    for (const site of sites) passed.add(site);
    if (fails || tookMs > pass.longerMs || tookMs < pass.shorterMs) return;
    mutation.callsMax = mutation.calls * CALLS_FACTOR + CALLS_MORE;
    const untilMs = performance.now() + pass.budgetMs;
    for (const site of sites) {
      for (const variant of alive.get(site) ?? []) {
        if (performance.now() > untilMs) return;
        await this.#try(run, site, variant);
      }
    }
    mutation.site = -1;
  }

  override onAfterRunFiles(): void {
    super.onAfterRunFiles();
    const outcome: Outcome = { killed, passed: [...passed], red };
    if (this.#pass !== undefined) writeFileSync(this.#pass.result, JSON.stringify(outcome));
  }

  async #try(run: () => unknown, site: number, variant: Variant): Promise<void> {
    mutation.site = site;
    mutation.variant = variant;
    mutation.calls = 0;
    this.#note({ site, variant, outcome: 'tried' });
    const isKilled = await isRed(run);
    mutation.site = -1;
    if (!isKilled) return;
    this.#note({ site, variant, outcome: 'killed' });
    alive.get(site)?.delete(variant);
    killed.push({ site, variant });
  }

  #note(entry: JournalEntry): void {
    if (this.#pass !== undefined) appendFileSync(this.#pass.journal, `${JSON.stringify(entry)}\n`);
  }

  #begin(): Pass {
    const pass: Pass = this.injectValue('mutation');
    if (alive.size === 0) {
      for (const { site, variant } of pass.mutants) alive.set(site, (alive.get(site) ?? new Set()).add(variant));
    }
    return pass;
  }
}
