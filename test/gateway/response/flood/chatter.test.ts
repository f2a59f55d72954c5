import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../../../rules/alarms/alarm.ts';
import { alarmOf, EPOCH, stage, venue } from '../stage.ts';
import { floodVenue, hot } from './venue.ts';

const config = floodVenue();

type On = ReturnType<typeof stage>;

/** Comes, and goes two seconds later; each time another alarm, as of a rule that does not latch. */
const blink = (on: On, atSeconds: number, rest: Partial<Alarm> = {}): void => {
  const alarm = hot(atSeconds, { subject: 't', severity: 'orange', ...rest });
  on.at(atSeconds);
  on.event('raised', alarm);
  on.at(atSeconds + 2);
  const cleared: Alarm = { ...alarm, condition: 'cleared' };
  on.event('cleared', cleared);
  on.event('closed', cleared);
};

const raisedAt = ({ story }: On): readonly string[] => story.filter((line) => line.includes('raised'));

describe('an alarm that comes and goes', () => {
  test('is told twice, then once that it chatters, then held; ten minutes later again', () => {
    const on = stage({ config });
    for (let seconds = 0; seconds < 700; seconds += 20) blink(on, seconds);
    expect(raisedAt(on)).toEqual([0, 20, 40, 640].map((each) => `${each} hook raised → li`));
    const third = on.notices.filter(({ event }) => event === 'raised').at(2);
    expect(third?.remark?.en).toBe('chattering: 3 times in 40 s; not told each time until quiet for 300 s');
    // Who did not hear that it came does not hear that it went.
    expect(on.notices.filter(({ event }) => event === 'cleared').map(({ atMs }) => atMs - EPOCH)).toEqual(
      [2, 22, 42, 642].map((each) => each * 1000),
    );
    const over = on.notices.filter(({ event }) => event === 'cleared').at(2);
    expect(over?.remark?.en).toBe('chattering: 3 times in 42 s; not told each time until quiet for 300 s');
    expect(on.response.flood.counters.heldChattering).toBe(31);
    expect(on.decided()).toContain('60 held-back chattering');
  });

  test('and then stays is told within a minute, with its ladder as of when it came', () => {
    const on = stage({ config });
    for (const seconds of [0, 20, 40, 60]) blink(on, seconds);
    on.story.length = 0;
    on.at(80);
    on.event('raised', hot(80, { subject: 't', severity: 'orange' }));
    on.at(139.999);
    expect(on.story).toEqual([]);
    on.at(201);
    expect(on.story).toEqual(['140 hook raised → li', '200 hook repeated step 1 → li+wang']);
    expect(on.decided()).toContain('180 overdue ack-overdue');
  });

  test('is told by when a deadline of its plan comes, where that is sooner', () => {
    const hasty = floodVenue('flood: { chatter: { withinSeconds: 300 } }');
    const on = stage({ config: hasty });
    for (const seconds of [0, 20, 40]) blink(on, seconds);
    on.at(60);
    on.event('raised', hot(60, { subject: 't', severity: 'orange' }));
    on.at(181);
    expect(on.story.slice(-2)).toEqual(['160 hook raised → li', '180 hook repeated step 1 → li+wang']);
  });

  test('is told at once after five minutes of quiet', () => {
    const on = stage({ config });
    for (const seconds of [0, 20, 40, 60, 400]) blink(on, seconds);
    expect(raisedAt(on)).toEqual([0, 20, 40, 400].map((each) => `${each} hook raised → li`));
  });

  test('is told whenever it is red, or a call for help, or graver than before', () => {
    const on = stage({ config });
    for (const seconds of [0, 10, 20, 30, 40]) blink(on, seconds, { severity: 'red' });
    expect(raisedAt(on)).toHaveLength(5);
    const help = stage({ config });
    for (let press = 0; press < 6; press += 1) {
      help.at(press);
      help.event('repeated', alarmOf('b1', { severity: 'orange' }));
    }
    expect(help.story).toHaveLength(6);
    const rising = stage({ config });
    for (const seconds of [0, 10, 20, 30]) blink(rising, seconds, { severity: 'yellow' });
    blink(rising, 40, { severity: 'orange' });
    expect(raisedAt(rising).at(-1)).toBe('40 hook raised → li');
    const flapping = stage({ config });
    const alarm = hot(1, { severity: 'yellow' });
    flapping.event('raised', alarm);
    for (const seconds of [10, 20, 30, 40]) {
      flapping.at(seconds);
      flapping.event('escalated', { ...alarm, severity: 'orange' });
      flapping.event('changed', alarm);
    }
    expect(flapping.story.filter((line) => line.includes('escalated'))).toHaveLength(4);
  });

  test('while it is open keeps the deadlines that it had', () => {
    const on = stage({ config });
    const latched = hot(1, { severity: 'orange' });
    on.event('raised', latched);
    for (let seconds = 10; seconds < 125; seconds += 10) {
      on.at(seconds);
      on.event('cleared', { ...latched, condition: 'cleared' });
      on.event('repeated', latched);
    }
    on.at(141);
    expect(on.story).toEqual([
      '0 hook raised → li',
      '10 hook cleared → li',
      '10 hook repeated → li',
      '20 hook cleared → li',
      '20 hook repeated → li',
      '30 hook cleared → li',
      '140 hook repeated step 1 → li+wang',
    ]);
  });

  test('commands actuators each time that it comes, and when it is over', () => {
    const commanding = venue(
      'devices: { sign: { profile: plug } }',
      'plan: { orange: { commands: [ { device: sign, do: show }, { device: sign, do: dark, when: closed } ] } }',
    );
    const on = stage({ config: commanding });
    for (const seconds of [0, 20, 40, 60]) blink(on, seconds);
    expect(on.response.flood.counters.heldChattering).toBe(1);
    const first = on.sent.filter(({ payload }) => payload.attempt === 1);
    expect(first.map(({ atSeconds, payload }) => `${atSeconds} ${payload.do}`)).toEqual(
      [0, 20, 40, 60].flatMap((each) => [`${each} show`, `${each + 2} dark`]),
    );
  });

  test('does so over a restart', () => {
    const first = stage({ config });
    for (const seconds of [0, 20, 40]) blink(first, seconds);
    first.at(60);
    first.event('raised', hot(60, { subject: 't', severity: 'orange' }));
    const on = stage({ config, atSeconds: 65, kept: first.kill() });
    expect(on.response.flood.load.actors.chattering(EPOCH + 65_000)).toMatchObject([{ subject: 't', count: 4 }]);
    on.at(119);
    expect(on.story).toEqual([]);
    on.at(120);
    expect(on.story).toEqual(['120 hook raised → li']);
  });

  test('is only counted where nothing is to be held', () => {
    const on = stage({ config: floodVenue('flood: { chatter: { severities: [] } }') });
    for (const seconds of [0, 10, 20, 30, 40]) blink(on, seconds);
    expect(raisedAt(on)).toHaveLength(5);
    expect(on.response.flood.load.actors.chattering(EPOCH + 50_000)).toHaveLength(1);
  });
});
