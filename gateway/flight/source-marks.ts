import type { Source } from '../../ingest/sources/source.ts';
import type { VenueClock } from '../clock.ts';
import type { FlightRecorder } from './recorder.ts';

interface SourceMarksOptions {
  readonly sources: readonly Source[];
  readonly recorder: Pick<FlightRecorder, 'mark'>;
  readonly clock: VenueClock;
}

const LOOK_EVERY_MS = 1000;

/** Notes in the recording when a source is open and when it is not: silence in it is explained by that. */
export const markSources = ({ sources, recorder, clock }: SourceMarksOptions): (() => void) => {
  const watched = sources.filter(({ status }) => status !== undefined);
  if (watched.length === 0) return () => undefined;
  const isUp = new Map<string, boolean>();
  const look = (): void => {
    for (const { id, status } of watched) {
      const up = status?.().state === 'open';
      if (isUp.get(id) === up) continue;
      isUp.set(id, up);
      recorder.mark({ type: up ? 'source-up' : 'source-down', atMs: clock.now(), source: id });
    }
    next = clock.schedule(look, LOOK_EVERY_MS);
  };
  let next = clock.schedule(look, 0);
  return () => next.unsubscribe();
};
