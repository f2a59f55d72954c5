import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { InfluxSink } from '../settings.ts';

/** A file that the configuration names cannot be used; the message names it, never what is in it. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

const textIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new CredentialError(`${file} (${code})`, { cause: error });
  }
};

const secretOf = (file: string | undefined, inline: string | undefined): string | undefined => {
  if (file === undefined) return inline;
  const secret = textIn(file).trim();
  if (secret === '') throw new CredentialError(`${file} (empty)`);
  return secret;
};

/** RFC 9110 section 5.5: what may stand in a header. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

const tokenHeader = (token: string, where: string): string => {
  if (!HEADER_VALUE.test(token)) throw new CredentialError(`${where} (not a token: characters that no header takes)`);
  return `Token ${token}`;
};

/**
 * The Authorization header; undefined where the configuration has none. Files are read anew at every call, so that a
 * changed password is taken up without a restart. InfluxDB 1 takes a user name and password as Basic only (RFC 7617).
 * @throws CredentialError
 */
export const authorizationOf = (sink: InfluxSink): string | undefined => {
  if (sink.version === 2) {
    const token = secretOf(sink.tokenFile, sink.token);
    return token === undefined ? undefined : tokenHeader(token, sink.tokenFile ?? 'token');
  }
  const { username, passwordFile, password } = sink;
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${secretOf(passwordFile, password) ?? ''}`).toString('base64')}`;
};

/**
 * The certificate authority to trust instead of those of the system, PEM.
 * @throws CredentialError
 */
export const authorityOf = ({ caFile }: InfluxSink): string | undefined => {
  if (caFile === undefined) return undefined;
  const pem = textIn(caFile);
  try {
    // Node passes over an authority that it cannot read, and then trusts nobody.
    new X509Certificate(pem);
  } catch (error) {
    throw new CredentialError(`${caFile} (no certificate in PEM)`, { cause: error });
  }
  return pem;
};
