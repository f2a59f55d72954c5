import { createHash } from 'node:crypto';
import type { TrustMaterial } from './material.ts';

/** A UUID that is always the same for the same certificate, so that iOS replaces a profile instead of adding one. */
const uuidOf = (der: Buffer, part: string): string => {
  const bytes = createHash('sha256').update(der).update(part).digest().subarray(0, 16);
  // RFC 9562 section 5.8: version 8, for identifiers of one's own making; variant 10.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    .toUpperCase();
};

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A configuration profile for iOS (Apple, Configuration Profile Reference: payload com.apple.security.root). */
export const mobileconfig = ({ der }: TrustMaterial, venueName: string): string => {
  const name = escapeXml(`Muster: ${venueName}`);
  const common = (type: string, part: string): string => `<key>PayloadType</key><string>${type}</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>muster.venue-ca.${part}.${uuidOf(der, 'venue')}</string>
<key>PayloadUUID</key><string>${uuidOf(der, part)}</string>
<key>PayloadDisplayName</key><string>${name}</string>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
${common('Configuration', 'profile')}
<key>PayloadContent</key><array><dict>
${common('com.apple.security.root', 'certificate')}
<key>PayloadCertificateFileName</key><string>muster-ca.cer</string>
<key>PayloadContent</key><data>${der.toString('base64')}</data>
</dict></array>
</dict></plist>
`;
};
