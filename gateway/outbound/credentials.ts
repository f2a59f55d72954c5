import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

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

/**
 * A secret, from its file or as it stands in the configuration; undefined where there is neither.
 * @throws CredentialError
 */
export const secretOf = (file: string | undefined, inline: string | undefined): string | undefined => {
  if (file === undefined) return inline;
  const secret = textIn(file).trim();
  if (secret === '') throw new CredentialError(`${file} (empty)`);
  return secret;
};

/** RFC 9110 section 5.5: what may stand in a header. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/**
 * An Authorization header of a token.
 * @throws CredentialError
 */
export const tokenHeader = (scheme: 'Bearer' | 'Token', token: string, where: string): string => {
  if (!HEADER_VALUE.test(token)) throw new CredentialError(`${where} (not a token: characters that no header takes)`);
  return `${scheme} ${token}`;
};

/** RFC 7617; the password alone is worth hiding, and so is this. */
export const basicHeader = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/**
 * The certificate authority to trust instead of those of the system, PEM.
 * @throws CredentialError
 */
export const authorityOf = (caFile: string | undefined): string | undefined => {
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
