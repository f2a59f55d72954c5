import { randomInt } from 'node:crypto';

/** Entries for which room is made at first. */
const FIRST_SIZE = 256;

const FNV_PRIME = 0x01000193;

/**
 * Numbers short runs of bytes, so that a word in a message is known without making a string of it. An open hash table
 * (FNV-1a from a random start, so that nobody can make words collide on purpose) over one piece of memory that holds
 * all words side by side: a look-up touches two cache lines.
 */
export class ByteTable {
  readonly #seed = randomInt(2 ** 31);
  readonly #stride: number;
  /** For each word its length, then its bytes. */
  #words: Uint8Array;
  /** Number + 1; 0: free. At most half of it is taken. */
  #slots = new Int32Array(2 * FIRST_SIZE);
  #size = 0;

  /** @param maxBytes longest word that the table takes, below 256 */
  constructor(maxBytes: number) {
    this.#stride = maxBytes + 1;
    this.#words = new Uint8Array(FIRST_SIZE * this.#stride);
  }

  get size(): number {
    return this.#size;
  }

  /** The word's number, from 0 in order of adding; -1: not there. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length >= this.#stride) return -1;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = this.#hash(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] ?? 0) - 1;
      if (number < 0 || this.#isAt(number, bytes, from, length)) return number;
    }
  }

  /** Adds a word that is not there and answers its number; -1 for one too long. */
  add(bytes: Uint8Array, from: number, to: number): number {
    if (to - from >= this.#stride) return -1;
    if (2 * this.#size >= this.#slots.length) this.#grow();
    const number = this.#size;
    this.#words[number * this.#stride] = to - from;
    this.#words.set(bytes.subarray(from, to), number * this.#stride + 1);
    this.#put(number);
    this.#size += 1;
    return number;
  }

  clear(): void {
    this.#size = 0;
    this.#slots.fill(0);
  }

  #grow(): void {
    const words = new Uint8Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let number = 0; number < this.#size; number += 1) this.#put(number);
  }

  #put(number: number): void {
    const from = number * this.#stride + 1;
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#words, from, from + (this.#words[from - 1] ?? 0)) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #isAt(number: number, bytes: Uint8Array, from: number, length: number): boolean {
    const words = this.#words;
    const at = number * this.#stride;
    if (words[at] !== length) return false;
    // From the end: topics of a venue differ there.
    for (let index = length; index > 0; index -= 1) {
      if (words[at + index] !== bytes[from + index - 1]) return false;
    }
    return true;
  }

  #hash(bytes: Uint8Array, from: number, to: number): number {
    let hash = this.#seed;
    for (let index = from; index < to; index += 1) hash = Math.imul(hash ^ (bytes[index] ?? 0), FNV_PRIME);
    return hash ^ (hash >>> 15);
  }
}
