import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PACKAGE_ROOT } from '../../version.ts';

/** One file of the console, ready to be sent. */
export interface ConsoleFile {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Undefined: not smaller that way. */
  readonly gzipped: Buffer | undefined;
  readonly etag: string;
  /** Its name holds a hash of what is in it. */
  readonly immutable: boolean;
}

/** By path, as it stands in a URL: `/index.html`, `/assets/index-4f3a91bc.js`. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const FILES_MAX = 500;
const BYTES_MAX = 16_777_216;

/** Vite names what it builds `assets/<name>-<hash>.<type>`. */
const HASHED = /^\/assets\/[^/]+-[\w-]{8,}\.\w+$/;

const fileOf = (path: string, bytes: Buffer, mediaType: string): ConsoleFile => {
  const gzipped = gzipSync(bytes, { level: 9 });
  return {
    mediaType,
    bytes,
    gzipped: gzipped.length < bytes.length ? gzipped : undefined,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    immutable: HASHED.test(path),
  };
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const namesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

/**
 * Reads and packs the built console once, at start: a page that people need in an emergency then waits for no disk, and
 * a path in a URL is a key and never a path on the disk. Empty where it was not built. Files of other types, maps of
 * sources among them, stay out. Throws where the folder is no console: too many or too large files.
 */
export const readConsole = (directory: string): ConsoleFiles => {
  const files = new Map<string, ConsoleFile>();
  let bytesLeft = BYTES_MAX;
  for (const name of namesIn(directory)) {
    const mediaType = TYPES[extname(name)];
    if (mediaType === undefined) continue;
    const bytes = readFileSync(name);
    bytesLeft -= bytes.length;
    if (bytesLeft < 0 || files.size >= FILES_MAX) throw new Error(`${directory}: too large for a console`);
    const path = `/${relative(directory, name).split(sep).join('/')}`;
    files.set(path, fileOf(path, bytes, mediaType));
  }
  return files;
};

/** Where the build puts the console, also when the gateway runs from its sources. */
export const consoleDirectory = (): string => join(PACKAGE_ROOT, 'dist', 'console');
