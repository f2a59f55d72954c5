import { createOccurrence, stampOfArrival } from '../../../ingest/model/stamp.ts';
import type { VenueClock } from '../../clock.ts';
import type { HotPath } from '../../hot-path.ts';
import type { Log } from '../../log.ts';
import type { Timers } from '../ports.ts';
import { refuse } from '../problems.ts';
import { cancelledSchema, cancelPreAlarmSchema } from '../schemas/alarms.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { type Commit, settled } from '../settling.ts';

export interface PreAlarmRouteOptions {
  readonly hotPath: Pick<HotPath, 'occur' | 'view'>;
  readonly clock: VenueClock;
  readonly commit: Commit;
  readonly timers: Timers;
  readonly log: Log;
}

const COMMIT_TIMEOUT_MS = 10_000;
/** Longest name that a rule shows: whoever is logged in. */
const NAME_CHARACTERS = 64;

/**
 * Somebody knows that the wearer is well: they have spoken by radio, or see them. It becomes an occurrence `cancel` of that
 * device, for that one rule, with who said so: kept, recorded and judged as the badge's own button is.
 */
export const cancelPreAlarmRoute = ({ hotPath, clock, commit, timers, log }: PreAlarmRouteOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/pre-alarms/cancel',
    role: 'guard',
    summary:
      'Cancels a running pre-alarm for its wearer, in the name of whoever is logged in; answers once that is kept',
    request: { ...NO_INPUT, body: cancelPreAlarmSchema },
    answer: { status: 200, description: 'it is cancelled', schema: cancelledSchema },
    problems: ['pre-alarm-not-running', 'not-committed'],
    handle: async ({ body: { rule, subject } }, { who }) => {
      const by = (who?.name ?? 'anonymous').slice(0, NAME_CHARACTERS);
      const { view, occur } = hotPath;
      const before = view.stateOf(rule, subject);
      if (before?.phase !== 'pending') return refuse('pre-alarm-not-running');
      const arrivedMs = clock.now();
      const received = { arrivedMs, retained: false };
      occur(createOccurrence(subject, 'cancel', undefined, stampOfArrival(arrivedMs), received, { rule, by }));
      // A rule that asks nobody has nothing to cancel.
      if (view.stateOf(rule, subject) === before) return refuse('pre-alarm-not-running');
      log.info({ rule, subject, by }, 'pre-alarm cancelled for its wearer');
      return (await settled(commit, timers, COMMIT_TIMEOUT_MS)) ? { rule, subject, by } : refuse('not-committed');
    },
  });
