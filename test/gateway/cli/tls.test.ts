import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTlsInit, type TlsOptions } from '../../../gateway/cli/tls.ts';
import { BOX, folder } from '../tls/fixture.ts';

const init = async (directory: string, more: Partial<TlsOptions> = {}) => {
  const printed = { out: '', err: '' };
  const code = await runTlsInit(
    {
      directory,
      locale: 'en',
      name: 'Riverside Hall',
      port: 8080,
      hosts: [],
      days: 397,
      force: false,
      newAuthority: false,
      machine: BOX,
      colours: false,
      nowMs: Date.now,
      ...more,
    },
    (text) => {
      printed.out += text;
    },
    (text) => {
      printed.err += text;
    },
  );
  return { code, ...printed };
};

describe('muster tls init', () => {
  test('makes what openssl verifies, and says what people need', async () => {
    const directory = folder();
    const { code, out, err } = await init(directory, { hosts: ['muster.local'] });
    expect([code, err]).toEqual([0, '']);
    const at = (name: string): string => join(directory, 'tls', name);
    const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'muster.local'];
    const { status, stderr } = spawnSync('openssl', [...verify, '-CAfile', at('ca.crt'), at('server.crt')]);
    expect([status, String(stderr)]).toEqual([0, '']);
    expect(out).toContain(new X509Certificate(readFileSync(at('ca.crt'))).fingerprint256);
    expect(out).toContain('for: muster.local, 192.168.7.5, box, box.local, localhost, 127.0.0.1, ::1');
    expect(out).toContain('http: { host: 0.0.0.0, tls: {} }');
    expect(out).toContain('http://muster.local:8080/trust');
    expect(out.split('\n').filter((line) => /[█▀▄]/.test(line)).length).toBeGreaterThan(12);
    expect(out).not.toContain('PRIVATE');
  });

  test('in Chinese, and in colours where the terminal has them', async () => {
    const { out } = await init(folder(), { locale: 'zh-CN', colours: true });
    expect(out).toContain('已生成场馆 CA');
    expect(out).toContain('\x1b[');
  });

  test('a second time changes nothing and says so: exit code 2', async () => {
    const directory = folder();
    await init(directory);
    const before = readFileSync(join(directory, 'tls', 'server.crt'), 'utf8');
    const { code, out, err } = await init(directory);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('nothing was changed')]);
    expect(readFileSync(join(directory, 'tls', 'server.crt'), 'utf8')).toBe(before);
    expect(await init(directory, { force: true })).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing new'),
    });
  });

  test('what is no host is named, and nothing is made', async () => {
    const directory = folder();
    const { code, err } = await init(directory, { hosts: ['ok.local', '*.local', 'http://x'] });
    expect([code, err]).toEqual([2, 'not a host name or IP address: *.local, http://x\n']);
    expect(() => readFileSync(join(directory, 'tls', 'ca.crt'))).toThrow();
  });

  test('a box that does not know the time makes no certificate that no phone would take', async () => {
    const { code, err } = await init(folder(), { nowMs: () => 0 });
    expect([code, err]).toEqual([2, expect.stringContaining('1970-01-01')]);
  });

  test('where nothing can be written it says so: exit code 3', async () => {
    const directory = folder();
    writeFileSync(join(directory, 'file'), '');
    expect(await init(join(directory, 'file'))).toMatchObject({ code: 3, err: expect.stringContaining('file') });
    mkdirSync(join(directory, 'tls'));
    mkdirSync(join(directory, 'tls', 'ca.crt'));
    chmodSync(join(directory, 'tls'), 0o700);
    expect(await init(directory)).toMatchObject({ code: 3 });
  });
});
