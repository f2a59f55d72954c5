import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../gateway/broker/clock.ts';
import { editUsers, readUsers } from '../../../gateway/people/edit-users.ts';
import { openUsers, type Users } from '../../../gateway/people/users.ts';
import { USERS_FILE, usersOf, usersText } from '../../../gateway/people/users-file.ts';
import { until } from '../../until.ts';
import { folder, listeningLog, user, writeUsers } from './fixture.ts';

const opened = async (directory: string): Promise<{ readonly users: Users; readonly lines: string[] }> => {
  const { log, lines } = listeningLog();
  const users = await openUsers(directory, log, systemClock);
  onTestFinished(users.stop);
  return { users, lines };
};

describe('the users of a gateway', () => {
  test('none where there is no file, and they come without a restart', async () => {
    const directory = folder();
    const { users } = await opened(directory);
    expect(users.count()).toBe(0);
    writeUsers(directory, [user('Li')]);
    await until(() => users.count() === 1, 'the new user');
    expect(users.find('LI')?.user.name).toBe('Li');
    expect(users.find('__proto__')).toBeUndefined();
  });

  test('a change of role or password gives another stamp, and is told', async () => {
    const directory = folder();
    writeUsers(directory, [user('li')]);
    const { users } = await opened(directory);
    let told = 0;
    users.onChange(() => {
      told += 1;
    });
    const before = users.find('li')?.stamp;
    await users.refresh();
    expect(told).toBe(0);
    writeUsers(directory, [user('li', 'engineer')]);
    await users.refresh();
    expect(told).toBe(1);
    expect(users.find('li')?.user.role).toBe('engineer');
    expect(users.find('li')?.stamp).not.toBe(before);
  });

  test.each([
    ['damaged', '{"version":1,"users":[{}]}'],
    ['not JSON', 'users'],
    ['newer', '{"version":2,"users":[]}'],
    ['larger', ' '.repeat(1_100_000)],
  ])('a file that is %s changes nobody while it runs, and is said', async (why, text) => {
    const directory = folder();
    writeUsers(directory, [user('li')]);
    const { users, lines } = await opened(directory);
    writeFileSync(join(directory, USERS_FILE), text);
    await users.refresh();
    expect(users.find('li')).toBeDefined();
    expect(lines.join('')).toContain(why);
  });

  test('a file that vanishes changes nobody, and is said', async () => {
    const directory = folder();
    writeUsers(directory, [user('li')]);
    const { users, lines } = await opened(directory);
    rmSync(join(directory, USERS_FILE));
    await users.refresh();
    expect(users.find('li')).toBeDefined();
    expect(lines.join('')).toContain('gone');
  });

  test('one that cannot be used stops the start, in both languages', async () => {
    const directory = folder();
    writeFileSync(join(directory, USERS_FILE), '{"version":1}');
    const opening = openUsers(directory, listeningLog().log, systemClock);
    await expect(opening).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(/不可用[\s\S]*damaged/),
    });
  });

  test('one that others of this machine can read is said', async () => {
    const directory = folder();
    writeUsers(directory, [user('li')]);
    chmodSync(join(directory, USERS_FILE), 0o644);
    expect((await opened(directory)).lines.join('')).toContain('chmod 600');
  });
});

describe('the file', () => {
  test.each([
    ['a name twice, written otherwise', [user('li'), user('LI')]],
    ['a name that is none', [user('a/b')]],
    ['too many', Array.from({ length: 1001 }, (_, at) => user(`u${at}`))],
  ])('%s is refused', (_, users) => {
    expect(usersOf(usersText(users))).toMatchObject({ ok: false, reason: 'damaged' });
  });

  test('says where it is damaged, never what stands there', () => {
    const text = usersText([user('li')]).replace('"scrypt"', '"hunter2hunter2"');
    const read = usersOf(text);
    expect(read).toMatchObject({ ok: false, detail: expect.stringContaining('users.0.password.scheme') });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});

describe('a change', () => {
  test('is one step, for the owner alone, in a directory that is made', () => {
    const directory = join(folder(), 'new', 'data');
    expect(editUsers(directory, (users) => [...users, user('li')])).toEqual({ ok: true, value: undefined });
    expect(statSync(join(directory, USERS_FILE)).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toEqual([USERS_FILE]);
    expect(readUsers(directory)).toMatchObject({ ok: true, value: [{ name: 'li' }] });
  });

  test('that is refused, or fails, leaves all as it was', () => {
    const directory = folder();
    writeUsers(directory, [user('li')]);
    const before = readFileSync(join(directory, USERS_FILE), 'utf8');
    const text = { zh: '不', en: 'no' };
    expect(editUsers(directory, () => text)).toMatchObject({ ok: false, refusal: { code: 'refused', text } });
    expect(readFileSync(join(directory, USERS_FILE), 'utf8')).toBe(before);
    expect(readdirSync(directory)).toEqual([USERS_FILE]);
  });

  test.each([
    ['newer', '{"version":7,"users":[],"more":1}'],
    ['damaged', '{'],
  ])('of a %s file is refused, and the file untouched', (code, text) => {
    const directory = folder();
    writeFileSync(join(directory, USERS_FILE), text);
    expect(editUsers(directory, () => [])).toMatchObject({ ok: false, refusal: { code } });
    expect(readFileSync(join(directory, USERS_FILE), 'utf8')).toBe(text);
  });

  test('waits for nobody: while another is at it, it is refused', () => {
    const directory = folder();
    let inner: unknown;
    editUsers(directory, (users) => {
      inner = editUsers(directory, () => []);
      return [...users, user('li')];
    });
    expect(inner).toMatchObject({
      ok: false,
      refusal: { code: 'locked', text: { en: expect.stringContaining('.new') } },
    });
    expect(readUsers(directory)).toMatchObject({ ok: true, value: [{ name: 'li' }] });
  });

  test('where nothing can be written says so', () => {
    const directory = folder();
    mkdirSync(join(directory, 'x'));
    writeFileSync(join(directory, 'x', 'file'), '');
    const outcome = editUsers(join(directory, 'x', 'file'), () => []);
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'unwritable' } });
    expect(existsSync(join(directory, USERS_FILE))).toBe(false);
  });
});
