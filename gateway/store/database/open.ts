import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, type Refusal, troubleCode } from '../errors.ts';
import { type Connection, connect } from './connection.ts';
import { MIGRATIONS, migrate, SCHEMA_VERSION, schemaVersion } from './schema.ts';

export const DATABASE_FILE = 'store.db';

export interface OpenDatabaseOptions {
  readonly directory: string;
  /** For the name of a file that is set aside, Unix milliseconds. */
  readonly nowMs: number;
  /** The file has proven damaged while it was in use. */
  readonly isSuspect: boolean;
}

export interface OpenedDatabase {
  readonly connection: Connection;
  /** The schema version found; 0: a new file. */
  readonly foundVersion: number;
  /** Where a damaged file was moved to. */
  readonly setAside?: string;
  readonly damage?: string;
}

/** Larger files are not read through at every start; damage in them is found when it is met. */
const CHECKED_BYTES_MAX = 64 * 1024 * 1024;

const PAGE_BYTES = 8192;
const WAL_BYTES_KEPT = 16 * 1024 * 1024;

/** Offset of user_version in the file's header (sqlite.org/fileformat.html, 1.3). */
const USER_VERSION_AT = 60;

/** The schema version in the file's header, read without opening it as a database: opening could write. */
const versionInHeader = (path: string): number => {
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, 100, 0) < 100) return 0;
  } finally {
    closeSync(file);
  }
  return header.toString('latin1', 0, 15) === 'SQLite format 3' ? header.readUInt32BE(USER_VERSION_AT) : 0;
};

const newer = (version: number): Refusal => ({
  code: 'newer',
  message: `the store is of version ${version}, this program knows ${SCHEMA_VERSION}: use the newer program, or another data directory. Nothing was touched`,
});

/** Why it cannot be used as it is; undefined: it can. */
const damageOf = (connection: Connection, path: string): string | undefined => {
  if (statSync(path).size > CHECKED_BYTES_MAX) return undefined;
  const said = connection.pragma('quick_check(1)');
  return said === 'ok' ? undefined : String(said);
};

const prepare = (path: string): Connection => {
  const connection = connect(path);
  try {
    // These two only matter to a new file.
    connection.pragma(`page_size=${PAGE_BYTES}`);
    connection.pragma('auto_vacuum=INCREMENTAL');
    connection.pragma('journal_mode=WAL');
    connection.pragma('cache_size=-16000');
    // What a burst has made of the log file is given back.
    connection.pragma(`journal_size_limit=${WAL_BYTES_KEPT}`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};

const moveAside = (path: string, nowMs: number): string => {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  const target = `${path}.damaged-${stamp}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
};

const openSound = (path: string): { readonly connection: Connection; readonly foundVersion: number } | string => {
  let connection: Connection | undefined;
  try {
    connection = prepare(path);
    const damage = damageOf(connection, path);
    if (damage !== undefined) {
      connection.close();
      return damage;
    }
    return { connection, foundVersion: schemaVersion(connection) };
  } catch (error) {
    connection?.close();
    if (troubleCode(error) === 'corrupt') return messageOf(error);
    throw error;
  }
};

/**
 * Opens the store's database, in WAL mode, at this program's schema version. A damaged file is set aside under a new
 * name and a new one begun; one of a newer version is refused untouched.
 */
export const openDatabase = ({ directory, nowMs, isSuspect }: OpenDatabaseOptions): OpenedDatabase | Refusal => {
  const path = join(directory, DATABASE_FILE);
  const headerVersion = existsSync(path) ? versionInHeader(path) : 0;
  if (headerVersion > SCHEMA_VERSION) return newer(headerVersion);
  let opened = isSuspect ? 'it was damaged while in use' : openSound(path);
  let aside: { setAside: string; damage: string } | undefined;
  if (typeof opened === 'string') {
    aside = { setAside: moveAside(path, nowMs), damage: opened };
    opened = openSound(path);
    if (typeof opened === 'string') return { code: 'cannot-start', message: `the store's new file: ${opened}` };
  }
  const { connection, foundVersion } = opened;
  if (foundVersion > SCHEMA_VERSION) {
    connection.close();
    return newer(foundVersion);
  }
  migrate(connection, MIGRATIONS);
  return { connection, foundVersion, ...aside };
};
