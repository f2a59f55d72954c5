import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtConsole } from './browser.ts';

const GZIP_BYTES_MAX = 100_000;

test('the whole console is under 100 kB on the wire, and holds nothing that its content security policy forbids', async () => {
  const folder = await builtConsole();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }));
  const gzipBytes = files.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0);
  expect(files.length).toBeGreaterThan(2);
  expect(gzipBytes).toBeGreaterThan(20_000);
  expect(gzipBytes).toBeLessThan(GZIP_BYTES_MAX);
  const index = files.find(({ name }) => name === 'index.html')?.bytes.toString() ?? '';
  expect(index).toContain('<script type="module"');
  expect(index).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|https?:\/\/|data:/);
});
