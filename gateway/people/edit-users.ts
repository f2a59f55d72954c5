import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../../rules/rule.ts';
import { type Replacement, replacementOf } from '../private-file.ts';
import { USERS_FILE, type User, usersOf, usersText } from './users-file.ts';

/** Why the users stay as they are; `newer`: the file is of a later version of the program. */
export interface Refusal {
  readonly code: 'newer' | 'damaged' | 'locked' | 'unwritable' | 'refused';
  readonly text: Text;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

const refuse = (code: Refusal['code'], zh: string, en: string): Outcome<never> => ({
  ok: false,
  refusal: { code, text: { zh, en } },
});

/** Users of the data directory; none where there is no file yet. */
export const readUsers = (directory: string): Outcome<readonly User[]> => {
  const path = join(directory, USERS_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { ok: true, value: [] };
    return refuse('unwritable', `无法读取 ${path}（${code}）`, `${path} cannot be read (${code})`);
  }
  const file = usersOf(text);
  if (file.ok) return { ok: true, value: file.users };
  const { reason, detail } = file;
  return reason === 'newer'
    ? refuse(
        reason,
        `${path} 来自更新的版本（${detail}），未改动`,
        `${path} is of a newer version (${detail}); nothing was changed`,
      )
    : refuse(reason, `${path} 已损坏（${detail}），未改动`, `${path} is damaged (${detail}); nothing was changed`);
};

/** Making a directory, too, can fail because something is there. */
const isLocked = (error: unknown): boolean =>
  codeOf(error) === 'EEXIST' && error instanceof Error && 'syscall' in error && error.syscall === 'open';

const notWritten = (path: string, error: unknown): Outcome<never> => {
  const code = codeOf(error);
  return isLocked(error)
    ? refuse(
        'locked',
        `另一个 muster 正在修改用户；若没有，请删除 ${path}.new`,
        `another muster is changing the users; if there is none, remove ${path}.new`,
      )
    : refuse('unwritable', `无法写入 ${path}（${code}）`, `${path} cannot be written (${code})`);
};

/**
 * Changes the users of the data directory in one step: `change` sees what nobody else can change meanwhile, and answers
 * the new list, or why not (then nothing is written).
 */
export const editUsers = (
  directory: string,
  change: (users: readonly User[]) => readonly User[] | Text,
): Outcome<undefined> => {
  const path = join(directory, USERS_FILE);
  let replacement: Replacement;
  try {
    replacement = replacementOf(path);
  } catch (error) {
    return notWritten(path, error);
  }
  try {
    const read = readUsers(directory);
    if (!read.ok) return read;
    const changed = change(read.value);
    if ('zh' in changed) return { ok: false, refusal: { code: 'refused', text: changed } };
    replacement.commit(usersText(changed));
    return { ok: true, value: undefined };
  } catch (error) {
    return notWritten(path, error);
  } finally {
    replacement.release();
  }
};
