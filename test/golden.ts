import { readFileSync } from 'node:fs';
import type { Case } from './shared-vectors.ts';

/** The published cases of a file of test/golden. */
export const golden = (file: string): Case[] =>
  readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Case => JSON.parse(line));
