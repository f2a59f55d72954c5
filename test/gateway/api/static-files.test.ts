import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConsoleFiles, readConsole } from '../../../gateway/api/console/files.ts';
import { noAccess } from '../../../gateway/api/security/access.ts';
import { problemIn } from './ask.ts';
import { stage } from './stage.ts';

const INDEX = `<!doctype html><title>Muster</title>${'<p>words</p>'.repeat(50)}`;
const SCRIPT = `console.log(${JSON.stringify('words '.repeat(100))})`;

/** A console as Vite builds it. */
const built = (): ConsoleFiles => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-console-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), INDEX);
  writeFileSync(join(directory, 'assets', 'index-BMPdLCbb.js'), SCRIPT);
  writeFileSync(join(directory, 'assets', 'index-BMPdLCbb.js.map'), '{}');
  writeFileSync(join(directory, 'assets', 'dot-AAAAAAAA.png'), Buffer.from([1, 2, 3]));
  return readConsole(directory);
};

const ASSET = '/assets/index-BMPdLCbb.js';
const HTML = { accept: 'text/html,application/xhtml+xml' } as const;

describe('the files of the console', () => {
  test('are there for whoever has yet to log in, with a policy that lets nothing else in', async () => {
    const on = await stage('', { console: built(), access: noAccess });
    const index = await on.ask('/');
    expect([index.status, index.text, index.headers['content-type']]).toEqual([200, INDEX, 'text/html; charset=utf-8']);
    const policy = index.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(index.headers['x-frame-options']).toBe('DENY');
  });

  test('what has a hash in its name is kept for good, the index is asked for each time', async () => {
    const on = await stage('', { console: built() });
    expect((await on.ask(ASSET)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const index = await on.ask('/index.html');
    expect(index.headers['cache-control']).toBe('no-cache');
    const again = await on.ask('/', { headers: { 'if-none-match': `"other", W/${index.headers.etag}` } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test('are packed for whoever takes that, and smaller so', async () => {
    const on = await stage('', { console: built() });
    const packed = await on.ask(ASSET, { headers: { 'accept-encoding': 'br;q=1.0, gzip;q=0.8' } });
    expect([packed.headers['content-encoding'], packed.headers.vary]).toEqual(['gzip', 'accept-encoding']);
    expect(gunzipSync(packed.bytes).toString()).toBe(SCRIPT);
    expect(packed.bytes.length).toBeLessThan(SCRIPT.length);
    for (const none of ['', 'br', 'gzip;q=0', 'gzip; q=0.0, br']) {
      const plain = await on.ask(ASSET, { headers: { 'accept-encoding': none } });
      expect([plain.headers['content-encoding'], plain.text], none).toEqual([undefined, SCRIPT]);
    }
    const image = await on.ask('/assets/dot-AAAAAAAA.png', { headers: { 'accept-encoding': 'gzip' } });
    expect([image.headers['content-encoding'], [...image.bytes]]).toEqual([undefined, [1, 2, 3]]);
  });

  test('a place within the console gets its index; a program, a missing file and the API do not', async () => {
    const on = await stage('', { console: built() });
    expect((await on.ask('/zones/hall?x=1', { headers: HTML })).text).toBe(INDEX);
    for (const path of ['/zones/hall', '/assets/gone-BMPdLCbb.js', '/favicon.ico']) {
      expect(problemIn(await on.ask(path)).code, path).toBe('not-found');
    }
    for (const path of ['/api/v1/nothing', '/api', '/assets/x', '/gone.js']) {
      expect(problemIn(await on.ask(path, { headers: HTML })).code, path).toBe('not-found');
    }
  });

  test.each([
    '/../../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/..%5c..%5cx',
    '/%2e%2e/x',
    '//etc/passwd',
    `${ASSET}.map`,
  ])('%s leads nowhere', async (path) => {
    const on = await stage('', { console: built() });
    expect(problemIn(await on.ask(path)).status).toBe(404);
  });

  test('HEAD tells of a file without it', async () => {
    const on = await stage('', { console: built() });
    const head = await on.ask(ASSET, { method: 'HEAD' });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', String(SCRIPT.length)]);
  });

  test('where it was not built a page says so in both languages, and the API works', async () => {
    const on = await stage('', { console: readConsole('/nowhere/at/all') });
    const page = await on.ask('/', { headers: HTML });
    expect([page.status, page.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(page.text).toMatch(/控制台尚未构建.*npm run build/s);
    expect(page.text).toContain('has not been built');
    expect((await on.ask('/api/v1/alarms')).status).toBe(200);
  });

  test('a folder that is no console is not read into memory', () => {
    const directory = mkdtempSync(join(tmpdir(), 'muster-console-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    for (let at = 0; at <= 500; at += 1) writeFileSync(join(directory, `${at}.txt`), 'x');
    expect(() => readConsole(directory)).toThrow('too large for a console');
  });
});
