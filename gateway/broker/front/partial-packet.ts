/** Keeps at most one packet that has not fully arrived. Grows by doubling: many tiny pieces cost linear time. */
export class PartialPacket {
  #bytes: Buffer = EMPTY;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  append(from: Buffer, start: number, end: number): void {
    const wanted = this.#length + end - start;
    if (wanted > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(64, wanted, this.#length * 2));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    from.copy(this.#bytes, this.#length, start, end);
    this.#length = wanted;
  }

  /** Gives the kept bytes away. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.clear();
    return taken;
  }

  clear(): void {
    this.#bytes = EMPTY;
    this.#length = 0;
  }
}

const EMPTY = Buffer.alloc(0);
