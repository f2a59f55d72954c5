import { fifo } from './fifo.ts';
import type { PacketSpan } from './packets.ts';
import { COMPLETE, findPacket, packetSpan } from './packets.ts';

/** First bytes of PUBACK and PUBREC: with them the sender may forget its message. */
const PUBACK = 0x40;
const PUBREC = 0x50;

interface Receipt {
  readonly bytes: number;
  settled: boolean;
}

/**
 * Holds back the receipts (PUBACK, PUBREC) of one connection until their messages are settled. aedes writes its own
 * at once; those of held messages are taken out of what it writes, and come from here, in the order of the publishes
 * (a message that settles early waits for those before it).
 */
export class Receipts {
  readonly #order = fifo<Receipt>();
  /** Receipts that aedes has still to write, or that have still to pass, by first byte and packet id. */
  readonly #expected = new Map<number, number>();
  readonly #span: PacketSpan = packetSpan();

  /** How many messages are held. */
  get held(): number {
    return this.#order.size;
  }

  /** Holds the receipt of a publish. `direct`: aedes does not know of the publish, and writes none. */
  hold(qos: 1 | 2, messageId: number, settled: boolean, direct: boolean): Receipt {
    const key = ((qos === 1 ? PUBACK : PUBREC) << 16) | messageId;
    if (!direct) this.#expected.set(key, (this.#expected.get(key) ?? 0) + 1);
    const receipt = { bytes: key, settled };
    this.#order.push(receipt);
    return receipt;
  }

  /** The receipts that may go out now, in order; undefined when the oldest is not settled. */
  ready(): Buffer | undefined {
    const keys: number[] = [];
    while (this.#order.peek()?.settled) keys.push(this.#order.shift()?.bytes ?? 0);
    if (keys.length === 0) return undefined;
    const out = Buffer.allocUnsafe(keys.length * 4);
    keys.forEach((key, index) => {
      out.writeUInt16BE(((key >>> 16) << 8) | 2, index * 4);
      out.writeUInt16BE(key & 0xffff, index * 4 + 2);
    });
    return out;
  }

  /**
   * What may pass of a run of whole packets that aedes wrote (it corks the stream while it writes a packet). Without
   * receipts to take out, the same buffer comes back.
   */
  filter(written: Buffer): Buffer {
    if (this.#expected.size === 0) return written;
    const kept: Buffer[] = [];
    let keptFrom = 0;
    let at = 0;
    while (findPacket(written, at, written.length, Number.POSITIVE_INFINITY, this.#span) === COMPLETE) {
      const { first, body, end } = this.#span;
      if ((first === PUBACK || first === PUBREC) && this.#takeOut(first, written.readUInt16BE(body))) {
        if (at > keptFrom) kept.push(written.subarray(keptFrom, at));
        keptFrom = end;
      }
      at = end;
    }
    if (keptFrom === 0) return written;
    if (keptFrom < written.length) kept.push(written.subarray(keptFrom));
    return kept.length === 1 ? (kept[0] ?? written) : Buffer.concat(kept);
  }

  #takeOut(first: number, messageId: number): boolean {
    const key = (first << 16) | messageId;
    const expected = this.#expected.get(key);
    if (expected === undefined) return false;
    if (expected === 1) this.#expected.delete(key);
    else this.#expected.set(key, expected - 1);
    return true;
  }
}
