/** One element of ASN.1 DER (ITU-T X.690) with a tag of one byte. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

export const SEQUENCE = 0x30;
/** Context tag `[n]`: primitive, as in an implicit string, or constructed. */
export const context = (number: number, constructed = false): number => 0x80 | (constructed ? 0x20 : 0) | number;

/** X.690 section 8.1.3: short form up to 127, else the number of length bytes first. */
const lengthOf = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
};

/** Encodes an element of at most 65,535 bytes. */
export const encoded = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
};

/** Elements that stand one after the other; undefined where the bytes are no such thing. */
export const elementsOf = (bytes: Buffer): readonly Element[] | undefined => {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at];
    const first = bytes[at + 1];
    if (tag === undefined || first === undefined) return undefined;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    if (lengthBytes > 2 || first === 0x80 || start > bytes.length) return undefined;
    const end = start + (lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes));
    if (end > bytes.length) return undefined;
    elements.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return elements;
};
