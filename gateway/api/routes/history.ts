import type { z } from 'zod';
import { METRICS } from '../../../ingest/model/metrics.ts';
import type { Rule } from '../../../rules/rule.ts';
import type { VenueClock } from '../../clock.ts';
import type { Registry } from '../../config/registry.ts';
import type { Log } from '../../log.ts';
import type { LookedUp } from '../look-ups.ts';
import type { History, HistoryPoints, HistoryQuery, Timers } from '../ports.ts';
import { Refusal, refuse } from '../problems.ts';
import { historyQuerySchema, historySchema } from '../schemas/history.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { JSON_TYPE } from '../seam/send.ts';
import { within } from '../settling.ts';
import { iso } from '../views/device.ts';
import { thresholdsOf } from '../views/limits.ts';
import { historyText } from '../views/points.ts';

export interface HistoryRouteOptions {
  /** Undefined: nothing is kept. */
  readonly history: History | undefined;
  readonly registry: Registry;
  readonly rules: readonly Rule[];
  readonly clock: VenueClock;
  readonly timers: Timers;
  readonly log: Log;
  readonly lookedUp: LookedUp;
}

/** At once; the store answers one after the other anyway. */
const QUERIES_MAX = 8;
const TIMEOUT_MS = 10_000;
const HOUR_MS = 3_600_000;

const widthOf = ({ stepMs }: HistoryQuery): 2 | 4 => (stepMs === undefined ? 2 : 4);

const joined = (pieces: readonly Float64Array[]): Float64Array => {
  const [first = new Float64Array()] = pieces;
  if (pieces.length <= 1) return first;
  const all = new Float64Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

const queryOf = (asked: z.output<typeof historyQuerySchema>, nowMs: number): HistoryQuery => {
  const { device, channel, metric, step, limit } = asked;
  const toMs = asked.to ?? nowMs;
  const fromMs = asked.from ?? Math.max(0, toMs - HOUR_MS);
  return { device, channel, metric, fromMs, toMs, ...(step === undefined ? {} : { stepMs: step }), limit };
};

const headOf = (query: HistoryQuery, { nextMs }: HistoryPoints, { registry, rules }: HistoryRouteOptions) => {
  const { device, channel, metric, fromMs, toMs, stepMs } = query;
  return {
    unit: METRICS[metric].unit,
    device,
    channel,
    metric,
    from: iso(fromMs),
    to: iso(toMs),
    ...(stepMs === undefined ? {} : { stepSeconds: stepMs / 1000 }),
    thresholds: thresholdsOf(rules, registry.venue.devices.get(device), channel, metric),
    ...(nextMs === undefined ? {} : { next: iso(nextMs) }),
  };
};

/** The store answers a piece at a time: asks until there are as many points as were asked for, or no more. */
const readAll = async (history: History, query: HistoryQuery): Promise<HistoryPoints> => {
  const width = widthOf(query);
  const pieces: Float64Array[] = [];
  let { fromMs, limit } = query;
  for (;;) {
    const { values, nextMs } = await history.query({ ...query, fromMs, limit });
    pieces.push(values);
    limit -= values.length / width;
    const isWhole = nextMs === undefined || nextMs >= query.toMs;
    if (isWhole) return { values: joined(pieces) };
    if (limit <= 0 || nextMs <= fromMs) return { values: joined(pieces), nextMs };
    fromMs = nextMs;
  }
};

/** Asks the store, a few at a time, and never waits for it for long. */
const asking = ({ history, timers, log }: HistoryRouteOptions) => {
  let running = 0;
  return async (query: HistoryQuery): Promise<HistoryPoints | Refusal> => {
    if (history === undefined) return refuse('store-off');
    if (running >= QUERIES_MAX) return refuse('too-busy', { headers: { 'retry-after': '1' } });
    running += 1;
    try {
      return await within(readAll(history, query), timers, TIMEOUT_MS);
    } catch (error) {
      log.error({ error }, 'history cannot be read');
      return refuse('store-failed');
    } finally {
      running -= 1;
    }
  };
};

export const historyRoute = (options: HistoryRouteOptions): Route => {
  const ask = asking(options);
  return defineRoute({
    method: 'GET',
    path: '/api/v1/history',
    role: 'viewer',
    summary:
      'Readings of one metric over time, or their minimum, mean and maximum by step, with the limits that rules set',
    request: { ...NO_INPUT, query: historyQuerySchema },
    answer: { status: 200, description: 'readings', schema: historySchema },
    problems: ['unknown-device', 'store-off', 'store-failed', 'too-busy'],
    handle: async ({ query: asked }, call) => {
      const { reply } = call;
      const query = queryOf(asked, options.clock.now());
      if (query.fromMs >= query.toMs) {
        return refuse('invalid-request', { errors: [{ where: 'query.from', expected: 'a time before now' }] });
      }
      if (options.registry.venue.devices.get(query.device)?.role !== undefined) {
        options.lookedUp(call, `badge/${query.device}`);
      }
      const found = await ask(query);
      if (found instanceof Refusal) return found;
      // A device that was taken out of the venue file still has its past.
      const known = options.registry.venue.devices.has(query.device);
      if (!known && found.values.length === 0) return refuse('unknown-device');
      reply.type(JSON_TYPE);
      return reply.send(historyText(headOf(query, found, options), found.values, widthOf(query)));
    },
  });
};
