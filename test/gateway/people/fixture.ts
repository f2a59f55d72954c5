import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Role } from '../../../gateway/api/contract.ts';
import type { Clock } from '../../../gateway/broker/clock.ts';
import { createLog, type Log } from '../../../gateway/log.ts';
import { storePassword } from '../../../gateway/people/password.ts';
import { USERS_FILE, type User, usersText } from '../../../gateway/people/users-file.ts';

/** A data directory that ends with the test. */
export const folder = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-people-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};

export const PASSWORD = 'several unrelated words';

const stored = await storePassword(PASSWORD);

/** A user whose password is `PASSWORD`. */
export const user = (name: string, role: Role = 'guard', changedAt = '2026-01-01T00:00:00.000Z'): User => ({
  name,
  role,
  password: stored,
  changedAt,
});

export const writeUsers = (directory: string, users: readonly User[]): void =>
  writeFileSync(join(directory, USERS_FILE), usersText(users), { mode: 0o600 });

/** A log whose lines can be read. */
export const listeningLog = (): { readonly log: Log; readonly lines: string[] } => {
  const lines: string[] = [];
  return { log: createLog({ write: (line) => void lines.push(line) }), lines };
};

/** A clock that goes when it is told to; tasks run when their time has come. */
export const handClock = (): Clock & { pass(ms: number): void } => {
  let nowMs = 0;
  const tasks = new Set<{ readonly atMs: number; run(): void }>();
  return {
    now: () => nowMs,
    soon: (task) => void setImmediate(task),
    after: (ms, run) => {
      const task = { atMs: nowMs + ms, run };
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    pass: (ms) => {
      nowMs += ms;
      for (const task of [...tasks].filter(({ atMs }) => atMs <= nowMs)) {
        tasks.delete(task);
        task.run();
      }
    },
  };
};
