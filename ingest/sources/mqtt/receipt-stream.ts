import { Duplex } from 'node:stream';
import { Receipts } from './receipts.ts';

/** A stream to a broker that can hold back PUBACKs. */
export interface ReceiptStream {
  readonly stream: Duplex;
  /**
   * Call it before mqtt.js acknowledges the message. Returns what releases the acknowledgement; after the connection
   * has ended that does nothing, for the broker sends the message again.
   */
  hold(messageId: number): () => void;
}

/**
 * Stands between mqtt.js and its socket. mqtt.js handles one packet at a time and takes the next when this one is
 * acknowledged: a held `customHandleAcks` callback would hold every later message, and the answers to its pings (and
 * exists for MQTT 5 only). So it acknowledges at once, and the PUBACK waits here.
 */
export const receiptStream = (socket: Duplex): ReceiptStream => {
  const receipts = new Receipts();
  let sending = false;
  const send = (): void => {
    sending = false;
    const due = socket.destroyed ? undefined : receipts.ready();
    if (due !== undefined) socket.write(due);
  };
  const write = (packets: Buffer, done: () => void): void => {
    const out = socket.destroyed ? NOTHING : receipts.filter(packets);
    if (out.length === 0 || socket.write(out)) done();
    else waiting = done;
  };
  let waiting: (() => void) | undefined;
  const resume = (): void => {
    const done = waiting;
    waiting = undefined;
    done?.();
  };
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => write(chunk, done),
    writev: (chunks, done) => write(Buffer.concat(chunks.map(({ chunk }: { chunk: Buffer }) => chunk)), done),
    final: (done) => socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on('drain', resume);
  socket.on('end', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => {
    resume();
    stream.destroy();
  });
  return {
    stream,
    hold: (messageId) => {
      const receipt = receipts.hold(1, messageId, false, false);
      return () => {
        receipt.settled = true;
        if (sending || socket.destroyed) return;
        sending = true;
        setImmediate(send);
      };
    },
  };
};

const NOTHING = Buffer.alloc(0);
