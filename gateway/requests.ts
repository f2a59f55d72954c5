import type { Frame } from '../ingest/model/frame.ts';
import type { Request } from '../ingest/model/sample.ts';
import type { Source } from '../ingest/sources/source.ts';

interface RequestCounters {
  sent: number;
  /** Asked again too soon. */
  limited: number;
  /** The source cannot send, or not now. */
  unsent: number;
}

/** Sends what decoders ask of devices, by the source that their frame came from. */
export interface Requests {
  take(request: Request, frame: Frame): void;
  /** The sources are made after the hot path. */
  connect(sources: readonly Source[]): void;
  readonly counters: Readonly<RequestCounters>;
}

/** The same request is not made more often: an answer (a rebirth) may be as large as all of the node's values. */
const AGAIN_MS = 10_000;
/** Strangers can invent nodes to be asked. */
const TOPICS_MAX = 10_000;

export const createRequests = (): Requests => {
  const counters = { sent: 0, limited: 0, unsent: 0 };
  const sentMs = new Map<string, number>();
  let sources: ReadonlyMap<string, Source> = new Map();

  const isTooSoon = (topic: string, nowMs: number): boolean => {
    const last = sentMs.get(topic);
    // A clock that was set back must not silence requests.
    return last !== undefined && nowMs >= last && nowMs - last < AGAIN_MS;
  };

  const note = (topic: string, nowMs: number): void => {
    sentMs.delete(topic);
    sentMs.set(topic, nowMs);
    if (sentMs.size <= TOPICS_MAX) return;
    const oldest = sentMs.keys().next();
    if (!oldest.done) sentMs.delete(oldest.value);
  };

  return {
    take({ topic, payload }, frame) {
      const key = `${frame.source} ${topic}`;
      if (isTooSoon(key, frame.arrivedMs)) {
        counters.limited += 1;
        return;
      }
      if (sources.get(frame.source)?.send?.(topic, payload) !== true) {
        counters.unsent += 1;
        return;
      }
      counters.sent += 1;
      note(key, frame.arrivedMs);
    },
    connect: (made) => {
      sources = new Map(made.map((source) => [source.id, source]));
    },
    counters,
  };
};
