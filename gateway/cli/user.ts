import type { Text } from '../../rules/rule.ts';
import type { Role } from '../api/contract.ts';
import type { Locale } from '../config/sections/venue.ts';
import { editUsers, type Refusal, readUsers } from '../people/edit-users.ts';
import { removeLock } from '../people/locks-file.ts';
import { nameKey, userNameSchema } from '../people/names.ts';
import { passwordFault, storePassword } from '../people/password.ts';
import { findUser, USERS_MAX, type User } from '../people/users-file.ts';
import type { Write } from './check.ts';
import { askPassword, GIVEN_UP, type PasswordInput, pipedPassword } from './user-password.ts';

export interface UserContext {
  /** The data directory. */
  readonly directory: string;
  readonly locale: Locale;
  readonly input: PasswordInput;
  /** Unix milliseconds. */
  nowMs(): number;
}

export type UserTask =
  | { readonly do: 'list' }
  | { readonly do: 'add'; readonly name: string; readonly role: Role }
  | { readonly do: 'role'; readonly name: string; readonly role: Role }
  | { readonly do: 'remove'; readonly name: string }
  | { readonly do: 'unlock'; readonly name: string }
  | { readonly do: 'password'; readonly name: string };

const EXIT_REFUSED = 2;
const EXIT_NEWER = 4;

const text = (zh: string, en: string): Text => ({ zh, en });

const BAD_NAME = text(
  '用户名无效：字母、数字（任何文字）以及 . _ @ -，以字母或数字开头，最多 64 个字符',
  'not a valid user name: letters and digits of any script and . _ @ -, starting with a letter or digit, at most 64',
);
const NO_PASSWORD = text('没有输入密码', 'no password was given');
const NOT_EQUAL = text('两次输入的密码不同', 'the two passwords are not the same');

const unknown = (name: string): Text => text(`没有用户 ${name}`, `there is no user ${name}`);
const known = (name: string): Text =>
  text(
    `用户 ${name} 已存在；用 muster user password 或 muster user role 修改`,
    `there is a user ${name} already; change it by muster user password or muster user role`,
  );

interface Speech {
  say(message: Text): void;
  /** Answers the exit code. */
  refuse(message: Text, code?: number): number;
}

const speech = (locale: Locale, out: Write, err: Write): Speech => {
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  return {
    say: (message) => out(`${message[language]}\n`),
    refuse: (message, code = EXIT_REFUSED) => {
      err(`${message[language]}\n`);
      return code;
    },
  };
};

const exitCodeOf = ({ code }: Refusal): number => (code === 'newer' ? EXIT_NEWER : EXIT_REFUSED);

/** A good password for this user, or why there is none. Asked twice at a terminal, since nobody sees what they type. */
const newPassword = async ({ input, locale }: UserContext, name: string, err: Write): Promise<string | Text> => {
  if (input.isTTY !== true) {
    const password = await pipedPassword(input);
    return password === undefined ? NO_PASSWORD : (passwordFault(password, name) ?? password);
  }
  const chinese = locale === 'zh-CN';
  const first = await askPassword(input, err, chinese ? `${name} 的密码：` : `Password for ${name}: `);
  if (first === GIVEN_UP) return NO_PASSWORD;
  const fault = passwordFault(first, name);
  if (fault !== undefined) return fault;
  const second = await askPassword(input, err, chinese ? '再输入一次：' : 'Once more: ');
  if (second === GIVEN_UP) return NO_PASSWORD;
  return first === second ? first : NOT_EQUAL;
};

const list = ({ directory }: UserContext, out: Write, { refuse }: Speech): number => {
  const read = readUsers(directory);
  if (!read.ok) return refuse(read.refusal.text, exitCodeOf(read.refusal));
  out('name\trole\tchanged\n');
  for (const { name, role, changedAt } of read.value) out(`${name}\t${role}\t${changedAt}\n`);
  return 0;
};

/** Replaces a user by what `change` makes of it; nothing: the user is removed. */
const change = (
  users: readonly User[],
  name: string,
  changed: (user: User) => readonly User[],
): readonly User[] | Text => {
  const key = nameKey(name);
  return findUser(users, name) === undefined
    ? unknown(name)
    : users.flatMap((user) => (nameKey(user.name) === key ? changed(user) : [user]));
};

const add = (users: readonly User[], user: User): readonly User[] | Text => {
  if (findUser(users, user.name) !== undefined) return known(user.name);
  if (users.length < USERS_MAX) return [...users, user];
  return text(`最多 ${USERS_MAX} 个用户`, `there are ${USERS_MAX} users already, which is the most`);
};

/** Of users, and of clients of the venue file: the gateway that runs takes it up within a second. */
const unlock = ({ directory }: UserContext, name: string, { say, refuse }: Speech): number => {
  try {
    if (!removeLock(directory, name.normalize('NFC'))) return refuse(text(`${name} 未被锁定`, `${name} is not locked`));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(text(`无法解锁：${why}`, `cannot be unlocked: ${why}`));
  }
  say(text(`已解锁 ${name}`, `${name} is unlocked`));
  return 0;
};

type Edit = Exclude<UserTask, { readonly do: 'list' | 'unlock' }>;
type Change = (users: readonly User[]) => readonly User[] | Text;

const DONE = {
  add: (name: string) => text(`已添加用户 ${name}`, `user ${name} added`),
  remove: (name: string) => text(`已删除用户 ${name}，其登录已失效`, `user ${name} removed; their log-ins end`),
  password: (name: string) =>
    text(`已更改 ${name} 的密码，其登录已失效`, `password of ${name} changed; their log-ins end`),
  role: (name: string) => text(`已更改 ${name} 的角色，其登录已失效`, `role of ${name} changed; their log-ins end`),
} as const;

/** What is to be done to the users; asks for the password where it takes one. */
const changeOf = async (context: UserContext, task: Edit, err: Write): Promise<Change | Text> => {
  const name = task.name.normalize('NFC');
  const changedAt = new Date(context.nowMs()).toISOString();
  if (task.do === 'remove') return (users) => change(users, name, () => []);
  if (task.do === 'role') {
    const { role } = task;
    return (users) => change(users, name, (user) => [{ ...user, role, changedAt }]);
  }
  const typed = await newPassword(context, name, err);
  if (typeof typed !== 'string') return typed;
  const password = await storePassword(typed);
  if (task.do === 'password') return (users) => change(users, name, (user) => [{ ...user, password, changedAt }]);
  const { role } = task;
  return (users) => add(users, { name, role, password, changedAt });
};

const edit = async (context: UserContext, task: Edit, err: Write, { say, refuse }: Speech): Promise<number> => {
  const { directory } = context;
  const { name } = task;
  if (!userNameSchema.safeParse(name).success) return refuse(BAD_NAME);
  // What makes typing a password pointless is said before it is asked for; the change itself looks again.
  const before = readUsers(directory);
  if (!before.ok) return refuse(before.refusal.text, exitCodeOf(before.refusal));
  const existing = findUser(before.value, name);
  if (task.do === 'add' && existing !== undefined) return refuse(known(name));
  if (task.do !== 'add' && existing === undefined) return refuse(unknown(name));
  const changed = await changeOf(context, task, err);
  if (typeof changed !== 'function') return refuse(changed);
  const outcome = editUsers(directory, changed);
  if (!outcome.ok) return refuse(outcome.refusal.text, exitCodeOf(outcome.refusal));
  say(DONE[task.do](existing?.name ?? name));
  return 0;
};

/**
 * `muster user`: who may log in to the console. Passwords come from a prompt or a pipe, never from the command line,
 * where every user of the machine could read them. Exit code: 0, 2 refused, 4 the file is of a newer version.
 */
export const runUser = async (context: UserContext, task: UserTask, out: Write, err: Write): Promise<number> => {
  const speaker = speech(context.locale, out, err);
  if (task.do === 'unlock') return unlock(context, task.name, speaker);
  return task.do === 'list' ? list(context, out, speaker) : edit(context, task, err, speaker);
};
