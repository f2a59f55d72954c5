import { z } from 'zod';
import type { VenueConfig } from '../../config/schema.ts';
import { type Explanation, explain } from '../../explain/explain.ts';
import type { HotPath } from '../../hot-path.ts';
import type { Log } from '../../log.ts';
import type { AlarmRecord, History, Timers } from '../ports.ts';
import { refuse } from '../problems.ts';
import { explanationSchema } from '../schemas/explain.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { within } from '../settling.ts';
import { iso } from '../views/device.ts';

export interface ExplainRouteOptions {
  readonly record: AlarmRecord;
  readonly history: History | undefined;
  readonly hotPath: Pick<HotPath, 'lastSamples'>;
  readonly config: VenueConfig;
  readonly timers: Timers;
  readonly log: Log;
}

const TIMEOUT_MS = 10_000;

const viewOf = ({ alarm, atMs, words, parameters, state, input, samples }: Explanation) => ({
  alarm,
  at: iso(atMs),
  words,
  rule: { id: alarm.rule, kind: alarm.kind, parameters: [...parameters] },
  state,
  input,
  samples,
});

export const explainRoute = (options: ExplainRouteOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/alarms/{id}/explain',
    role: 'viewer',
    summary:
      'Why there is an alarm: the rule with its parameters, its state, what it judged, and the readings around it',
    request: { ...NO_INPUT, params: z.strictObject({ id: z.string().min(1).max(1024) }) },
    answer: { status: 200, description: 'why', schema: explanationSchema },
    problems: ['unknown-alarm', 'store-failed'],
    handle: async ({ params }) => {
      const { record, history, config, hotPath, timers, log } = options;
      const asked = { record, history, lastSamples: hotPath.lastSamples, timezone: config.venue.timezone };
      try {
        const found = await within(explain(asked, params.id), timers, TIMEOUT_MS);
        return found === undefined ? refuse('unknown-alarm') : viewOf(found);
      } catch (error) {
        log.error({ error }, 'an alarm cannot be explained');
        return refuse('store-failed');
      }
    },
  });
