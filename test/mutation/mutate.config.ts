import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { instrumentAll } from './sites.ts';

const root = new URL('../..', import.meta.url).pathname;
const instrumented = instrumentAll(root, 'rules');

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
    include: ['test/rules/**/*.test.ts'],
    setupFiles: ['test/fast-check.ts', 'test/mutation/seed.ts'],
    runner: 'test/mutation/runner.ts',
    pool: 'forks',
    maxWorkers: 1,
    execArgv: ['--max-old-space-size=1500'],
    isolate: false,
    testTimeout: 600_000,
    dangerouslyIgnoreUnhandledErrors: true,
    silent: true,
    reporters: ['dot'],
  },
});
