import { defineConfig } from 'vitest/config';

/** Tests that measure how soon something comes, or that take all of the machine: they run last, one at a time. */
const ALONE = [
  'test/dashboards/console-connection.test.ts',
  'test/dashboards/console-latency.test.ts',
  'test/gateway/broker/overload.test.ts',
  'test/gateway/store/kill.test.ts',
];

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    setupFiles: ['test/fast-check.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          // Most wait for other processes most of the time.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
