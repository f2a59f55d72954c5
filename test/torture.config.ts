import { defineConfig } from 'vitest/config';

/** Long tests on the clock: they want the machine for themselves, and so do not run with the others. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.torture.ts'],
    testTimeout: 20_000,
    hookTimeout: 300_000,
    passWithNoTests: false,
  },
});
