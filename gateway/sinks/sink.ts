import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import type { DeskEvent } from '../../rules/alarms/desk.ts';
import type { AcknowledgeInput } from '../../rules/engine.ts';

/** Where judged samples and alarm events go to be kept. Called on the hot path: bounded, no waiting, no throwing away unseen. */
export interface Sink {
  readonly id: string;
  /** `isAcknowledged`: false where its sender is told nothing, so that it may go first when there is no room. */
  sample(sample: Sample, isAcknowledged?: boolean): void;
  occurrence(occurrence: Occurrence): void;
  event(event: DeskEvent): void;
  /** Somebody has acknowledged an alarm: an input of the engine, as samples are. */
  acknowledgement?(input: AcknowledgeInput): void;
  /** Calls back, in order, once all that was handed over before is safe. */
  commit(done: () => void): void;
}

/** Calls back once every sink is safe; at once where there is none. */
export const committed = (sinks: readonly Sink[], done: () => void): void => {
  let waiting = sinks.length;
  if (waiting === 0) {
    done();
    return;
  }
  for (const sink of sinks) {
    sink.commit(() => {
      waiting -= 1;
      if (waiting === 0) done();
    });
  }
};
