import { X509Certificate } from 'node:crypto';
import { type Host, hostOf } from './hosts.ts';

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

/** Names and addresses that it is for. Node writes them as `DNS:box.local, IP Address:10.0.0.5`. */
export const hostsIn = ({ subjectAltName }: X509Certificate): readonly Host[] =>
  (subjectAltName ?? '').split(', ').flatMap((entry) => hostOf(entry.replace(/^(?:DNS|IP Address):/, '')) ?? []);
