import type { Framer, FramerOptions } from './framer.ts';

/**
 * Frames that say their length first, big endian. A length that cannot be is skipped byte by byte; one that could be but
 * is not is ended by a pause of the sender (`reset`): nothing else tells.
 */
export const lengthFramer = (lengthBytes: 1 | 2, { maxFrameBytes, onFrame, onFault }: FramerOptions): Framer => {
  const held = Buffer.alloc(lengthBytes + maxFrameBytes);
  let length = 0;
  /** Bytes in a row that were no length: one fault. */
  let astray = false;

  const dropFirst = (): void => {
    if (!astray) onFault('malformed');
    astray = true;
    held.copyWithin(0, 1, length);
    length -= 1;
  };

  /** Bytes that are wanted from the sender to go on; 0 when a whole frame is there. */
  const wanted = (): number => {
    if (length < lengthBytes) return lengthBytes - length;
    const size = held.readUIntBE(0, lengthBytes);
    if (size > 0 && size <= maxFrameBytes) return lengthBytes + size - length;
    dropFirst();
    return lengthBytes - length;
  };

  return {
    push: (chunk) => {
      for (let from = 0; from < chunk.length; ) {
        const part = chunk.subarray(from, from + wanted());
        held.set(part, length);
        length += part.length;
        from += part.length;
        if (wanted() > 0) continue;
        const frame = Uint8Array.from(held.subarray(lengthBytes, length));
        length = 0;
        astray = false;
        onFrame(frame);
      }
    },
    reset: () => {
      length = 0;
      astray = false;
    },
    get isWithinFrame() {
      return length > 0;
    },
  };
};
