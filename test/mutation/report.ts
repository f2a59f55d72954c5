import { dirname } from 'node:path';
import type { Mutant } from './runner.ts';
import type { Site, Variant } from './sites.ts';
import { SURVIVORS } from './survivors.ts';

export interface Result {
  readonly sites: readonly Site[];
  readonly mutants: readonly Mutant[];
  readonly living: readonly Mutant[];
  /** Sites that a test has passed. */
  readonly passed: ReadonlySet<number>;
  /** Tests that are red without any mutant. */
  readonly red: readonly string[];
  readonly listAll: boolean;
}

/** Fewer of a hundred mutants killed: the tests do not hold what they promise. */
const KILLED_MIN = 0.9;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const nameOf = ({ code, operator }: Site, variant: Variant): string => `${operator} ${variant}  in  ${code}`;

const reasonOf = (site: Site, variant: Variant): string | undefined =>
  SURVIVORS.find(({ file, mutants }) => file === site.file && mutants.includes(nameOf(site, variant)))?.reason;

/** `rules`, `rules/kinds`, … with the share of its mutants that was killed. */
const sayFolders = (mutants: readonly Mutant[], living: readonly Mutant[]): void => {
  const folders = [...new Set(mutants.map(({ file }) => dirname(file)))].sort();
  for (const folder of folders) {
    const all = mutants.filter(({ file }) => dirname(file) === folder);
    const left = living.filter(({ file }) => dirname(file) === folder).length;
    say(
      `${folder.padEnd(16)} ${all.length - left} of ${all.length}, ${(100 - (100 * left) / all.length).toFixed(1)} %`,
    );
  }
};

/** Prints what lives, and what share was killed; answers the exit code. */
export const report = ({ sites, mutants, living, passed, red, listAll }: Result): number => {
  const byId = new Map(sites.map((site) => [site.id, site]));
  let unexplained = 0;
  for (const { site: id, variant } of living) {
    const site = byId.get(id);
    if (site === undefined) continue;
    const reason = reasonOf(site, variant);
    if (reason === undefined) unexplained += 1;
    if (reason !== undefined && !listAll) continue;
    const why = reason ?? (passed.has(id) ? 'NO REASON GIVEN' : 'NO TEST PASSES HERE');
    say(`${site.file}:${site.line}  ${nameOf(site, variant)}\n    ${why}`);
  }
  const killed = mutants.length - living.length;
  const share = mutants.length === 0 ? 1 : killed / mutants.length;
  for (const name of red) say(`red without any mutant: ${name}`);
  sayFolders(mutants, living);
  say(
    `${mutants.length} mutants of ${sites.length} operators: ${killed} killed (${(100 * share).toFixed(1)} %), ` +
      `${living.length} live, ${unexplained} of them without a reason`,
  );
  return share >= KILLED_MIN && unexplained === 0 && red.length === 0 ? 0 : 1;
};
