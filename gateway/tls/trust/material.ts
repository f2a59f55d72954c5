import { certificateOf, expiresAtMs, hostsIn } from '../certificate.ts';
import { textOf, type VenueFiles } from '../venue-files.ts';

/** What phones need to trust the gateway. */
export interface TrustMaterial {
  /** Certificate of the venue's authority. */
  readonly pem: string;
  readonly der: Buffer;
  /** SHA-256 of the DER, as phones show it: `AB:CD:…` */
  readonly fingerprint: string;
  readonly expiresAtMs: number;
  /** Names and addresses that the server's certificate is for, the best to tell people first. */
  readonly hosts: readonly string[];
}

/**
 * The venue's authority and what it vouches for, from the files that `muster tls init` made; undefined where there are
 * none, or where the certificate that is served is not by this authority: then there is nothing to trust on a phone.
 */
export const trustMaterial = ({ caCert }: VenueFiles, servedCertFile: string): TrustMaterial | undefined => {
  const pem = textOf(caCert);
  const served = textOf(servedCertFile);
  const authority = pem === undefined ? undefined : certificateOf(pem);
  const server = served === undefined ? undefined : certificateOf(served);
  if (pem === undefined || authority === undefined || server === undefined) return undefined;
  if (!server.checkIssued(authority) || !server.verify(authority.publicKey)) return undefined;
  return {
    pem,
    der: authority.raw,
    fingerprint: authority.fingerprint256,
    expiresAtMs: expiresAtMs(authority),
    hosts: hostsIn(server).map(({ value }) => value),
  };
};
