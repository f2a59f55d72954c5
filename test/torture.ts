import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const HELP = `npm run torture [-- --short]
  --short  what ends within 12 minutes; there is nothing longer yet
`;

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (values.help) process.stdout.write(HELP);
else {
  const config = fileURLToPath(new URL('../../test/torture.config.ts', import.meta.url));
  const vitest = await startVitest('test', [], { config, run: true, watch: false });
  const failed = vitest.state.getCountOfFailedTests() + vitest.state.getUnhandledErrors().length;
  await vitest.close();
  // The last line is the verdict.
  process.stdout.write(failed === 0 ? 'torture: survived\n' : `torture: not survived, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
