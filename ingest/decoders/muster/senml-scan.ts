import { ByteTable } from '../../byte-table.ts';
import { type SenmlTarget, targetOf } from './senml-pack.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_RECORD = 0x7b;
const CLOSE_RECORD = 0x7d;

const ONE_LETTER = { n: 0x6e, t: 0x74, u: 0x75, v: 0x76 } as const;
const B = 0x62;

/** Bits of the fields seen in a record: one that comes twice is left to `JSON.parse`. */
const SEEN = { n: 1, u: 2, v: 4, t: 8, bt: 16, bn: 32 } as const;

/** Up to 10^22 a power of ten is exact, and the quotient of two exact numbers is rounded once, as it should be. */
const POWERS_OF_TEN = Array.from({ length: 17 }, (_, exponent) => 10 ** exponent);

const WORDS_MAX = 1024;

/** What short words in messages stand for, found by their bytes. */
class Words<T> {
  readonly #numbers = new ByteTable(48);
  readonly #meanings: T[] = [];
  readonly #read: (word: string) => T | undefined;

  constructor(read: (word: string) => T | undefined) {
    this.#read = read;
  }

  of(bytes: Buffer, from: number, to: number): T | undefined {
    const number = this.#numbers.find(bytes, from, to);
    if (number >= 0) return this.#meanings[number];
    const meaning = this.#read(bytes.toString('latin1', from, to));
    if (meaning === undefined || this.#meanings.length >= WORDS_MAX) return meaning;
    if (this.#numbers.add(bytes, from, to) >= 0) this.#meanings.push(meaning);
    return meaning;
  }
}

const names = new Words(targetOf);
const units = new Words((unit) => unit);

/**
 * Reads SenML JSON straight from its bytes, record by record, as long as it is what devices nearly always send: flat
 * records of `n`, `u`, `v`, `t`, `bt` and the device's own `bn`, with plain ASCII strings and plain decimal numbers.
 * Whatever else comes, it gives up, and says nothing about right or wrong: `JSON.parse` and the whole of RFC 8428 decide.
 * What it reads comes out as they would make it, at a quarter of the cost: no text, no parsed objects.
 */
export class SenmlScan {
  target: SenmlTarget | undefined = undefined;
  unit: string | undefined = undefined;
  value = 0;
  /** `t` of the record. */
  time = 0;
  /** `bt` of this record and those that follow. */
  baseTime = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #device = '';
  #at = 0;
  #number = 0;

  /** Begins a pack; false where it is none of ours. */
  open(bytes: Buffer, device: string): boolean {
    this.#bytes = bytes;
    this.#device = device;
    this.#at = 0;
    this.baseTime = 0;
    return this.#take(OPEN_LIST);
  }

  /** Reads the next record; false gives up. */
  record(): boolean {
    this.target = undefined;
    this.unit = undefined;
    this.time = 0;
    if (!this.#take(OPEN_RECORD)) return false;
    let seen = 0;
    do {
      const field = this.#field();
      if (field === 0 || (seen & field) !== 0) return false;
      seen |= field;
    } while (this.#take(COMMA));
    return (seen & SEEN.v) !== 0 && this.target !== undefined && this.#take(CLOSE_RECORD);
  }

  /** Whether another record follows. */
  more(): boolean {
    return this.#take(COMMA);
  }

  /** Whether the pack ends here, and nothing comes after it. */
  closed(): boolean {
    return this.#take(CLOSE_LIST) && this.#at === this.#bytes.length;
  }

  /** Reads `"key": value`; the key's bit, or 0 to give up. */
  #field(): number {
    if (!this.#take(QUOTE)) return 0;
    const bytes = this.#bytes;
    const letter = bytes[this.#at];
    const isBase = letter === B;
    const key = isBase ? bytes[this.#at + 1] : letter;
    this.#at += isBase ? 2 : 1;
    if (bytes[this.#at] !== QUOTE) return 0;
    this.#at += 1;
    if (!this.#take(COLON)) return 0;
    return isBase ? this.#baseField(key) : this.#ownField(key);
  }

  #ownField(key: number | undefined): number {
    switch (key) {
      case ONE_LETTER.n: {
        const from = this.#string();
        if (from > 0) this.target = names.of(this.#bytes, from, this.#at - 1);
        return this.target === undefined ? 0 : SEEN.n;
      }
      case ONE_LETTER.u: {
        const from = this.#string();
        if (from > 0) this.unit = units.of(this.#bytes, from, this.#at - 1);
        return this.unit === undefined ? 0 : SEEN.u;
      }
      case ONE_LETTER.v:
        if (!this.#decimal()) return 0;
        this.value = this.#number;
        return SEEN.v;
      case ONE_LETTER.t:
        if (!this.#decimal()) return 0;
        this.time = this.#number;
        return SEEN.t;
      default:
        return 0;
    }
  }

  #baseField(key: number | undefined): number {
    if (key === ONE_LETTER.n) {
      const from = this.#string();
      return from > 0 && this.#isOwnName(from, this.#at - 1) ? SEEN.bn : 0;
    }
    if (key !== ONE_LETTER.t || !this.#decimal()) return 0;
    this.baseTime = this.#number;
    return SEEN.bt;
  }

  /** `<device>/` */
  #isOwnName(from: number, to: number): boolean {
    const device = this.#device;
    if (to - from !== device.length + 1 || this.#bytes[to - 1] !== SLASH) return false;
    for (let index = 0; index < device.length; index += 1) {
      if (this.#bytes[from + index] !== device.charCodeAt(index)) return false;
    }
    return true;
  }

  #skipSpaces(): void {
    while (this.#bytes[this.#at] === SPACE) this.#at += 1;
  }

  /** Takes one character of punctuation, with the spaces around it. */
  #take(character: number): boolean {
    this.#skipSpaces();
    if (this.#bytes[this.#at] !== character) return false;
    this.#at += 1;
    this.#skipSpaces();
    return true;
  }

  /** Takes a string of plain ASCII; where its characters begin, or 0. They end one before `#at`. */
  #string(): number {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== QUOTE) return 0;
    const from = this.#at + 1;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.#at = at + 1;
        return from;
      }
      if (byte < SPACE || byte > 0x7e || byte === BACKSLASH) return 0;
    }
    return 0;
  }

  /** Takes a number without exponent whose digits make a safe integer: exactly what `JSON.parse` makes of it. */
  #decimal(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    const negative = bytes[at] === MINUS;
    if (negative) at += 1;
    const from = at;
    let digits = 0;
    let pointAt = -1;
    for (; ; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte >= ZERO && byte <= NINE) digits = digits * 10 + (byte - ZERO);
      else if (byte === DOT && pointAt < 0 && at > from) pointAt = at;
      else break;
    }
    const whole = (pointAt < 0 ? at : pointAt) - from;
    const decimals = pointAt < 0 ? 0 : at - pointAt - 1;
    if (whole === 0 || (pointAt >= 0 && decimals === 0) || whole + decimals > 16 || digits > Number.MAX_SAFE_INTEGER) {
      return false;
    }
    // Neither 007 nor anything that goes on (an exponent).
    if ((whole > 1 && bytes[from] === ZERO) || !endsNumber(bytes[at])) return false;
    const value = decimals === 0 ? digits : digits / (POWERS_OF_TEN[decimals] ?? 1);
    this.#number = negative ? -value : value;
    this.#at = at;
    return true;
  }
}

const endsNumber = (byte: number | undefined): boolean => byte === COMMA || byte === CLOSE_RECORD || byte === SPACE;
