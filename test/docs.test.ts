import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = new URL('..', import.meta.url).pathname;

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');

const linksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));

test('every link of every page leads somewhere', () => {
  expect(pages).toContain('README.md');
  const broken = pages.flatMap((page) =>
    linksIn(readFileSync(join(ROOT, page), 'utf8'))
      .filter((link) => !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('the readme of a folder is at most 30 lines', () => {
  const long = pages
    .filter((page) => /^[a-z-]+\/README\.md$/.test(page))
    .filter((page) => readFileSync(join(ROOT, page), 'utf8').trimEnd().split('\n').length > 30);
  expect(long).toEqual([]);
});
