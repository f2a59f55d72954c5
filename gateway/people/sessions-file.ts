import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { makeDirectoryOf } from '../private-file.ts';
import { type KeptSession, SESSIONS_MAX } from './sessions.ts';

const SESSIONS_FILE = 'sessions.json';
const OWNER_ONLY = 0o600;

const fileSchema = z.object({
  version: z.literal(1),
  sessions: z
    .array(
      z.strictObject({
        hash: z.string().length(43),
        user: z.string().max(128),
        stamp: z.string().length(43),
        startedMs: z.number(),
        seenMs: z.number(),
      }),
    )
    .max(SESSIONS_MAX),
});

/** Keeps sessions over a restart: nobody on duty has to log in again because the gateway was started anew. */
export interface SessionsFile {
  load(): Promise<readonly KeptSession[]>;
  /** Writes what `list` then says: at once, or after the write that is under way, however often it is called. */
  save(list: () => readonly KeptSession[]): void;
  /** When all has been written. */
  idle(): Promise<void>;
}

export const sessionsFile = (directory: string, log: Log): SessionsFile => {
  const path = join(directory, SESSIONS_FILE);
  let writing: Promise<void> | undefined;
  let next: (() => readonly KeptSession[]) | undefined;
  const write = async (): Promise<void> => {
    makeDirectoryOf(path);
    // Without fsync: after a power failure people log in again, which is worth no wait for the disk.
    for (let list = next; list !== undefined; list = next) {
      next = undefined;
      const temporary = `${path}.new`;
      await writeFile(temporary, JSON.stringify({ version: 1, sessions: list() }), { mode: OWNER_ONLY });
      await rename(temporary, path);
    }
  };
  return {
    load: async () => {
      try {
        return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).sessions;
      } catch (error) {
        const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isAbsent) log.warn({ path, error }, 'sessions of the run before are not usable: everybody logs in again');
        return [];
      }
    },
    save: (list) => {
      next = list;
      if (writing !== undefined) return;
      writing = write()
        .catch((error: unknown) => log.warn({ path, error }, 'sessions not kept: after a restart people log in again'))
        .finally(() => {
          writing = undefined;
        });
    },
    idle: async () => {
      while (writing !== undefined) await writing;
    },
  };
};
