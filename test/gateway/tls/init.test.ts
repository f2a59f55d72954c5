import { X509Certificate } from 'node:crypto';
import { copyFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type InitOptions, type InitOutcome, initTls } from '../../../gateway/tls/issue/init.ts';
import { type VenueFiles, venueFiles } from '../../../gateway/tls/venue-files.ts';
import { BOX, contents, folder, hosts, INIT, madeFiles } from './fixture.ts';

const DAY_MS = 86_400_000;

const again = (files: VenueFiles, more: Partial<InitOptions>): Promise<InitOutcome> =>
  initTls({ ...INIT, ...more, files });

const refused = (why: string) => ({
  ok: false,
  text: { en: expect.stringContaining(why), zh: expect.stringMatching(/./) },
});

describe('the first time', () => {
  test('makes an authority and a certificate by it, the keys for their owner alone', async () => {
    const files = await madeFiles(join(folder(), 'data'), { given: hosts('muster.example') });
    const modes = Object.values(files).map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o644, 0o600, 0o644, 0o600]);
    expect(readdirSync(join(files.caCert, '..'))).toHaveLength(4);
    const { caCert, serverCert, serverKey } = contents(files);
    const [authority, server] = [new X509Certificate(caCert), new X509Certificate(serverCert)];
    expect(authority.subject).toMatch(/CN=Muster CA \d{4}-\d\d-\d\d Riverside Hall/);
    expect(server.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true);
    expect(serverKey).toContain('BEGIN PRIVATE KEY');
    expect(['muster.example', 'box', 'box.local', 'localhost'].map((name) => server.checkHost(name))).not.toContain(
      undefined,
    );
    expect(['192.168.7.5', '127.0.0.1', '::1'].map((address) => server.checkIP(address))).not.toContain(undefined);
    expect(server.checkHost('other.example')).toBeUndefined();
  });

  test('a name of any length and script is taken', async () => {
    const files = await madeFiles(folder(), { name: `江畔会场 "${'x'.repeat(200)}", O=\\` });
    expect(new X509Certificate(contents(files).caCert).subject).toContain('江畔会场');
  });
});

describe('once there are certificates', () => {
  test('nothing that is good is overwritten unasked', async () => {
    const files = await madeFiles(folder());
    const before = contents(files);
    expect(await again(files, {})).toEqual(refused('nothing was changed'));
    expect(await again(files, { given: hosts('new.local') })).toEqual(refused('--force'));
    expect(await again(files, { newAuthority: true })).toEqual(refused('every phone'));
    expect(contents(files)).toEqual(before);
  });

  test('a server certificate near its end is made anew by the same authority, for the same hosts', async () => {
    const files = await madeFiles(folder(), { given: hosts('muster.example') });
    const before = contents(files);
    const nowMs = INIT.nowMs + 368 * DAY_MS;
    expect(await again(files, { nowMs })).toMatchObject({ ok: true, made: 'server' });
    const after = contents(files);
    expect([after.caCert, after.caKey]).toEqual([before.caCert, before.caKey]);
    expect(after.serverKey).not.toBe(before.serverKey);
    const server = new X509Certificate(after.serverCert);
    expect(server.checkHost('muster.example')).toBeDefined();
    expect(Date.parse(server.validTo)).toBeGreaterThan(nowMs + 396 * DAY_MS);
  });

  test('--force makes another server certificate, and phones need nothing new', async () => {
    const files = await madeFiles(folder());
    const before = contents(files);
    const machine = { ...BOX, interfaces: {} };
    expect(await again(files, { force: true, given: hosts('10.9.8.7'), machine })).toMatchObject({ made: 'server' });
    expect(contents(files).caCert).toBe(before.caCert);
    const server = new X509Certificate(contents(files).serverCert);
    expect([server.checkIP('10.9.8.7'), server.checkIP('192.168.7.5')]).toEqual(['10.9.8.7', undefined]);
  });

  test('--force --new-ca makes everything new', async () => {
    const files = await madeFiles(folder());
    const before = contents(files);
    expect(await again(files, { force: true, newAuthority: true })).toMatchObject({ made: 'authority' });
    expect(Object.values(contents(files)).filter((text) => Object.values(before).includes(text))).toEqual([]);
  });

  test('no server certificate outlasts the authority', async () => {
    const files = await madeFiles(folder());
    const authority = new X509Certificate(contents(files).caCert);
    expect(await again(files, { nowMs: INIT.nowMs + 3_640 * DAY_MS })).toMatchObject({ made: 'server' });
    expect(new X509Certificate(contents(files).serverCert).validTo).toBe(authority.validTo);
    expect(await again(files, { nowMs: INIT.nowMs + 3_651 * DAY_MS })).toEqual(refused('expired'));
  });

  test('an authority that may not vouch for a name says so before phones do', async () => {
    const files = await madeFiles(folder());
    expect(await again(files, { force: true, given: hosts('muster.example', '203.0.113.7') })).toEqual(
      refused('may not vouch for muster.example, 203.0.113.7'),
    );
    const wanted = { force: true, newAuthority: true, given: hosts('muster.example', '203.0.113.7') };
    expect(await again(files, wanted)).toMatchObject({ ok: true });
  });

  test('the key of the authority may be kept elsewhere; signing takes it back', async () => {
    const files = await madeFiles(folder());
    const other = await madeFiles(folder());
    rmSync(files.caKey);
    expect(await again(files, { force: true })).toEqual(refused('ca.key, is not there'));
    copyFileSync(other.caKey, files.caKey);
    expect(await again(files, { force: true })).toEqual(refused('does not belong'));
    writeFileSync(files.caKey, 'no key');
    expect(await again(files, { force: true })).toEqual(refused('does not belong'));
  });

  test.each(['caCert', 'serverCert'] as const)('a %s that is none is left alone', async (which) => {
    const files = await madeFiles(folder());
    writeFileSync(files[which], 'mine');
    expect(await again(files, { force: true, newAuthority: true })).toEqual(refused('is no certificate'));
    expect(contents(files)[which]).toBe('mine');
  });

  test('a key without its certificate is left alone', async () => {
    const files = await madeFiles(folder());
    rmSync(files.caCert);
    rmSync(files.serverCert);
    expect(await again(files, { force: true })).toEqual(refused('without ca.crt'));
  });

  test('while another makes them nothing is written', async () => {
    const files = await madeFiles(folder());
    writeFileSync(`${files.serverKey}.new`, '');
    const before = contents(files);
    await expect(again(files, { force: true })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(contents(files)).toEqual(before);
    expect(venueFiles('/data')).toMatchObject({ caCert: '/data/tls/ca.crt' });
  });
});
