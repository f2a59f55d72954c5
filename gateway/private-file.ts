import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export const OWNER_ONLY = 0o600;
const DIRECTORY_OWNER_ONLY = 0o700;

const syncDirectory = (directory: string): void => {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/** Makes the directory of a file, for its owner alone where it does not exist yet. */
export const makeDirectoryOf = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_OWNER_ONLY });
};

/** Whose a file is, and what others may do with it. */
interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

const PERMISSIONS = 0o7777;

/** As the file that it replaces: whoever could read that one can read this one. */
const giveTo = (fd: number, { uid, gid, mode }: Ownership): void => {
  const made = fstatSync(fd);
  if (made.uid !== uid || made.gid !== gid) fchownSync(fd, uid, gid);
  fchmodSync(fd, mode & PERMISSIONS);
};

/** A file about to be replaced; nobody else can replace it meanwhile. */
export interface Replacement {
  /** Puts the content in place in one step: a reader, or a power failure, meets the old or the new file. */
  commit(content: string | Uint8Array): void;
  /** To be called in any case; without a commit before, nothing has changed. */
  release(): void;
}

/**
 * Throws EEXIST while another holds it: the temporary file beside the path is opened exclusively. `like`: whose it
 * will be; absent, its maker's.
 */
export const replacementOf = (path: string, mode = OWNER_ONLY, like?: Ownership): Replacement => {
  makeDirectoryOf(path);
  const temporary = `${path}.new`;
  const fd = openSync(temporary, 'wx', mode);
  let isInPlace = false;
  return {
    commit: (content) => {
      const bytes = Buffer.from(content);
      if (like !== undefined) giveTo(fd, like);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
      renameSync(temporary, path);
      isInPlace = true;
      syncDirectory(dirname(path));
    },
    release: () => {
      closeSync(fd);
      if (!isInPlace) rmSync(temporary, { force: true });
    },
  };
};
