import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Files {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A self-signed certificate for localhost, made on the spot. */
export const certificate = (directory: string, name: string): Files => {
  const certFile = join(directory, `${name}.crt`);
  const keyFile = join(directory, `${name}.key`);
  const wanted = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name}`;
  const names = '-addext subjectAltName=DNS:localhost,IP:127.0.0.1';
  const { status, stderr } = spawnSync('openssl', [
    ...`${wanted} ${names}`.split(' '),
    '-out',
    certFile,
    '-keyout',
    keyFile,
  ]);
  if (status !== 0) throw new Error(String(stderr));
  return { certFile, keyFile };
};

/** A directory that ends with the test. */
export const folder = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};
