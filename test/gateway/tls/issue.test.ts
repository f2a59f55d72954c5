import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Host, hostOf, hostsOf, lanAddresses } from '../../../gateway/tls/hosts.ts';
import { ipBytes } from '../../../gateway/tls/ip-bytes.ts';
import { extensionOf, type Issued, issueAuthority, issueServer } from '../../../gateway/tls/issue/certificates.ts';
import { elementsOf } from '../../../gateway/tls/issue/der.ts';
import {
  decodePermitted,
  encodePermitted,
  isPermitted,
  NAME_CONSTRAINTS,
  permittedFor,
} from '../../../gateway/tls/issue/name-constraints.ts';

const hosts = (...texts: readonly string[]): readonly Host[] => texts.flatMap((text) => hostOf(text) ?? []);

const NOW = { nowMs: Date.now(), days: 397 };

const authorityFor = (...texts: readonly string[]): Promise<Issued> =>
  issueAuthority('Muster 会场 CA', permittedFor(hosts(...texts)), { ...NOW, days: 3650 });

const folder = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-issue-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};

const openssl = (...args: readonly string[]): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
};

/** What openssl says of a server certificate under its authority, for a host. */
const verified = (
  authority: Issued,
  server: Issued,
  ...check: readonly string[]
): { status: number | null; text: string } => {
  const directory = folder();
  writeFileSync(join(directory, 'ca.crt'), authority.certificate);
  writeFileSync(join(directory, 'server.crt'), server.certificate);
  const strict = ['-x509_strict', '-check_ss_sig', '-purpose', 'sslserver'];
  return openssl('verify', ...strict, ...check, '-CAfile', join(directory, 'ca.crt'), join(directory, 'server.crt'));
};

describe('certificates', () => {
  test('openssl finds the chain good, for each of its hosts and for no other', async () => {
    const authority = await authorityFor();
    const server = await issueServer(authority, hosts('box.local', '192.168.7.5', 'fd00::5', 'localhost'), NOW);
    expect(verified(authority, server, '-verify_hostname', 'box.local')).toMatchObject({ status: 0 });
    expect(verified(authority, server, '-verify_ip', '192.168.7.5')).toMatchObject({ status: 0 });
    expect(verified(authority, server, '-verify_ip', 'fd00::5')).toMatchObject({ status: 0 });
    expect(verified(authority, server, '-verify_hostname', 'other.local').text).toContain('hostname mismatch');
    expect(verified(authority, server, '-verify_ip', '192.168.7.6').text).toContain('IP address mismatch');
  });

  test('a key that fell into wrong hands vouches for nothing outside the venue', async () => {
    const authority = await authorityFor('muster.venue.example', '203.0.113.7');
    for (const host of ['bank.example', '203.0.113.8', 'venue.example', '2001:db8::1']) {
      const server = await issueServer(authority, hosts(host), NOW);
      expect(verified(authority, server).text, host).toContain('permitted subtree violation');
    }
    for (const host of ['muster.venue.example', '203.0.113.7', 'x.home.arpa', '10.1.2.3', 'fe80::1', '::1']) {
      const server = await issueServer(authority, hosts(host), NOW);
      expect(verified(authority, server), host).toMatchObject({ status: 0 });
    }
  });

  test('the authority signs no further authorities, and a stranger’s certificate is not its own', async () => {
    const [authority, stranger] = [await authorityFor(), await authorityFor()];
    const server = await issueServer(stranger, hosts('box.local'), NOW);
    expect(verified(authority, server).status).not.toBe(0);
    const directory = folder();
    writeFileSync(join(directory, 'ca.crt'), authority.certificate);
    const { text } = openssl('x509', '-in', join(directory, 'ca.crt'), '-noout', '-text');
    expect(text).toMatch(/CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(text).toMatch(/Name Constraints: critical/);
    expect(text).toContain('Permitted:');
    expect(text).toContain('IP:192.168.0.0/255.255.0.0');
    expect(text).toContain('prime256v1');
  });

  test('validity is within what phones take, and begins before now', async () => {
    const authority = await authorityFor();
    const server = new X509Certificate((await issueServer(authority, hosts('box.local'), NOW)).certificate);
    const days = (Date.parse(server.validTo) - Date.parse(server.validFrom)) / 86_400_000;
    expect(days).toBe(398);
    expect(Date.parse(server.validFrom)).toBeLessThan(NOW.nowMs - 80_000_000);
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });
});

describe('name constraints', () => {
  test('what was written is read again', async () => {
    const permitted = permittedFor(hosts('muster.venue.example', '203.0.113.7', '2001:db8::7', 'box'));
    expect(permitted.dns).toContain('box');
    const read = decodePermitted(encodePermitted(permitted));
    expect(read?.dns).toEqual(permitted.dns);
    expect(read?.networks).toHaveLength(permitted.networks.length);
    for (const host of hosts('muster.venue.example', 'a.local', '203.0.113.7', '2001:db8::7', '100.64.3.4', 'box')) {
      expect(read !== undefined && isPermitted(read, host), host.value).toBe(true);
    }
    for (const host of hosts('venue.example', 'notlocal', '203.0.113.6', '2001:db8::8', '100.128.0.1', '172.32.0.1')) {
      expect(read !== undefined && isPermitted(read, host), host.value).toBe(false);
    }
    const authority = await authorityFor();
    expect(decodePermitted(extensionOf(authority.certificate, NAME_CONSTRAINTS) ?? Buffer.alloc(0))?.dns).toContain(
      'local',
    );
  });

  test('bytes that are no such thing are no constraints, and nothing throws', () => {
    const whole = encodePermitted(permittedFor(hosts(`${'a'.repeat(60)}.example`)));
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodePermitted(whole.subarray(0, length))).toBeUndefined();
    }
    expect(decodePermitted(Buffer.from('3003020101', 'hex'))).toBeUndefined();
    expect(elementsOf(Buffer.from('30800000', 'hex'))).toBeUndefined();
  });
});

describe('hosts', () => {
  test('are names and addresses, however they are written', () => {
    expect(hosts('Box.Local', '[FD00::1]', '会场.local', '10.0.0.1', 'box.')).toEqual([
      { kind: 'dns', value: 'box.local' },
      { kind: 'ip', value: 'fd00::1' },
      { kind: 'dns', value: 'xn--6oqx1r.local' },
      { kind: 'ip', value: '10.0.0.1' },
      { kind: 'dns', value: 'box' },
    ]);
    expect(hosts('', '*.local', 'a b', 'http://box', 'box:8080', '-a', 'fe80::1%eth0', 'a..b', 'x'.repeat(64))).toEqual(
      [],
    );
  });

  test('of this machine: given ones first, its addresses on the local network, its names, itself', () => {
    const common = { netmask: '', mac: '', cidr: null };
    const v4 = { ...common, family: 'IPv4' as const };
    const v6 = { ...common, family: 'IPv6' as const, scopeid: 0 };
    const machine = {
      name: 'Box',
      interfaces: {
        lo: [{ ...v4, address: '127.0.0.1', internal: true }],
        eth0: [
          { ...v6, address: 'fe80::1', internal: false },
          { ...v6, address: 'fd00::9', internal: false },
          { ...v6, address: '2001:db8::9', internal: false },
          { ...v4, address: '192.168.7.5', internal: false },
          { ...v4, address: '203.0.113.7', internal: false },
          { ...v4, address: '169.254.1.1', internal: false },
        ],
      },
    };
    expect(lanAddresses(machine)).toEqual(['192.168.7.5', '203.0.113.7', 'fd00::9']);
    expect(hostsOf(hosts('muster.example', '192.168.7.5'), machine).map(({ value }) => value)).toEqual([
      'muster.example',
      '192.168.7.5',
      '203.0.113.7',
      'fd00::9',
      'box',
      'box.local',
      'localhost',
      '127.0.0.1',
      '::1',
    ]);
  });

  test.each([
    ['10.1.2.3', '0a010203'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['fd00:1::a:b', 'fd0000010000000000000000000a000b'],
    ['::ffff:10.1.2.3', '00000000000000000000ffff0a010203'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ])('the bytes of %s', (address, hex) => {
    expect(ipBytes(address)?.toString('hex')).toBe(hex);
  });

  test('no address has no bytes', () => {
    expect(['', '1.2.3', '1.2.3.256', ':::', 'box'].map(ipBytes)).toEqual(Array(5).fill(undefined));
  });
});
