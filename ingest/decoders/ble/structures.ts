/** The formats that an AD structure is recognised as. */
export type AdvertFormat = 'bthome' | 'minew' | 'eddystone' | 'ruuvi' | 'ibeacon';

/** Extended advertising reaches 1,650 bytes (Core Specification vol 6, part B, section 2.3.4.9). */
const MAX_BYTES = 1650;

/** Core Specification Supplement, part A, sections 1.11 and 1.4. */
const SERVICE_DATA_16 = 0x16;
const MANUFACTURER = 0xff;

const serviceFormat = (uuid: number): AdvertFormat | undefined => {
  if (uuid === 0xfcd2) return 'bthome';
  if (uuid === 0xffe1) return 'minew';
  return uuid === 0xfeaa ? 'eddystone' : undefined;
};

const RUUVI = 0x0499;
const APPLE = 0x004c;

/** Apple's type 2, length 21: its other types are phones, which are of no interest here. */
const isIbeacon = (data: Uint8Array, from: number): boolean => data[from] === 0x02 && data[from + 1] === 0x15;

const manufacturerFormat = (company: number, data: Uint8Array, from: number): AdvertFormat | undefined => {
  if (company === RUUVI) return 'ruuvi';
  return company === APPLE && isIbeacon(data, from) ? 'ibeacon' : undefined;
};

/**
 * Looks through advertising data: AD structures of a length, a type and bytes. One instance serves all adverts; nothing
 * is allocated, as most are strangers' telephones.
 */
export class AdvertScan {
  /** Undefined: nothing in it that we know. */
  format: AdvertFormat | undefined = undefined;
  /** Where the format's own bytes lie, behind the service's UUID or the company's identifier. */
  from = 0;
  to = 0;

  /**
   * False where a length reaches beyond the end. A length of zero ends the data early (Core Specification vol 3, part C,
   * section 11). Of two formats the one that measures wins over the beacon's identity.
   */
  open(data: Uint8Array): boolean {
    this.format = undefined;
    if (data.length > MAX_BYTES) return false;
    let at = 0;
    while (at < data.length) {
      const length = data[at] ?? 0;
      if (length === 0) return true;
      const end = at + 1 + length;
      if (end > data.length) return false;
      if (length >= 3) this.#look(data, at + 1, end);
      at = end;
    }
    return true;
  }

  #look(data: Uint8Array, at: number, end: number): void {
    const type = data[at];
    if (type !== SERVICE_DATA_16 && type !== MANUFACTURER) return;
    const key = ((data[at + 2] ?? 0) << 8) | (data[at + 1] ?? 0);
    const found = type === SERVICE_DATA_16 ? serviceFormat(key) : manufacturerFormat(key, data, at + 3);
    if (found === undefined || (this.format !== undefined && this.format !== 'ibeacon')) return;
    this.format = found;
    this.from = at + 3;
    this.to = end;
  }
}

/** Advertising data of one service data structure and one of manufacturer data, as a gateway that took it apart gives. */
export const joinStructures = (
  serviceUuid: number | undefined,
  service: Uint8Array | undefined,
  manufacturer: Uint8Array | undefined,
): Uint8Array | undefined => {
  const parts: Uint8Array[] = [];
  if (serviceUuid !== undefined && service !== undefined) {
    if (service.length > 252) return undefined;
    parts.push(Uint8Array.of(service.length + 3, SERVICE_DATA_16, serviceUuid & 0xff, serviceUuid >> 8), service);
  }
  if (manufacturer !== undefined) {
    if (manufacturer.length > 254) return undefined;
    parts.push(Uint8Array.of(manufacturer.length + 1, MANUFACTURER), manufacturer);
  }
  return Buffer.concat(parts);
};
