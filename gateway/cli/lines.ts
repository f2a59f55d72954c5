import type { Readable } from 'node:stream';

/** A line that grew too long is given up: its beginning is of no use to anybody. */
export const TOO_LONG = Symbol('a line longer than allowed');

const NEWLINE = 0x0a;

/**
 * The lines of a stream as UTF-8 text, without their ends; `TOO_LONG` once for each line of more than `maxBytes`.
 * Holds at most `maxBytes` and one chunk.
 */
export async function* linesOf(input: Readable, maxBytes: number): AsyncGenerator<string | typeof TOO_LONG> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let isTooLong = false;
  const take = (part: Buffer): void => {
    bytes += part.length;
    if (bytes > maxBytes) {
      isTooLong = true;
      parts = [];
    } else parts.push(part);
  };
  const finish = (): string | typeof TOO_LONG => {
    const line = isTooLong ? TOO_LONG : Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    bytes = 0;
    isTooLong = false;
    return line;
  };
  for await (const piece of input) {
    const chunk = Buffer.isBuffer(piece) ? piece : Buffer.from(`${piece}`);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (bytes > 0) yield finish();
}
