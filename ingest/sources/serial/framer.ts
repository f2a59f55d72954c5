import { cobsFramer } from './cobs.ts';
import { delimiterFramer, lineFramer } from './delimiter.ts';
import { lengthFramer } from './length.ts';
import { slipFramer } from './slip.ts';

/** Cuts a stream of bytes into frames. Holds at most one frame of the largest size, whatever comes. */
export interface Framer {
  push(chunk: Uint8Array): void;
  /** The line was cut: what had begun will not go on. */
  reset(): void;
  /** True: bytes of a frame have come whose end only more bytes can bring. */
  readonly isWithinFrame: boolean;
}

/** Why bytes were dropped: more than a frame may have, or not as the framing prescribes. */
export type FramingFault = 'too-long' | 'malformed';

export interface FramerOptions {
  readonly maxFrameBytes: number;
  /** The bytes are the caller's to keep. Never empty. */
  onFrame(bytes: Uint8Array): void;
  /** Once for each frame that was lost, however long it is. */
  onFault(fault: FramingFault): void;
}

/** How frames are marked on the wire. */
export type Framing =
  /** Lines, ended by LF or CR LF. */
  | { readonly kind: 'readline' }
  | { readonly kind: 'delimiter'; readonly delimiter: Uint8Array }
  /** A whole number, big endian, of the bytes that follow. */
  | { readonly kind: 'length-prefixed'; readonly lengthBytes: 1 | 2 }
  /** RFC 1055. */
  | { readonly kind: 'slip' }
  /** Consistent overhead byte stuffing; a zero byte ends a frame. */
  | { readonly kind: 'cobs' };

export const createFramer = (framing: Framing, options: FramerOptions): Framer => {
  switch (framing.kind) {
    case 'readline':
      return lineFramer(options);
    case 'delimiter':
      return delimiterFramer(framing.delimiter, options);
    case 'length-prefixed':
      return lengthFramer(framing.lengthBytes, options);
    case 'slip':
      return slipFramer(options);
    case 'cobs':
      return cobsFramer(options);
  }
};
