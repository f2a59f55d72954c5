import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { TestSequencer, TestSpecification } from 'vitest/node';
import { instrumentAll } from './sites.ts';

const root = new URL('../..', import.meta.url).pathname;
const instrumented = instrumentAll(root, 'rules');

const MUTANTS = 'test/mutation/mutants.ts';

/** Tests by name, and the mutants after all of them. */
class MutantsLast implements TestSequencer {
  sort(files: TestSpecification[]): TestSpecification[] {
    const key = ({ moduleId }: TestSpecification): string => `${moduleId.endsWith(MUTANTS) ? 1 : 0}${moduleId}`;
    return files.sort((a, b) => key(a).localeCompare(key(b)));
  }

  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
}

/** The tests of `rules/`, one after another in one process, on code that carries a switch at each of its operators. */
export default defineConfig({
  plugins: [
    {
      name: 'mutation',
      enforce: 'pre',
      transform: (_code, id) => instrumented.get(relative(root, id.split('?')[0] ?? id))?.code,
    },
  ],
  test: {
    root,
    include: ['test/rules/**/*.test.ts', MUTANTS],
    sequence: { sequencer: MutantsLast },
    provide: { shareOfRuns: 0.05 },
    setupFiles: ['test/fast-check.ts', 'test/mutation/seed.ts'],
    runner: 'test/mutation/runner.ts',
    pool: 'forks',
    maxWorkers: 1,
    execArgv: ['--max-old-space-size=1500'],
    isolate: false,
    testTimeout: 600_000,
    dangerouslyIgnoreUnhandledErrors: true,
    silent: true,
    reporters: [{}],
  },
});
