import type { X509Certificate } from 'node:crypto';
import type { Text } from '../../../rules/rule.ts';
import { OWNER_ONLY, replacementOf } from '../../private-file.ts';
import { certificateOf, expiresAtMs, hostsIn } from '../certificate.ts';
import { type Host, hostsOf, type Machine } from '../hosts.ts';
import { textOf, type VenueFiles } from '../venue-files.ts';
import { extensionOf, type Issued, issueAuthority, issueServer } from './certificates.ts';
import { decodePermitted, NAME_CONSTRAINTS, type Permitted, permittedFor } from './name-constraints.ts';
import { type Kept, planOf } from './plan.ts';

export interface InitOptions {
  readonly files: VenueFiles;
  /** Of the venue: phones show it with the authority. */
  readonly name: string;
  /** Asked for, beside what this machine is called. */
  readonly given: readonly Host[];
  readonly machine: Machine;
  /** How long the server certificate is good. */
  readonly days: number;
  readonly force: boolean;
  readonly newAuthority: boolean;
  readonly nowMs: number;
}

export type InitOutcome =
  | { readonly ok: true; readonly made: 'authority' | 'server'; readonly hosts: readonly Host[] }
  | { readonly ok: false; readonly text: Text };

/** Phones trust it one by one: it outlasts the box. */
const AUTHORITY_DAYS = 3_650;
const DAY_MS = 86_400_000;
const HOSTS_MAX = 100;
const READABLE = 0o644;

type Read = { readonly kept: Kept } | { readonly text: Text };

const damaged = (path: string): Read => ({
  text: {
    zh: `${path} 不是证书，未改动；请移走它`,
    en: `${path} is no certificate, and nothing was changed; move it away`,
  },
});

const orphaned = (path: string): Read => ({
  text: {
    zh: `有 ${path} 而没有 ca.crt，未改动；请找回 ca.crt，或移走它`,
    en: `there is ${path} without ca.crt, and nothing was changed; find ca.crt, or move it away`,
  },
});

const permittedBy = (certificate: string): Permitted | undefined => {
  const value = extensionOf(certificate, NAME_CONSTRAINTS);
  return value === undefined ? undefined : (decodePermitted(value) ?? { dns: [], networks: [] });
};

const authorityOf = (certificate: X509Certificate, pem: string, key?: string): NonNullable<Kept['authority']> => {
  const permitted = permittedBy(pem);
  return {
    certificate,
    pem,
    ...(key === undefined ? {} : { key }),
    ...(permitted === undefined ? {} : { permitted }),
  };
};

const readKept = ({ caCert, caKey, serverCert }: VenueFiles): Read => {
  const [pem, key, serverPem] = [textOf(caCert), textOf(caKey), textOf(serverCert)];
  const server = serverPem === undefined ? undefined : certificateOf(serverPem);
  if (serverPem !== undefined && server === undefined) return damaged(serverCert);
  const rest = server === undefined ? {} : { server };
  if (pem === undefined) return key === undefined ? { kept: rest } : orphaned(caKey);
  const certificate = certificateOf(pem);
  if (certificate === undefined) return damaged(caCert);
  return { kept: { ...rest, authority: authorityOf(certificate, pem, key) } };
};

/** Without a word about it, a new certificate is for what the one before was for. */
const wantedHosts = ({ given, machine }: InitOptions, { server }: Kept): readonly Host[] => {
  const before = given.length > 0 || server === undefined ? [] : hostsIn(server);
  return hostsOf([...given, ...before], machine).slice(0, HOSTS_MAX);
};

const write = (path: string, content: string, mode: number): void => {
  const replacement = replacementOf(path, mode);
  try {
    replacement.commit(content);
  } finally {
    replacement.release();
  }
};

const writeIssued = ({ certificate, key }: Issued, certPath: string, keyPath: string): void => {
  write(keyPath, key, OWNER_ONLY);
  write(certPath, certificate, READABLE);
};

/** The day is for people who have to tell an old one from a new one on their phone. */
const authorityName = (venue: string, nowMs: number): string =>
  `Muster CA ${new Date(nowMs).toISOString().slice(0, 10)} ${venue}`;

/** `days`, but never beyond the end of the authority. */
const daysWithin = (days: number, authority: string, nowMs: number): number => {
  const certificate = certificateOf(authority);
  return certificate === undefined ? days : Math.min(days, (expiresAtMs(certificate) - nowMs) / DAY_MS);
};

/**
 * `muster tls init`: an authority of the venue where there is none, and a certificate by it for this machine. What is
 * still good is never overwritten unasked. Throws where a file cannot be read or written.
 */
export const initTls = async (options: InitOptions): Promise<InitOutcome> => {
  const { files, name, days, nowMs } = options;
  const read = readKept(files);
  if ('text' in read) return { ok: false, text: read.text };
  const hosts = wantedHosts(options, read.kept);
  const plan = planOf(read.kept, { ...options, hosts });
  if ('refusal' in plan) return { ok: false, text: plan.refusal };
  const authority =
    plan.make === 'server'
      ? plan.by
      : await issueAuthority(authorityName(name, nowMs), permittedFor(hosts), { nowMs, days: AUTHORITY_DAYS });
  const server = await issueServer(authority, hosts, { nowMs, days: daysWithin(days, authority.certificate, nowMs) });
  if (plan.make === 'authority') writeIssued(authority, files.caCert, files.caKey);
  writeIssued(server, files.serverCert, files.serverKey);
  return { ok: true, made: plan.make, hosts };
};
