import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Program, parseSync, Visitor } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;

/** Who may import whom: the longest matching folder decides; `*` is everything. */
const MAY_IMPORT: readonly (readonly [folder: string, allowed: readonly string[]])[] = [
  ['ingest/', ['ingest/']],
  ['rules/', ['rules/', 'ingest/model/']],
  ['gateway/', ['gateway/', 'ingest/', 'rules/']],
  ['firmware-sim/', ['firmware-sim/']],
  ['dashboards/console/', ['dashboards/console/', 'gateway/api/contract']],
  ['dashboards/grafana/', ['dashboards/grafana/', 'ingest/model/', 'rules/kinds/']],
  ['test/', ['*']],
];

/** Ambient power, and the only files that may use it. */
const OWNERS: Readonly<Record<string, readonly RegExp[]>> = {
  'Date.now': [
    /^gateway\/(clock|main)\.ts$/,
    /^gateway\/broker\/clock\.ts$/,
    /^gateway\/cli\/scenario\/play\.ts$/,
    /^firmware-sim\/clock\.ts$/,
    /^dashboards\/console\/clock\.ts$/,
  ],
  'performance.now': [
    /^gateway\/clock\.ts$/,
    /^gateway\/(broker|store)\/clock\.ts$/,
    /^firmware-sim\/clock\.ts$/,
    /^dashboards\/console\/clock\.ts$/,
  ],
  'process.env': [/^gateway\/main\.ts$/],
  setTimeout: [
    /^gateway\/(broker|store)\/clock\.ts$/,
    /^firmware-sim\/clock\.ts$/,
    /^ingest\/sources\//,
    /^dashboards\/console\/clock\.ts$/,
  ],
  setInterval: [
    /^gateway\/broker\/clock\.ts$/,
    /^firmware-sim\/clock\.ts$/,
    /^ingest\/sources\//,
    /^dashboards\/console\/clock\.ts$/,
  ],
};

interface Violation {
  readonly file: string;
  readonly what: string;
}

const importsOf = (program: Program): readonly string[] => {
  const found: string[] = [];
  const add = (source: { readonly value: unknown } | null | undefined): void => {
    if (typeof source?.value === 'string') found.push(source.value);
  };
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source.type === 'Literal' ? source : undefined),
    TSImportType: ({ source }) => add(source),
  }).visit(program);
  return found;
};

const powersOf = (program: Program): readonly string[] => {
  const found: string[] = [];
  new Visitor({
    MemberExpression: ({ object, property }) => {
      if (object.type === 'Identifier' && property.type === 'Identifier') found.push(`${object.name}.${property.name}`);
    },
    CallExpression: ({ callee }) => {
      if (callee.type === 'Identifier') found.push(callee.name);
    },
  }).visit(program);
  return found.filter((name) => Object.hasOwn(OWNERS, name));
};

const allowed = (file: string, target: string): boolean => {
  const entry = MAY_IMPORT.find(([folder]) => file.startsWith(folder));
  return entry?.[1].some((prefix) => prefix === '*' || target.startsWith(prefix)) ?? false;
};

/** Everything in one file that the rules of the house forbid. */
const violationsOf = (file: string, text: string): readonly Violation[] => {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) return [{ file, what: `cannot be parsed: ${errors[0]?.message}` }];
  const imports = importsOf(program)
    .filter((target) => target.startsWith('.'))
    .map((target) => normalize(join(dirname(file), target)))
    .filter((target) => !allowed(file, target))
    .map((target) => ({ file, what: `imports ${target}` }));
  if (file.startsWith('test/')) return imports;
  const powers = powersOf(program)
    .filter((power) => !OWNERS[power]?.some((owner) => owner.test(file)))
    .map((power) => ({ file, what: `uses ${power}` }));
  return [...imports, ...powers];
};

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');

describe('the rules of the house', () => {
  test('every source file git knows is read, and every folder with code has its rule', () => {
    expect(tracked.length).toBeGreaterThan(100);
    for (const file of tracked)
      expect(
        MAY_IMPORT.some(([folder]) => file.startsWith(folder)),
        file,
      ).toBe(true);
  });

  test('data flows one way, and so do imports; ambient power stays with its owners', () => {
    const violations = tracked.flatMap((file) => violationsOf(file, readFileSync(join(ROOT, file), 'utf8')));
    expect(violations).toEqual([]);
  });

  test.each([
    [
      'rules/planted.ts',
      "import type { Frame } from '../ingest/sources/source.ts';",
      'imports ingest/sources/source.ts',
    ],
    ['ingest/planted.ts', "export * from '../rules/rule.ts';", 'imports rules/rule.ts'],
    ['firmware-sim/planted.ts', "const later = import('../gateway/app.ts');", 'imports gateway/app.ts'],
    ['rules/planted.ts', "let t: import('../gateway/app.ts').App;", 'imports gateway/app.ts'],
    ['gateway/planted.ts', "import '../test/rules/stage.ts';", 'imports test/rules/stage.ts'],
    ['rules/planted.ts', 'export const now = () => Date.now();', 'uses Date.now'],
    ['rules/planted.ts', 'setTimeout(() => undefined, 1);', 'uses setTimeout'],
    ['gateway/app.ts', 'export const home = process.env.HOME;', 'uses process.env'],
  ])('%s with a planted fault is caught: %s', (file, text, what) => {
    expect(violationsOf(file, text)).toEqual([{ file, what }]);
  });

  test('a file that cannot be parsed is no pass', () => {
    expect(violationsOf('rules/planted.ts', 'const = ;')).toHaveLength(1);
  });
});
