import type { VenueFact } from '../../influx/lines/facts.ts';
import type { Gauges } from '../gauges.ts';
import type { FactsMessage } from '../protocol.ts';

interface FactsPortOptions {
  /** False: there is nobody to take it. */
  post(message: FactsMessage): boolean;
  readonly gauges: Pick<Gauges, 'get'>;
  nowMs(): number;
}

/** The way of what is known of the venue to the worker: what a worker that is behind has no room for is dropped. */
export interface FactsPort {
  readonly dropped: number;
  send(facts: readonly VenueFact[]): void;
  /** The worker is gone, with what it had not taken. */
  lost(): void;
}

/** Reports on their way to a worker that is held up by the disk: ten minutes of them. */
const UNTAKEN_MAX = 60;

export const factsPort = ({ post, gauges, nowMs }: FactsPortOptions): FactsPort => {
  let sent = gauges.get('factReportsTaken');
  let dropped = 0;
  return {
    get dropped() {
      return dropped;
    },
    send: (facts) => {
      const isFull = sent - gauges.get('factReportsTaken') >= UNTAKEN_MAX;
      if (!isFull && post({ type: 'facts', facts, atMs: nowMs() })) sent += 1;
      else dropped += facts.length;
    },
    lost: () => {
      sent = gauges.get('factReportsTaken');
    },
  };
};
