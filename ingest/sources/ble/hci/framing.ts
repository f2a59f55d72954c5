import { EVENT_PACKET } from './commands.ts';
import { judgeEvent } from './events.ts';

export interface FramingCounters {
  bytes: number;
  /** Bytes that belong to no event: noise, or what is left of an event that lost some of its own. */
  garbageBytes: number;
  /** Events whose contents do not fit their length. */
  malformedEvents: number;
}

export type OnEvent = (code: number, bytes: Uint8Array, from: number, end: number) => void;

/** Finds the events in a stream of bytes, however it is cut; never throws. */
export interface Framing {
  push(chunk: Uint8Array): void;
  /** Forgets the beginning of an event that has not ended. */
  clear(): void;
}

/** Type, code, length; then at most 255 bytes (Core Specification 5.4, vol 4, part E, section 5.4.4). */
const HEADER = 3;
const NOTHING = new Uint8Array(0);

/**
 * H4 (vol 4, part A): nothing in it marks where a packet begins. A controller without connections sends only events, so
 * any other byte is noise. Once bytes were lost, a beginning is believed only if the event fits its own contents to
 * the last byte; if it does not, the search goes on one byte further, so that the next good event is never swallowed.
 */
export const createFraming = (onEvent: OnEvent, counters: FramingCounters): Framing => {
  let rest: Uint8Array = NOTHING;
  let lost = false;

  const skip = (): number => {
    counters.garbageBytes += 1;
    lost = true;
    return 1;
  };

  /** How far one step came, 0 where more bytes are needed. */
  const step = (bytes: Uint8Array, at: number): number => {
    if (bytes[at] !== EVENT_PACKET) return skip();
    const code = bytes[at + 1];
    const length = bytes[at + 2];
    if (code === undefined || length === undefined) return 0;
    const from = at + HEADER;
    const end = from + length;
    const verdict = judgeEvent(code, bytes, from, end);
    if (verdict === 'broken' && !lost) counters.malformedEvents += 1;
    if (verdict === 'broken' || (verdict === 'unsure' && lost)) return skip();
    if (end > bytes.length) return 0;
    // Nothing but what follows can say whether its length is one.
    if (verdict === 'unsure' && bytes[end] !== undefined && bytes[end] !== EVENT_PACKET) return skip();
    lost = false;
    onEvent(code, bytes, from, end);
    return end - at;
  };

  return {
    push: (chunk) => {
      counters.bytes += chunk.length;
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (at < bytes.length) {
        const came = step(bytes, at);
        if (came === 0) break;
        at += came;
      }
      // A copy: the line may use its buffer again.
      rest = at === bytes.length ? NOTHING : new Uint8Array(bytes.subarray(at));
    },
    clear: () => {
      rest = NOTHING;
      lost = false;
    },
  };
};
