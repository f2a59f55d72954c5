import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../../start-error.ts';
import { messageOf, troubleCode } from '../errors.ts';
import { type Connection, connect } from './connection.ts';

const LOCK_FILE = 'store.lock';

const NEVER_WAIT = 0;

const refused = (directory: string, error: unknown): StartError => {
  const isBusy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
  if (isBusy) return new StartError(`the data directory ${directory} is in use by another gateway`, { cause: error });
  const why = troubleCode(error) === 'disk-full' ? 'the disk is full' : messageOf(error);
  return new StartError(`cannot use the data directory ${directory}: ${why}`, { cause: error });
};

/**
 * Takes a data directory for this process, making it where it is missing; answers how to give it back. SQLite's own
 * lock on a file of its own: it ends with the process, however that ends.
 * @throws StartError
 */
export const lockDirectory = (directory: string): (() => void) => {
  let connection: Connection | undefined;
  try {
    // What guests' badges said is nobody's business on the box but the gateway's.
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    connection = connect(join(directory, LOCK_FILE), NEVER_WAIT);
    connection.exec('BEGIN EXCLUSIVE');
    return connection.close;
  } catch (error) {
    connection?.close();
    throw refused(directory, error);
  }
};
