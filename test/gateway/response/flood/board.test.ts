import { describe, expect, test } from 'vitest';
import { alarmLoadSchema } from '../../../../gateway/api/schemas/alarm-load.ts';
import { createLoadBoard } from '../../../../gateway/response/flood/board.ts';
import { createLoad, OPERATORS_MAX, VENUE } from '../../../../gateway/response/flood/load.ts';
import type { Alarm } from '../../../../rules/alarms/alarm.ts';
import { EPOCH, stage } from '../stage.ts';
import { floodVenue, hot } from './venue.ts';

const config = floodVenue();

const boardOf = (on: ReturnType<typeof stage>, atSeconds: number, openAlarms: readonly Alarm[] = []) =>
  createLoadBoard({
    flood: on.response.flood,
    config,
    name: (id) => ({ zh: `[${id}]`, en: `<${id}>` }),
    openAlarms: () => openAlarms,
    nowMs: () => EPOCH + atSeconds * 1000,
  });

describe('the load as others see it', () => {
  test('has who was told first and, from when they are told, those of the ladder', () => {
    const on = stage({ config });
    on.event('raised', hot(1, { severity: 'orange' }));
    on.event('raised', hot(2));
    const of = (at: number) =>
      boardOf(on, at)
        .view()
        .operators.map(({ id, type, state, perDay }) => `${id} ${type} ${state} ${perDay}`);
    on.at(100);
    expect(of(100)).toEqual(['* venue high 2', 'guard role high 2', 'li person high 2']);
    on.at(130);
    expect(of(130).slice(3)).toEqual(['manager role steady 1', 'wang person steady 1']);
    expect(boardOf(on, 130).view().operators[0]?.priorityPercent).toEqual({ high: 0, medium: 50, low: 50 });
    expect(boardOf(on, 130).summary()).toEqual({
      perTenMinutes: 2,
      inFlood: false,
      busiest: { name: { zh: '[guard]', en: '<guard>' }, perTenMinutes: 2, inFlood: false },
      chattering: 0,
      stale: 0,
      groups: 0,
    });
  });

  test('calls stale what has stood for more than a day, not what is over', () => {
    const on = stage({ config });
    const alarms = [hot(1), hot(2, { condition: 'cleared' }), hot(3, { condition: 'unknown', human: 'acknowledged' })];
    expect(boardOf(on, 86_400, alarms).view().stale).toEqual([]);
    const { stale } = boardOf(on, 86_401, alarms).view();
    expect(stale.map(({ subject }) => subject)).toEqual(['t1', 't3']);
    expect(boardOf(on, 86_401, alarms).levels().alarmLoad?.stale).toBe(2);
  });

  test('names what chatters and what raises most, and keeps to its schema', () => {
    const on = stage({ config });
    for (let number = 0; number < 4; number += 1) on.event('raised', hot(number, { subject: 'clamp/a' }));
    for (let number = 0; number < 12; number += 1) on.event('raised', hot(number));
    const view = alarmLoadSchema.parse(boardOf(on, 1).view());
    expect(view.chattering).toMatchObject([{ subject: 'clamp/a', name: { en: '<clamp> / a' }, count: 4 }]);
    expect(view.badActors).toHaveLength(10);
    expect(view.badActors[0]).toMatchObject({ subject: 'clamp/a', count: 4 });
    expect(view.counters).toMatchObject({ heldChattering: 1 });
    expect(boardOf(on, 1).levels().alarmLoad).toMatchObject({ recentAlarms: 16, flood: 1, chattering: 1 });
  });
});

test('there is room for a thousand people and roles; who comes after them is counted as such', () => {
  const load = createLoad(config.flood, EPOCH);
  for (let number = 0; number < OPERATORS_MAX + 50; number += 1)
    load.note({ alarm: hot(number), atMs: EPOCH }, [`p${number}`]);
  expect(load.meters.size).toBe(OPERATORS_MAX + 1);
  expect(load.unmeasured).toBe(50);
  expect(load.meters.get(VENUE)?.figures(EPOCH).perDay).toBe(OPERATORS_MAX + 50);
});
