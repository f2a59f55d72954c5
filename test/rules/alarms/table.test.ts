import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REFUSALS } from '../../../rules/alarms/action.ts';
import { ALERTS } from '../../../rules/alarms/alarm.ts';
import {
  CONDITIONS,
  HUMANS,
  LIFE_EVENTS,
  type LifeEvent,
  type Standing,
  type Transition,
  transition,
} from '../../../rules/alarms/table.ts';

/** Every state: no alarm, and each condition with each human state, latched and not. */
const STANDINGS: readonly Standing[] = CONDITIONS.flatMap((condition) =>
  HUMANS.flatMap((human) => [true, false].map((latched) => ({ condition, human, latched }))),
);
const STATES: readonly (Standing | undefined)[] = [undefined, ...STANDINGS];

/** `active/shelved +escalated`, `- refusal`, `=`; `over` where the alarm is closed. */
const written = (result: Transition): string => {
  if (result === 'stays') return '=';
  if ('refused' in result) return `- ${result.refused}`;
  const { condition, human, tells } = result;
  const end = tells.at(-1) === 'closed' ? 'over' : `${condition}/${human}`;
  return `${end} +${tells.join(' +')}`;
};

const PEOPLE: readonly LifeEvent[] = [
  'acknowledge',
  'shelve',
  'shelve-once',
  'unshelve',
  'remove',
  'return',
  'comment',
  'assign',
];
const JUDGED: readonly LifeEvent[] = ['active', 'rise', 'again', 'pending', 'normal', 'unknown'];
const nameOf = (state: Standing | undefined): string =>
  state === undefined ? 'none' : `${state.condition}/${state.human}${state.latched ? ' latched' : ''}`;

describe('the transition table', () => {
  test('is what this page says, every state x every event', () => {
    const page = Object.fromEntries(
      STATES.map((state) => [
        nameOf(state),
        Object.fromEntries(LIFE_EVENTS.map((event) => [event, written(transition(state, event))])),
      ]),
    );
    expect(STATES.length * LIFE_EVENTS.length).toBe(31 * 20);
    const told = JSON.parse(readFileSync(new URL('table.json', import.meta.url), 'utf8'));
    expect(page).toEqual(told);
  });

  test.each(STATES.map((state) => [nameOf(state), state] as const))('%s: rules that hold everywhere', (_, state) => {
    for (const event of LIFE_EVENTS) {
      const result = transition(state, event);
      const says = `${nameOf(state)} ${event}: ${written(result)}`;
      if (typeof result === 'object' && 'refused' in result) {
        expect(REFUSALS[result.refused].zh, says).not.toBe('');
        expect(REFUSALS[result.refused].en, says).not.toBe('');
        continue;
      }
      if (result === 'stays') continue;
      expect(result.tells.length, says).toBeGreaterThan(0);
      const closes = result.tells.includes('closed');
      if (closes) {
        expect(result.tells.at(-1), says).toBe('closed');
        expect(result.condition, says).toBe('cleared');
      }
      // Unknown never clears, and people do not clear what has not cleared.
      if (event !== 'normal' && event !== 'replace' && state?.condition !== 'cleared')
        expect(result.condition, says).not.toBe('cleared');
      if (event === 'unknown') expect(closes, says).toBe(false);
      // What nobody acknowledged and latches does not go without somebody.
      if (state?.latched === true && state.human === 'unacknowledged' && event === 'normal')
        expect(closes, says).toBe(false);
      // A rise voids what people did; nothing graver is ever silent because of it.
      if (event === 'rise' || event === 'again') expect(result.human, says).toBe('unacknowledged');
      // Whoever comes back to be told, is told by an event that makes people look up.
      if (!closes && result.human === 'unacknowledged' && state !== undefined && state.human !== 'unacknowledged')
        expect(
          result.tells.some((type) => ALERTS.has(type)),
          says,
        ).toBe(true);
      // Nobody but people puts an alarm on the shelf or takes it on.
      if (!PEOPLE.includes(event) && result.human !== state?.human && !closes)
        expect(['unacknowledged', 'suppressed'], says).toContain(result.human);
      // A rule's word moves no alarm on the human axis but back to people.
      if (JUDGED.includes(event) && state !== undefined && !closes)
        expect([state.human, 'unacknowledged'], says).toContain(result.human);
    }
  });

  test('every open state can be reached, and no other', () => {
    const key = ({ condition, human }: Omit<Standing, 'latched'>): string => `${condition}/${human}`;
    const seen = new Set<string>();
    const walk = (from: Standing | undefined): void => {
      for (const event of LIFE_EVENTS) {
        const result = transition(from, event);
        if (result === 'stays' || 'refused' in result || result.tells.includes('closed')) continue;
        for (const latched of [true, false]) {
          const next = { condition: result.condition, human: result.human, latched };
          if (seen.has(`${key(next)}${latched}`)) continue;
          seen.add(`${key(next)}${latched}`);
          walk(next);
        }
      }
    };
    walk(undefined);
    const reached = new Set([...seen].map((each) => each.replace(/(true|false)$/, '')));
    const all = CONDITIONS.flatMap((condition) => HUMANS.map((human) => key({ condition, human })));
    const impossible = all.filter((each) => !reached.has(each));
    expect(impossible).toEqual(['cleared/acknowledged', 'cleared/out-of-service']);
    for (const human of ['acknowledged', 'out-of-service'] as const) {
      for (const event of LIFE_EVENTS) {
        expect(transition({ condition: 'cleared', human, latched: false }, event)).toEqual({ refused: 'impossible' });
      }
    }
  });
});
