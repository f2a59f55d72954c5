import { readFileSync } from 'node:fs';
import tls from 'node:tls';

/** PEM files of a server. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Default TLSv1.2; 1.3 is always offered. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

/** Throws where a file cannot be read. */
export const secureOptions = (files: TlsFiles) => ({
  cert: readFileSync(files.certFile),
  key: readFileSync(files.keyFile),
  minVersion: files.minVersion ?? ('TLSv1.2' as const),
});

/** Throws where certificate and key are unreadable or do not belong together, before a server is touched. */
export const checkedOptions = (files: TlsFiles) => {
  const secure = secureOptions(files);
  tls.createSecureContext(secure);
  return secure;
};
