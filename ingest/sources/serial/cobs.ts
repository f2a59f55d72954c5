import { delimiterFramer } from './delimiter.ts';
import type { Framer, FramerOptions } from './framer.ts';

const FULL_BLOCK = 0xff;

/** What the stuffed bytes between two zeros stand for; undefined where a block reaches beyond the end. */
const unstuff = (stuffed: Uint8Array): Uint8Array | undefined => {
  const bytes = new Uint8Array(stuffed.length);
  let length = 0;
  for (let at = 0; at < stuffed.length; ) {
    const code = stuffed[at] ?? 0;
    const next = at + code;
    if (next > stuffed.length) return undefined;
    bytes.set(stuffed.subarray(at + 1, next), length);
    length += code - 1;
    // A block that is not full stands for its bytes and a zero, unless it is the last one.
    if (code !== FULL_BLOCK && next < stuffed.length) length += 1;
    at = next;
  }
  return bytes.subarray(0, length);
};

/** Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7(2), 1999. */
export const cobsFramer = ({ maxFrameBytes, onFrame, onFault }: FramerOptions): Framer =>
  delimiterFramer(Uint8Array.of(0), {
    // One byte in 254 is overhead.
    maxFrameBytes: maxFrameBytes + Math.ceil(maxFrameBytes / 254) + 1,
    onFault,
    onFrame: (stuffed) => {
      const bytes = unstuff(stuffed);
      if (bytes === undefined) onFault('malformed');
      else if (bytes.length > maxFrameBytes) onFault('too-long');
      else if (bytes.length > 0) onFrame(bytes);
    },
  });
