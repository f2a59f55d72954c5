import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rosterOf } from '../../../gateway/response/roster.ts';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { configOf } from '../config/fixture.ts';
import { alarmOf, stage, venue } from './stage.ts';

const config = venue(
  'people: { a: { name: A, roles: [guard] }, b: { name: B, roles: [manager] }, c: { name: C, roles: [medic] } }',
  'notifiers: [ { kind: webhook, id: hook, url: "http://x", secret: xxxxxxxxxxxxxxxx } ]',
  `roster: { shifts: [ { role: manager, from: "20:01", to: "20:03" } ] }`,
  `plan:
  yellow: { notify: [manager], channels: [hook], escalate: [ { afterSeconds: 20, notify: [guard], channels: [hook] } ] }
  red:
    notify: [guard]
    channels: [hook]
    ackWithinSeconds: 30
    escalate: [ { afterSeconds: 30, notify: [manager], channels: [hook] }, { afterSeconds: 60, notify: [medic], channels: [hook] } ]`,
);

type Move = { readonly wait: number; readonly do: 'press' | 'ack' | 'shelve' | 'rise' | 'fall' | 'kill' | 'value' };

const moves = fc.array(
  fc.record<Move>({
    wait: fc.integer({ min: 0, max: 45 }),
    do: fc.constantFrom('press', 'ack', 'shelve', 'rise', 'fall', 'kill', 'value'),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Plays them, and answers everything that was told, over all restarts, with whether the alarm waited for somebody. */
const play = (list: readonly Move[]) => {
  let on = stage({ config });
  let alarm: Alarm = alarmOf('b1', { severity: 'yellow' });
  let seconds = 0;
  const told: { readonly people: readonly string[]; readonly isStep: boolean; readonly waited: boolean }[] = [];
  let seen = 0;
  const look = (): void => {
    for (const { recipients = [], step, repeat } of on.notices.slice(seen)) {
      const isStep = step !== undefined || repeat !== undefined;
      told.push({ people: recipients.map(({ id }) => id), isStep, waited: alarm.human === 'unacknowledged' });
    }
    seen = on.notices.length;
  };
  on.event('raised', alarm);
  look();
  for (const move of list) {
    seconds += move.wait;
    on.at(seconds);
    look();
    switch (move.do) {
      case 'press':
        alarm = { ...alarm, human: 'unacknowledged' };
        on.event('repeated', alarm);
        break;
      case 'ack':
        alarm = { ...alarm, human: 'acknowledged', acknowledgedBy: 'a' };
        on.event('acknowledged', alarm, 'a');
        break;
      case 'shelve':
        alarm = { ...alarm, human: 'shelved' };
        on.event('changed', alarm, 'a');
        break;
      case 'rise':
        alarm = { ...alarm, severity: 'red', human: 'unacknowledged' };
        on.event('escalated', alarm);
        break;
      case 'fall':
        alarm = { ...alarm, severity: 'yellow' };
        on.event('changed', alarm);
        break;
      case 'value':
        on.event('changed', { ...alarm, value: seconds });
        break;
      case 'kill':
        on = stage({ config, atSeconds: seconds, kept: on.kill() });
        seen = 0;
    }
    look();
  }
  return told;
};

test('whatever happens, nobody who was told is left out of what is told later, and nothing is repeated to people once it is handled', () => {
  fc.assert(
    fc.property(moves, (list) => {
      let before: readonly string[] = [];
      for (const { people, isStep, waited } of play(list)) {
        expect(people).toEqual(expect.arrayContaining([...before]));
        if (isStep) expect(waited).toBe(true);
        before = people;
      }
    }),
    { numRuns: 150 },
  );
});

const minute = fc.integer({ min: 0, max: 1439 });
const clockTime = (at: number): string =>
  `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;

test('at any moment a role is on duty or in a gap, in every zone and over every change of clocks', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
      fc.array(fc.tuple(minute, minute), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('2026-03-28', '2026-10-24', '2026-04-04', '2026-07-01'),
      fc.integer({ min: 0, max: 3 * 1440 - 1 }),
      (timezone, times, day, offset) => {
        const shifts = times.map(([from, to]) => `{ role: guard, from: "${clockTime(from)}", to: "${clockTime(to)}" }`);
        const read = configOf('roles: { guard: {} }', `roster: { shifts: [ ${shifts.join(', ')} ] }`);
        const roster = rosterOf({ ...read, venue: { ...read.venue, timezone } });
        const fromMs = Date.parse(day);
        const atMs = fromMs + offset * 60_000;
        const gaps = roster.gaps('guard', fromMs, fromMs + 3 * 86_400_000);
        const isInGap = gaps.some((gap) => gap.fromMs <= atMs && atMs < gap.toMs);
        expect(roster.at('guard', atMs).length > 0).toBe(!isInGap);
      },
    ),
    { numRuns: 200 },
  );
});
