import { describe, expect, test } from 'vitest';
import type { History, HistoryPoints, HistoryQuery } from '../../../gateway/api/ports.ts';
import { historySchema } from '../../../gateway/api/schemas/history.ts';
import { EPOCH } from '../../rules/stage.ts';
import { problemIn } from './ask.ts';
import { stage } from './stage.ts';

const VENUE = `
devices:
  t1: { profile: climate }
  other: { profile: climate }
  clamp: { profile: current-clamp, ratedAmps: { a: 16 } }
rules:
  - { id: heat, kind: threshold, metric: temperatureCelsius, above: { orange: 50, red: 60 }, below: { yellow: 5 } }
  - { id: cool, kind: threshold, metric: temperatureCelsius, for: { devices: [other] }, above: { red: 1 } }
  - { id: damp, kind: threshold, metric: humidityPercent, above: { yellow: 90 } }
  - { id: load, kind: overcurrent }
`;

const T1 = '/api/v1/history?device=t1&metric=temperatureCelsius';

/** A store that remembers what it was asked. */
const storeOf = (answer: (query: HistoryQuery) => HistoryPoints) => {
  const asked: HistoryQuery[] = [];
  const history: History = {
    query: async (query) => {
      asked.push(query);
      return answer(query);
    },
  };
  return { asked, history };
};

const EMPTY = storeOf(() => ({ values: new Float64Array() }));

describe('history', () => {
  test('answers readings with unit and the limits that concern them', async () => {
    const { asked, history } = storeOf(() => ({ values: Float64Array.of(EPOCH, 21.5, EPOCH + 1000.25, -3) }));
    const on = await stage(VENUE, { history });
    const from = new Date(EPOCH - 3_600_000).toISOString();
    const answer = await on.ask(`${T1}&from=${from}&to=${EPOCH}`);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(historySchema.strict().parse(answer.json())).toEqual({
      unit: '°C',
      device: 't1',
      channel: '',
      metric: 'temperatureCelsius',
      from,
      to: new Date(EPOCH).toISOString(),
      thresholds: [
        { rule: 'heat', kind: 'threshold', severity: 'yellow', direction: 'below', limit: 5 },
        { rule: 'heat', kind: 'threshold', severity: 'orange', direction: 'above', limit: 50 },
        { rule: 'heat', kind: 'threshold', severity: 'red', direction: 'above', limit: 60 },
      ],
      points: [
        [EPOCH, 21.5],
        [EPOCH + 1000.25, -3],
      ],
    });
    expect(asked).toEqual([
      {
        device: 't1',
        channel: '',
        metric: 'temperatureCelsius',
        fromMs: EPOCH - 3_600_000,
        toMs: EPOCH,
        limit: 100_000,
      },
    ]);
  });

  test('the limits of a circuit are shares of its rating', async () => {
    const on = await stage(VENUE, EMPTY);
    const { thresholds } = historySchema.parse(
      (await on.ask('/api/v1/history?device=clamp&channel=a&metric=currentAmps')).json(),
    );
    expect(thresholds.map(({ severity, limit }) => [severity, limit])).toEqual([
      ['yellow', 12.8],
      ['orange', 16],
      ['red', 128],
    ]);
  });

  test('what the store gives in pieces comes as one answer, up to the limit', async () => {
    const store = storeOf(({ fromMs, toMs, limit }) => {
      const count = Math.min(3, limit, (toMs - fromMs) / 1000);
      const values = Float64Array.from({ length: count * 2 }, (_, at) => (at % 2 === 0 ? fromMs + at * 500 : at));
      const nextMs = fromMs + count * 1000;
      return nextMs < toMs ? { values, nextMs } : { values };
    });
    const on = await stage(VENUE, store);
    const range = `&from=${EPOCH}&to=${EPOCH + 8000}`;
    const all = historySchema.parse((await on.ask(`${T1}${range}`)).json());
    expect(all.points.map(([timeMs]) => (timeMs - EPOCH) / 1000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(all.next).toBeUndefined();
    const some = historySchema.parse((await on.ask(`${T1}${range}&limit=5`)).json());
    expect([some.points.length, some.next]).toEqual([5, new Date(EPOCH + 5000).toISOString()]);
  });

  test('a store that makes no headway is not asked for ever', async () => {
    const on = await stage(
      VENUE,
      storeOf(({ fromMs }) => ({ values: new Float64Array(), nextMs: fromMs })),
    );
    expect((await on.ask(T1)).json()).toMatchObject({ points: [] });
  });

  test.each([
    ['60', 60_000],
    ['0.5', 500],
    ['250ms', 250],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('a step of %s is %i ms; a point then has minimum, mean and maximum', async (step, stepMs) => {
    const { asked, history } = storeOf(() => ({
      values: Float64Array.of(EPOCH - 120_000, 1, 2, 3),
      nextMs: EPOCH - 60_000,
    }));
    const on = await stage(VENUE, { history });
    const answer = historySchema.strict().parse((await on.ask(`${T1}&step=${step}&limit=1`)).json());
    expect(answer).toMatchObject({
      stepSeconds: stepMs / 1000,
      points: [[EPOCH - 120_000, 1, 2, 3]],
      next: '2026-06-01T11:59:00.000Z',
    });
    expect(asked[0]).toMatchObject({ stepMs, limit: 1, toMs: EPOCH, fromMs: EPOCH - 3_600_000 });
  });

  test('a day of readings at one a second arrives whole, in order, a piece a turn', async () => {
    const values = new Float64Array(86_400 * 2);
    for (let at = 0; at < 86_400; at += 1) values.set([EPOCH + at * 1000, at / 10], at * 2);
    const on = await stage(
      VENUE,
      storeOf(() => ({ values })),
    );
    const { points } = historySchema.parse((await on.ask(T1)).json());
    expect(points).toHaveLength(86_400);
    expect(points.every(([timeMs, value], at) => timeMs === EPOCH + at * 1000 && value === at / 10)).toBe(true);
  });

  test.each([
    ['from=2026-06-01T13:00:00Z&to=2026-06-01T12:00:00Z', 'query.from'],
    ['from=2026-06-01T13:00:00Z', 'query.from'],
    ['from=2020-01-01&to=2026-01-01', 'query.to'],
    ['from=2026-06-01T13:00:00', 'query.from'],
    ['from=2026-13-01', 'query.from'],
    ['to=9999999999999999', 'query.to'],
    ['step=0', 'query.step'],
    ['step=1w', 'query.step'],
    ['step=-5', 'query.step'],
    ['limit=0', 'query.limit'],
    ['limit=100001', 'query.limit'],
  ])('%s is refused for its %s', async (query, where) => {
    const on = await stage(VENUE, EMPTY);
    expect(problemIn(await on.ask(`${T1}&${query}`)).errors?.map((fault) => fault.where)).toEqual([where]);
  });

  test('a device that never was is told from one without readings', async () => {
    const on = await stage(VENUE, EMPTY);
    expect((await on.ask(T1)).json()).toMatchObject({ points: [] });
    const stranger = await on.ask('/api/v1/history?device=t9&metric=temperatureCelsius');
    expect(problemIn(stranger).code).toBe('unknown-device');
  });

  test('no store, one that fails and one that does not answer are told apart from no readings', async () => {
    const off = await stage(VENUE);
    expect(problemIn(await off.ask(T1)).code).toBe('store-off');
    const failing = await stage(VENUE, { history: { query: () => Promise.reject(new Error('malformed')) } });
    expect(problemIn(await failing.ask(T1)).code).toBe('store-failed');
    expect(failing.errors).toHaveLength(1);
  });

  test('no more than eight wait for the store; the next is told to come again, and they end', async () => {
    let running = 0;
    const on = await stage(VENUE, {
      history: {
        query: () => {
          running += 1;
          return new Promise(() => undefined);
        },
      },
    });
    const asking = Array.from({ length: 8 }, () => on.ask(T1));
    while (running < 8) await on.ask('/healthz');
    const ninth = await on.ask(T1);
    expect(problemIn(ninth).code).toBe('too-busy');
    expect(ninth.headers['retry-after']).toBe('1');
    on.timers.advance(10_000);
    for (const answer of await Promise.all(asking)) expect(problemIn(answer).code).toBe('store-failed');
    const again = on.ask(T1);
    while (running < 9) await on.ask('/healthz');
    on.timers.advance(10_000);
    expect(problemIn(await again).code).toBe('store-failed');
  });
});
