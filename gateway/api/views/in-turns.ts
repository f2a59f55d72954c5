import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Before, between and after the pieces: JSON around them. */
interface Frame {
  readonly head: string;
  readonly tail: string;
}

async function* textOf({ head, tail }: Frame, pieces: Iterable<string>): AsyncGenerator<string> {
  yield head;
  let isFirst = true;
  for (const piece of pieces) {
    yield isFirst ? piece : `,${piece}`;
    isFirst = false;
    await nextTurn();
  }
  yield tail;
}

/**
 * A long answer as JSON, each piece made and written in a turn of its own: all at once, it would hold up whatever has to
 * be judged meanwhile. Pieces are made as they are asked for, with commas put between them.
 */
export const inTurns = (frame: Frame, pieces: Iterable<string>): Readable =>
  Readable.from(textOf(frame, pieces), { objectMode: false, highWaterMark: 65_536 });
