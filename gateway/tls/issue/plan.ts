import { createPrivateKey, type X509Certificate } from 'node:crypto';
import type { Text } from '../../../rules/rule.ts';
import { expiresAtMs } from '../certificate.ts';
import type { Host } from '../hosts.ts';
import type { Issued } from './certificates.ts';
import { isPermitted, type Permitted } from './name-constraints.ts';

/** What is there already. */
export interface Kept {
  readonly authority?: {
    readonly certificate: X509Certificate;
    readonly pem: string;
    /** PEM; absent: it was taken off the box. */
    readonly key?: string;
    /** Absent: it may vouch for anything. */
    readonly permitted?: Permitted;
  };
  readonly server?: X509Certificate;
}

/** What is asked for. */
export interface Wanted {
  readonly hosts: readonly Host[];
  /** Replace what is still good. */
  readonly force: boolean;
  /** A new authority too, which every phone has to learn to trust again. */
  readonly newAuthority: boolean;
  readonly nowMs: number;
}

/** A new authority and a server certificate by it, or one by the authority that is there. */
export type Plan =
  | { readonly make: 'authority' }
  | { readonly make: 'server'; readonly by: Issued }
  | { readonly refusal: Text };

/** So long before its end a server certificate is made anew without being told to. */
export const RENEW_BEFORE_MS = 30 * 86_400_000;

const refusal = (zh: string, en: string): Plan => ({ refusal: { zh, en } });

const again = (why: Text): Plan =>
  refusal(
    `${why.zh}。需要新的 CA：加上 --force --new-ca，然后每部手机都要重新信任`,
    `${why.en}. It takes a new authority: add --force --new-ca; every phone then has to trust it anew`,
  );

const keyFits = (certificate: X509Certificate, key: string): boolean => {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
};

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Who signs: the authority with its key; or why it cannot. */
const signerOf = (authority: NonNullable<Kept['authority']>, { hosts, nowMs }: Wanted): Issued | Text => {
  const { certificate, pem, key, permitted } = authority;
  const ends = day(expiresAtMs(certificate));
  if (expiresAtMs(certificate) <= nowMs) return { zh: `CA 已于 ${ends} 过期`, en: `the authority expired on ${ends}` };
  if (key === undefined) {
    return { zh: 'CA 的私钥 ca.key 不在', en: 'the private key of the authority, ca.key, is not there' };
  }
  if (!keyFits(certificate, key)) return { zh: 'ca.key 与 ca.crt 不配', en: 'ca.key does not belong to ca.crt' };
  const beyond = permitted === undefined ? [] : hosts.filter((host) => !isPermitted(permitted, host));
  if (beyond.length === 0) return { certificate: pem, key };
  const names = beyond.map(({ value }) => value).join(', ');
  return { zh: `CA 不能为 ${names} 作保`, en: `the authority may not vouch for ${names}` };
};

/** What is to be made; or why nothing is. Nothing that is still good is replaced unasked. */
export const planOf = ({ authority, server }: Kept, wanted: Wanted): Plan => {
  const { force, newAuthority, nowMs } = wanted;
  if (newAuthority && authority !== undefined && !force) {
    return refusal(
      '已有 CA：更换它须加 --force，然后每部手机都要重新信任',
      'there is an authority: to replace it add --force; every phone then has to trust the new one',
    );
  }
  const isGood = server !== undefined && expiresAtMs(server) - RENEW_BEFORE_MS > nowMs;
  if (isGood && !force) {
    const ends = day(expiresAtMs(server));
    return refusal(
      `证书有效期至 ${ends}，未改动；要重新生成（例如地址变了）请加 --force`,
      `the certificate is good until ${ends}, and nothing was changed; to make a new one (another address, say) add --force`,
    );
  }
  if (authority === undefined || newAuthority) return { make: 'authority' };
  const by = signerOf(authority, wanted);
  return 'zh' in by ? again(by) : { make: 'server', by };
};
