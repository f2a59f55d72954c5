import { X509Certificate } from 'node:crypto';

/** The first certificate of a PEM text; undefined where there is none. */
export const certificateOf = (pem: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
};

/** Unix milliseconds. */
export const expiresAtMs = ({ validTo }: X509Certificate): number => Date.parse(validTo);

/** Names and addresses that it is for, as node writes them: `DNS:box.local, IP Address:10.0.0.5`. */
export const namesOf = ({ subjectAltName }: X509Certificate): readonly string[] =>
  (subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, name] = /^(?:DNS|IP Address):(.+)$/.exec(entry) ?? [];
    return name === undefined ? [] : [name];
  });
