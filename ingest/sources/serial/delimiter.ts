import type { Framer, FramerOptions } from './framer.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Frames that end with certain bytes. serialport's own parser keeps a line that never ends for ever, and copies all of
 * it for every chunk.
 */
export const delimiterFramer = (delimiter: Uint8Array, { maxFrameBytes, onFrame, onFault }: FramerOptions): Framer => {
  const lastByte = delimiter.at(-1) ?? LF;
  const held = Buffer.alloc(maxFrameBytes + delimiter.length);
  let length = 0;
  let skipping = false;

  const endsHere = (): boolean =>
    length >= delimiter.length && held.subarray(length - delimiter.length, length).equals(delimiter);

  /** Of a frame that is too long only what may be the beginning of its end is kept. */
  const overflow = (): void => {
    if (!skipping) onFault('too-long');
    skipping = true;
    const kept = delimiter.length - 1;
    held.copyWithin(0, length - kept, length);
    length = kept;
  };

  const hold = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length; ) {
      if (length === held.length) overflow();
      const part = bytes.subarray(from, from + held.length - length);
      held.set(part, length);
      length += part.length;
      from += part.length;
    }
  };

  const end = (): void => {
    const size = length - delimiter.length;
    const whole = !skipping && size <= maxFrameBytes;
    length = 0;
    skipping = false;
    if (whole && size > 0) onFrame(Uint8Array.from(held.subarray(0, size)));
  };

  return {
    push: (chunk) => {
      for (let from = 0; from < chunk.length; ) {
        const found = chunk.indexOf(lastByte, from);
        const to = found === -1 ? chunk.length : found + 1;
        hold(chunk.subarray(from, to));
        from = to;
        if (found !== -1 && endsHere()) end();
      }
    },
    reset: () => {
      length = 0;
      skipping = false;
    },
    get isWithinFrame() {
      return length > 0;
    },
  };
};

/** Lines: whoever ends them with CR LF means the same. */
export const lineFramer = ({ onFrame, ...rest }: FramerOptions): Framer =>
  delimiterFramer(Uint8Array.of(LF), {
    ...rest,
    onFrame: (bytes) => {
      const line = bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;
      if (line.length > 0) onFrame(line);
    },
  });
