import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runUser, type UserTask } from '../../../gateway/cli/user.ts';
import type { PasswordInput } from '../../../gateway/cli/user-password.ts';
import type { Locale } from '../../../gateway/config/sections/venue.ts';
import { isPassword } from '../../../gateway/people/password.ts';
import { USERS_FILE, usersOf } from '../../../gateway/people/users-file.ts';
import { folder, PASSWORD, user, writeUsers } from '../people/fixture.ts';

const piped = (text: string): PasswordInput => {
  const input = new PassThrough();
  input.end(text);
  return input;
};

interface Terminal {
  readonly input: PasswordInput;
  /** Whether the terminal echoed, each time that something was typed. */
  readonly raw: boolean[];
  type(text: string): void;
}

const terminal = (): Terminal => {
  let isRaw = false;
  const stream = new PassThrough();
  const raw: boolean[] = [];
  const input = Object.assign(stream, {
    isTTY: true,
    setRawMode: (on: boolean) => {
      isRaw = on;
    },
  });
  return {
    input,
    raw,
    type: (text) => {
      raw.push(isRaw);
      stream.write(text);
    },
  };
};

/** Answers each question as it is asked. */
const answering = (screen: Terminal, answers: readonly string[]) => {
  const left = [...answers];
  return (text: string): void => {
    if (!/: $|：$/.test(text)) return;
    const answer = left.shift();
    if (answer !== undefined) setImmediate(() => screen.type(answer));
  };
};

const run = async (
  directory: string,
  task: UserTask,
  input: PasswordInput = piped(''),
  answer: (text: string) => void = () => undefined,
  locale: Locale = 'en',
) => {
  const printed = { out: '', err: '' };
  const code = await runUser(
    { directory, locale, input, nowMs: () => Date.parse('2026-11-24T20:00:00Z') },
    task,
    (text) => {
      printed.out += text;
    },
    (text) => {
      printed.err += text;
      answer(text);
    },
  );
  return { code, ...printed };
};

const kept = (directory: string) => {
  const read = usersOf(readFileSync(join(directory, USERS_FILE), 'utf8'));
  return read.ok ? read.users : [];
};

describe('muster user', () => {
  test('adds a user with a password from a pipe, and never shows or keeps it', async () => {
    const directory = join(folder(), 'data');
    const added = await run(directory, { do: 'add', name: 'Li', role: 'guard' }, piped(`${PASSWORD}\nmore`));
    expect(added).toEqual({ code: 0, out: 'user Li added\n', err: '' });
    expect(readFileSync(join(directory, USERS_FILE), 'utf8')).not.toContain(PASSWORD);
    const [li] = kept(directory);
    expect(li).toMatchObject({ name: 'Li', role: 'guard', changedAt: '2026-11-24T20:00:00.000Z' });
    expect(await isPassword(PASSWORD, li?.password)).toBe(true);
    const listed = await run(directory, { do: 'list' });
    expect(listed.out).toBe('name\trole\tchanged\nLi\tguard\t2026-11-24T20:00:00.000Z\n');
  });

  test('changes a password and a role, and removes, whoever the name is written', async () => {
    const directory = folder();
    writeUsers(directory, [user('Li'), user('Bo')]);
    expect(await run(directory, { do: 'password', name: 'li' }, piped('another long secret\r\n'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('Li'),
    });
    expect(await isPassword('another long secret', kept(directory)[0]?.password)).toBe(true);
    expect((await run(directory, { do: 'role', name: 'LI', role: 'viewer' })).code).toBe(0);
    expect(kept(directory)[0]?.role).toBe('viewer');
    expect((await run(directory, { do: 'remove', name: 'li' })).code).toBe(0);
    expect(kept(directory).map(({ name }) => name)).toEqual(['Bo']);
  });

  test.each([
    [{ do: 'add', name: 'Li', role: 'guard' }, PASSWORD, 'already'],
    [{ do: 'add', name: 'a/b', role: 'guard' }, PASSWORD, 'not a valid user name'],
    [{ do: 'add', name: '', role: 'guard' }, PASSWORD, 'not a valid user name'],
    [{ do: 'add', name: 'new', role: 'guard' }, 'short', 'at least 12 characters'],
    [{ do: 'add', name: 'new', role: 'guard' }, '', 'no password'],
    [{ do: 'add', name: 'new', role: 'guard' }, 'x'.repeat(10_000), 'no password'],
    [{ do: 'password', name: 'nobody' }, PASSWORD, 'no user nobody'],
    [{ do: 'remove', name: '__proto__' }, '', 'not a valid user name'],
    [{ do: 'remove', name: 'constructor' }, '', 'no user'],
    [{ do: 'role', name: 'nobody', role: 'viewer' }, '', 'no user nobody'],
  ] as const)('%j is refused, and nothing is written', async (task, password, why) => {
    const directory = folder();
    writeUsers(directory, [user('li')]);
    const before = readFileSync(join(directory, USERS_FILE), 'utf8');
    const { code, err } = await run(directory, task, piped(password));
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    expect(readFileSync(join(directory, USERS_FILE), 'utf8')).toBe(before);
  });

  test('says why in Chinese', async () => {
    const task = { do: 'add', name: 'li', role: 'guard' } as const;
    expect((await run(folder(), task, piped('short'), undefined, 'zh-CN')).err).toContain('密码太短');
  });

  test('leaves a file of a newer version alone: exit code 4', async () => {
    const directory = folder();
    writeFileSync(join(directory, USERS_FILE), '{"version":9}');
    for (const task of [{ do: 'list' }, { do: 'remove', name: 'li' }] as const) {
      expect(await run(directory, task)).toMatchObject({ code: 4, err: expect.stringContaining('newer') });
    }
    expect(readFileSync(join(directory, USERS_FILE), 'utf8')).toBe('{"version":9}');
  });
});

describe('at a terminal', () => {
  const task = { do: 'add', name: 'li', role: 'guard' } as const;

  test('a password is asked for twice, without echo, and typing errors can be taken back', async () => {
    const directory = folder();
    const screen = terminal();
    const { code, out, err } = await run(
      directory,
      task,
      screen.input,
      answering(screen, ['wrong start\u0015several unrelated worXX\u007f\b\u0009ds\r', `${PASSWORD}\r`]),
    );
    expect([code, out]).toEqual([0, 'user li added\n']);
    expect(err).toBe('Password for li: \nOnce more: \n');
    expect(screen.raw).toEqual([true, true]);
    expect(await isPassword(PASSWORD, kept(directory)[0]?.password)).toBe(true);
  });

  test('both typed at once are both read', async () => {
    const screen = terminal();
    const both = answering(screen, [`${PASSWORD}\r${PASSWORD}\r`]);
    expect((await run(folder(), task, screen.input, both)).code).toBe(0);
  });

  test.each([
    ['two that differ', [`${PASSWORD}\r`, 'another long secret\r'], 'not the same'],
    ['Ctrl-C', ['seve\u0003'], 'no password'],
    ['Ctrl-D at the second question', [`${PASSWORD}\r`, '\u0004'], 'no password'],
    ['a bad one, said before the second question', ['short\r'], 'at least 12'],
  ])('%s: nothing is written', async (_, answers, why) => {
    const directory = folder();
    const screen = terminal();
    const { code, err } = await run(directory, task, screen.input, answering(screen, answers));
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    expect(() => readFileSync(join(directory, USERS_FILE))).toThrow();
  });
});
