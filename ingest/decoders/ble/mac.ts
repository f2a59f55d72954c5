const MAC = /^[0-9A-F]{12}$/;

/** A MAC address as `AA:BB:CC:DD:EE:FF`, from any usual spelling; undefined for anything else. */
export const canonicalMac = (text: string): string | undefined => {
  if (text.length > 17) return undefined;
  const digits = text.replaceAll(/[:-]/g, '').toUpperCase();
  return MAC.test(digits) ? (digits.match(/../g)?.join(':') ?? undefined) : undefined;
};

export const macOfBytes = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
