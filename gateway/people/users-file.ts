import { z } from 'zod';
import { roleSchema } from '../api/schemas/session.ts';
import { nameKey, userNameSchema } from './names.ts';
import { storedPasswordSchema } from './password.ts';

export const USERS_FILE = 'users.json';

const VERSION = 1;
/** A venue has dozens; it also bounds what a log-in has to look through and a session list to hold. */
export const USERS_MAX = 1_000;
/** Of the largest file that is read. */
export const USERS_FILE_BYTES_MAX = 1_048_576;

const userSchema = z.strictObject({
  name: userNameSchema,
  role: roleSchema,
  password: storedPasswordSchema,
  changedAt: z.iso.datetime(),
});

/** Somebody who may log in. */
export type User = Readonly<z.infer<typeof userSchema>>;

const fileSchema = z.strictObject({
  version: z.literal(VERSION),
  users: z
    .array(userSchema)
    .max(USERS_MAX)
    .refine((users) => new Set(users.map(({ name }) => nameKey(name))).size === users.length, 'a name stands twice'),
});

const versionSchema = z.object({ version: z.int() });

/** `newer`: written by a later version of the program, and left alone. */
export type UsersRead =
  | { readonly ok: true; readonly users: readonly User[] }
  | { readonly ok: false; readonly reason: 'damaged' | 'newer'; readonly detail: string };

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Users of the text of a users file. What is wrong is said by place, never by value. */
export const usersOf = (text: string): UsersRead => {
  const value = parsed(text);
  if (value === undefined) return { ok: false, reason: 'damaged', detail: 'not JSON' };
  const versioned = versionSchema.safeParse(value);
  if (versioned.success && versioned.data.version > VERSION) {
    return { ok: false, reason: 'newer', detail: `version ${versioned.data.version}, this program knows ${VERSION}` };
  }
  const file = fileSchema.safeParse(value);
  if (file.success) return { ok: true, users: file.data.users };
  const [issue] = file.error.issues;
  return { ok: false, reason: 'damaged', detail: `${issue?.path.join('.') ?? ''}: ${issue?.code ?? 'wrong'}` };
};

export const usersText = (users: readonly User[]): string =>
  `${JSON.stringify({ version: VERSION, users }, null, 2)}\n`;

export const findUser = (users: readonly User[], name: string): User | undefined => {
  const key = nameKey(name);
  return users.find((user) => nameKey(user.name) === key);
};
