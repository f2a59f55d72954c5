/** Whole numbers that fit an f64 exactly and stay so when doubled for the sign. */
export const WHOLE_MAX = 2 ** 51;

const TWO_31 = 2 ** 31;

/** Writes whole numbers in 7-bit groups, least significant first; small ones take a byte. */
export class VarintWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  reset(): void {
    this.#length = 0;
  }

  /** Valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param value whole, 0 to 2^53 - 1 */
  unsigned(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    let rest = value;
    while (rest >= TWO_31) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** The sign in the lowest bit. @param value whole, within ±WHOLE_MAX * 2 */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what VarintWriter wrote; past the end it reads zeros, and `left` says so. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** How many bytes are left; negative past the end. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  unsigned(): number {
    const first = this.#bytes[this.#at++] ?? 0;
    return first < 0x80 ? first : this.#long(first & 0x7f);
  }

  signed(): number {
    const value = this.unsigned();
    if (value < TWO_31) return (value >>> 1) ^ -(value & 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #long(low: number): number {
    let value = low;
    let scale = 128;
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
}
