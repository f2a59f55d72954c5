import { expect, test } from 'vitest';
import {
  isPassword,
  passwordFault,
  type StoredPassword,
  storedPasswordSchema,
  storePassword,
} from '../../../gateway/people/password.ts';
import { user } from './fixture.ts';

test('the right password, and no other', async () => {
  const stored = await storePassword('correct horse battery');
  expect(storedPasswordSchema.parse(stored)).toEqual(stored);
  expect(stored.N).toBeGreaterThanOrEqual(2 ** 15);
  expect(await isPassword('correct horse battery', stored)).toBe(true);
  expect(await isPassword('correct horse batterz', stored)).toBe(false);
  expect(await isPassword('', stored)).toBe(false);
  expect(await isPassword('correct horse battery', undefined)).toBe(false);
  expect(await isPassword('x'.repeat(1_000_000), stored)).toBe(false);
  expect((await storePassword('correct horse battery')).salt).not.toBe(stored.salt);
});

test('a user that does not exist costs as much as a wrong password', async () => {
  const took = async (stored: StoredPassword | undefined): Promise<number> => {
    const startedMs = performance.now();
    await isPassword('wrong', stored);
    return performance.now() - startedMs;
  };
  const [wrong, unknown]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    wrong.push(await took(user('li').password));
    unknown.push(await took(undefined));
  }
  const ratio = Math.min(...unknown) / Math.min(...wrong);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test('the same characters, composed or not, are the same password', async () => {
  const stored = await storePassword('caf\u00e9 au lait, encore'.normalize('NFC'));
  expect(await isPassword('caf\u0065\u0301 au lait, encore', stored)).toBe(true);
});

test.each([
  ['', 'too short'],
  ['elevenchars', 'too short'],
  ['密码密码密码密码', 'too short'],
  ['aaaaaaaaaaaaaaaa', 'easy to guess'],
  ['abababababababab', 'easy to guess'],
  ['guard-wang-guard-wang', 'easy to guess'],
  [`${'long words '.repeat(200)}`, 'too long'],
])('%j is refused: %s', (password, why) => {
  const fault = passwordFault(password, 'Guard-Wang');
  expect(fault?.en).toContain(why);
  expect(fault?.zh).toMatch(/密码/);
});

test.each(['correct horse battery', '十二个汉字也可以做一个密码吧', 'xK9$mQ2#vL7!'])('%j is taken', (password) => {
  expect(passwordFault(password, 'guard')).toBeUndefined();
});

test.each([
  { N: 16_385 },
  { N: 1_048_576, r: 32 },
  { N: 1024 },
  { p: 1000 },
  { salt: 'AAAA' },
  { key: '' },
  { scheme: 'plain' },
  { extra: 1 },
])('a stored password with %j is not used', (change) => {
  expect(storedPasswordSchema.safeParse({ ...user('li').password, ...change }).success).toBe(false);
});
