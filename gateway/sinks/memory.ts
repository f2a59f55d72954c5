import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import type { DeskEvent } from '../../rules/alarms/desk.ts';
import type { Sink } from './sink.ts';

/** Keeps the last samples and events in memory: what was, for a box without a store and for trying things out. */
export interface MemorySink extends Sink {
  readonly samples: readonly Sample[];
  readonly occurrences: readonly Occurrence[];
  readonly events: readonly DeskEvent[];
}

const keepLast = <T>(list: T[], item: T, limit: number): void => {
  list.push(item);
  if (list.length > limit) list.splice(0, list.length - limit);
};

export const memorySink = (id: string, limit = 1000): MemorySink => {
  const samples: Sample[] = [];
  const occurrences: Occurrence[] = [];
  const events: DeskEvent[] = [];
  return {
    id,
    samples,
    occurrences,
    events,
    sample: (sample) => keepLast(samples, sample, limit),
    occurrence: (occurrence) => keepLast(occurrences, occurrence, limit),
    event: (event) => keepLast(events, event, limit),
    commit: (done) => done(),
  };
};
