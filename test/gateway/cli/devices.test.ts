import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DevicesOptions } from '../../../gateway/cli/devices.ts';
import { runDevices } from '../../../gateway/cli/devices.ts';
import { file, SECRET } from '../config/fixture.ts';

const VENUE_FILE = file(
  'devices: { gate-a: { profile: people-counter } }',
  `badges: { b-7: { role: guard, wearer: W. Li, secretSha256: ${SECRET} } }`,
);

const run = (options: DevicesOptions, text = VENUE_FILE) => {
  const printed = { out: '', err: '' };
  const code = runDevices(
    options,
    (piece) => {
      printed.out += piece;
    },
    (piece) => {
      printed.err += piece;
    },
    () => text,
  );
  return { code, ...printed };
};

const ask = { file: 'venue.yaml', locale: 'en' } as const;

describe('muster devices', () => {
  test('secret prints a password of 128 bits and its digest', () => {
    const { code, out } = run({ ...ask, do: 'secret', id: 'b-7' });
    const [, secret = '', place = '', digest = ''] = out.split('\n').map((line) => line.trim());
    expect(code).toBe(0);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(16);
    expect(place).toBe('Put this into venue.yaml under badges.b-7:');
    expect(digest).toBe(`secretSha256: ${createHash('sha256').update(secret).digest('hex')}`);
    expect(run({ ...ask, do: 'secret', id: 'b-7' }).out).not.toContain(secret);
  });

  test('secret works before the file is valid, for want of this very digest', () => {
    expect(run({ ...ask, do: 'secret', id: 'phone' }, file('clients: { phone: {} }')).code).toBe(0);
    expect(run({ ...ask, do: 'secret', id: 'a/b' })).toMatchObject({ code: 2, out: '' });
  });

  test('list prints a line for each device, and never a digest', () => {
    const { code, out } = run({ ...ask, do: 'list' });
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'id\tname\tprofile\tzone\trole\tlogin',
      'gate-a\tgate-a\tpeople-counter\t\t\t-',
      'b-7\tW. Li\tbadge\t\tguard\tsecret',
      '',
    ]);
    expect(run({ ...ask, do: 'list' }, 'x: [').code).toBe(2);
  });
});
