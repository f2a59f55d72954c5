import { StartError } from '../start-error.ts';

/** The data directory was written by a newer version: refused, nothing touched. Exit code 4. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError';
}

/** A question that the store does not answer; for whoever asked. */
export class StoreQueryError extends Error {
  override readonly name = 'StoreQueryError';
  readonly code: 'bad-range' | 'store-stopped' | 'store-failed';

  constructor(code: StoreQueryError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Why the store cannot start, as it crosses from the worker's thread. */
export interface Refusal {
  readonly code: 'newer' | 'cannot-start';
  readonly message: string;
}

export const refusalError = ({ code, message }: Refusal): Error =>
  code === 'newer' ? new StoreNewerError(message) : new StartError(message);

const SQLITE_CODES: readonly (readonly [pattern: RegExp, code: TroubleCode])[] = [
  [/^SQLITE_FULL/, 'disk-full'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt'],
  [/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM|BUSY)/, 'disk-error'],
  [/^ENOSPC|^EDQUOT/, 'disk-full'],
  [/^E[A-Z]+$/, 'disk-error'],
];

/** What can be wrong with a running store. */
export type TroubleCode = 'disk-full' | 'disk-error' | 'corrupt' | 'worker-ended' | 'internal';

/** What an error of SQLite or the system means to the store. */
export const troubleCode = (error: unknown): TroubleCode => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return SQLITE_CODES.find(([pattern]) => pattern.test(code))?.[1] ?? 'internal';
};

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
