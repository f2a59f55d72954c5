const CHARACTERS = 17;
const COLON = 0x3a;

/** True for `AA:BB:CC:DD:EE:FF`, the one spelling in which MAC addresses are compared. */
export const isCanonicalMac = (text: string): boolean => {
  if (text.length !== CHARACTERS) return false;
  for (let at = 0; at < CHARACTERS; at += 1) {
    const code = text.charCodeAt(at);
    const fits = at % 3 === 2 ? code === COLON : (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46);
    if (!fits) return false;
  }
  return true;
};

const DASH = 0x2d;
const DIGITS = 12;

/** One for all: nothing of it outlives a call. */
const spelled = Buffer.alloc(CHARACTERS, ':');

/** Upper-case code of a hexadecimal digit, or 0. */
const upperDigit = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code;
  const upper = code & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper : 0;
};

/** A MAC address as `AA:BB:CC:DD:EE:FF`, from any usual spelling; undefined for anything else. */
export const canonicalMac = (text: string): string | undefined => {
  if (isCanonicalMac(text)) return text;
  if (text.length < DIGITS || text.length > CHARACTERS) return undefined;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COLON || code === DASH) continue;
    const upper = upperDigit(code);
    if (upper === 0 || digits === DIGITS) return undefined;
    spelled[digits + (digits >> 1)] = upper;
    digits += 1;
  }
  return digits === DIGITS ? spelled.toString('latin1') : undefined;
};

const digit = (code: number): number => (code <= 0x39 ? code - 0x30 : code - 0x37);

/** Byte `index` of a MAC address in canonical spelling, from 0 at its left. */
export const macByte = (mac: string, index: number): number =>
  (digit(mac.charCodeAt(3 * index)) << 4) | digit(mac.charCodeAt(3 * index + 1));

/** Bytes of a hexadecimal text, or undefined. Node stops at the first character that is no digit. */
export const bytesOfHex = (text: string): Uint8Array | undefined => {
  const bytes = Buffer.from(text, 'hex');
  return bytes.length > 0 && bytes.length * 2 === text.length ? bytes : undefined;
};
