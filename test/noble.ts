import { existsSync } from 'node:fs';

const PACKAGE = new URL('../node_modules/@stoprocent/noble/package.json', import.meta.url);

const look = (): boolean => {
  if (existsSync(PACKAGE)) return true;
  const message = '@stoprocent/noble could not be installed: npm ci --ignore-scripts needs no compiler for it';
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`skipped: ${message}\n`);
  return false;
};

/** Whether the optional package is there by which badges are buzzed. */
export const hasNoble = look();
