import { createDecipheriv } from 'node:crypto';
import { macByte } from '../mac.ts';

const MAC_BYTES = 6;
const COUNTER_BYTES = 4;
const MIC_BYTES = 4;

/** Counter and MIC, and at least one byte between them and the device information. */
export const ENCRYPTED_BYTES_MIN = 1 + COUNTER_BYTES + MIC_BYTES;

const unsigned32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;

/** Of an encrypted payload that ends at `to`: its counter, little endian. */
export const counterOf = (bytes: Uint8Array, to: number): number => unsigned32(bytes, to - MIC_BYTES - COUNTER_BYTES);

/** Its message integrity code, as a number. */
export const micOf = (bytes: Uint8Array, to: number): number => unsigned32(bytes, to - MIC_BYTES);

/** MAC address, UUID 0xFCD2 little endian, device information, counter: bthome.io/encryption. */
const nonceOf = (mac: string, info: number, bytes: Uint8Array, to: number): Uint8Array => {
  const nonce = new Uint8Array(MAC_BYTES + 3 + COUNTER_BYTES);
  for (let index = 0; index < MAC_BYTES; index += 1) nonce[index] = macByte(mac, index);
  nonce[6] = 0xd2;
  nonce[7] = 0xfc;
  nonce[8] = info;
  nonce.set(bytes.subarray(to - MIC_BYTES - COUNTER_BYTES, to - MIC_BYTES), 9);
  return nonce;
};

/**
 * The objects of an encrypted payload (AES-128-CCM), or undefined where the key is another one or a bit was changed.
 * @param from first byte behind the device information
 * @param to behind the MIC
 */
export const decryptBthome = (
  key: Uint8Array,
  mac: string,
  info: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): Uint8Array | undefined => {
  try {
    const nonce = nonceOf(mac, info, bytes, to);
    const decipher = createDecipheriv('aes-128-ccm', key, nonce, { authTagLength: MIC_BYTES });
    decipher.setAuthTag(bytes.subarray(to - MIC_BYTES, to));
    const plain = decipher.update(bytes.subarray(from, to - MIC_BYTES - COUNTER_BYTES));
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
};
