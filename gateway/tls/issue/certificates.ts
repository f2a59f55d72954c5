import './reflect.ts';
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Host } from '../hosts.ts';
import { encodePermitted, NAME_CONSTRAINTS, type Permitted } from './name-constraints.ts';

/** A certificate and its private key (PKCS #8), PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

interface Validity {
  readonly nowMs: number;
  readonly days: number;
}

/** ECDSA with P-256 and SHA-256: what every phone of the last ten years takes, and quick to check. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const DAY_MS = 86_400_000;
/** Clocks of phones and boxes differ: a certificate is already valid for those that are behind. */
const BACKDATED_MS = DAY_MS;
/** ub-common-name of RFC 5280 appendix A.1, in characters. */
const COMMON_NAME_MAX = 64;
/** No host: OpenSSL would hold a name that looks like one against the constraints, though it is not asked for by it. */
const SERVER_NAME = 'Muster gateway';

const nameOf = (commonName: string): Name =>
  new Name([
    { O: [{ utf8String: 'Muster' }] },
    { CN: [{ utf8String: [...commonName].slice(0, COMMON_NAME_MAX).join('') }] },
  ]);

/** RFC 5280 section 4.1.2.2: positive, unique per authority, at most 20 octets. */
const serialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
};

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const pemOf = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();

const datesOf = ({ nowMs, days }: Validity) => ({
  notBefore: new Date(nowMs - BACKDATED_MS),
  notAfter: new Date(nowMs + days * DAY_MS),
});

/** A new authority of a venue: path length 0, so that it signs servers and no further authorities. */
export const issueAuthority = async (name: string, permitted: Permitted, validity: Validity): Promise<Issued> => {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: nameOf(name),
    ...datesOf(validity),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      new Extension(NAME_CONSTRAINTS, true, Uint8Array.from(encodePermitted(permitted))),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: pemOf(keys.privateKey) };
};

/** A certificate of a server for these hosts, signed by the authority. */
export const issueServer = async (authority: Issued, hosts: readonly Host[], validity: Validity): Promise<Issued> => {
  const issuer = new X509Certificate(authority.certificate);
  const keys = await newKeys();
  const pkcs8 = createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'der' });
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: nameOf(SERVER_NAME),
    issuer: issuer.subjectName,
    ...datesOf(validity),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hosts.map(({ kind, value }) => ({ type: kind, value }))),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: pemOf(keys.privateKey) };
};

/** Value of an extension of a certificate in PEM, DER; undefined where it has none. */
export const extensionOf = (certificate: string, id: string): Buffer | undefined => {
  const value = new X509Certificate(certificate).getExtension(id)?.value;
  return value === undefined ? undefined : Buffer.from(value);
};
