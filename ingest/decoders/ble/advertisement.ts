/** One AD structure (Core Specification Supplement, part A): a type and its bytes. */
export interface AdStructure {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Extended advertising reaches 1,650 bytes (Core Specification vol 6, part B, section 2.3.4.9). */
const MAX_BYTES = 1650;

/** Manufacturer specific data, Core Specification Supplement, part A, section 1.4. */
const MANUFACTURER = 0xff;

/**
 * The AD structures of advertising data, or undefined where a length reaches beyond the end.
 * A length of zero ends the data early (Core Specification vol 3, part C, section 11).
 */
export const parseAdvertisement = (advertisement: Uint8Array): readonly AdStructure[] | undefined => {
  if (advertisement.length > MAX_BYTES) return undefined;
  const structures: AdStructure[] = [];
  let at = 0;
  while (at < advertisement.length) {
    const length = advertisement[at] ?? 0;
    if (length === 0) return structures;
    const end = at + 1 + length;
    if (end > advertisement.length) return undefined;
    structures.push({ type: advertisement[at + 1] ?? 0, bytes: advertisement.subarray(at + 2, end) });
    at = end;
  }
  return structures;
};

/** What follows the company identifier (little endian) in the manufacturer data of this company. */
export const manufacturerData = (structures: readonly AdStructure[], companyId: number): Uint8Array | undefined => {
  for (const { type, bytes } of structures) {
    if (type !== MANUFACTURER || bytes.length < 2) continue;
    if (((bytes[1] ?? 0) << 8) + (bytes[0] ?? 0) === companyId) return bytes.subarray(2);
  }
  return undefined;
};
