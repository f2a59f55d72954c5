import type { Framer, FramerOptions } from './framer.ts';

/** RFC 1055: the special characters of SLIP. */
const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

/** RFC 1055 packets. serialport's own decoder has no bound, and copies all it has for every byte. */
export const slipFramer = ({ maxFrameBytes, onFrame, onFault }: FramerOptions): Framer => {
  const held = Buffer.alloc(maxFrameBytes);
  let length = 0;
  let escaped = false;
  let skipping = false;

  const skip = (fault: 'too-long' | 'malformed'): void => {
    skipping = true;
    onFault(fault);
  };

  const add = (byte: number): void => {
    if (length === maxFrameBytes) {
      skip('too-long');
      return;
    }
    held[length] = byte;
    length += 1;
  };

  const takeEscaped = (byte: number): void => {
    escaped = false;
    if (byte === ESC_END) add(END);
    else if (byte === ESC_ESC) add(ESC);
    else skip('malformed');
  };

  const clear = (): void => {
    length = 0;
    escaped = false;
    skipping = false;
  };

  const end = (): void => {
    const whole = !skipping && length > 0;
    if (escaped && !skipping) onFault('malformed');
    const frame = whole && !escaped ? Uint8Array.from(held.subarray(0, length)) : undefined;
    clear();
    // Two ENDs with nothing between them are no packet: many senders begin with one, too.
    if (frame !== undefined) onFrame(frame);
  };

  return {
    push: (chunk) => {
      for (const byte of chunk) {
        if (byte === END) end();
        else if (skipping) continue;
        else if (escaped) takeEscaped(byte);
        else if (byte === ESC) escaped = true;
        else add(byte);
      }
    },
    reset: clear,
    get isWithinFrame() {
      return length > 0 || escaped;
    },
  };
};
