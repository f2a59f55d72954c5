import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fits } from '../../rules/judge/fitting.ts';
import { ruleSchema } from '../../rules/kinds/index.ts';
import type { Rule, RuleState } from '../../rules/rule.ts';
import { runs } from '../runs.ts';
import { type Act, evenings } from './properties/act.ts';
import type { Cast } from './properties/cast.ts';
import { CASTS } from './properties/casts.ts';
import { Play, type Staging } from './properties/play.ts';
import type { Reach } from './properties/witness.ts';

const ALL_RUNS = 40;
const RUNS = runs(ALL_RUNS);

test('every kind of rule is played, by a rule of its own kind', () => {
  const kinds = ruleSchema.options.map((schema) => schema.shape.kind.value);
  expect(Object.keys(CASTS).sort()).toEqual([...kinds].sort());
  for (const [kind, { rules }] of Object.entries(CASTS)) expect(rules[0]?.kind).toBe(kind);
});

const ofGateway = ({ do: what }: Act): boolean => what === 'restart' || what === 'capture';

/** Alarm by alarm: two alarms of one moment may be told of in either order. */
const told = (cast: Cast, acts: readonly Act[], staging: Staging) => {
  const story = new Map<string, object[]>();
  for (const event of new Play(cast, staging).play(acts).told) {
    if (!('alarm' in event)) continue;
    const { type, atMs, alarm } = event;
    story.set(alarm.id, [...(story.get(alarm.id) ?? []), { type, atMs, alarm }]);
  }
  return Object.fromEntries([...story].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Judges every state a second time as it would be had it been saved and read: the same must come of it. */
const savedToo = (rule: Rule): Rule => ({
  ...rule,
  step: (state, input, subject) => {
    const step = rule.step(state, input, subject);
    const read: RuleState = JSON.parse(JSON.stringify(state));
    if (!fits(read, rule.start())) throw new Error('a state of its own does not fit');
    const again = rule.step(read, input, subject);
    expect(JSON.stringify([again.state, again.condition])).toBe(JSON.stringify([step.state, step.condition]));
    // An unchanged state keeps the deadline that it has.
    if (step.state !== state && again.state !== read) expect(again.wakeAtMs).toBe(step.wakeAtMs);
    return step;
  },
});

describe.each(Object.entries(CASTS))('%s', (_, cast) => {
  const acts = evenings(cast);

  test('unknown clears nothing, one alarm is open at most, what is told is what stands, nothing before its cause', () => {
    const phases = new Set<string>();
    const events = new Map<string, number>();
    const note = ({ reach }: { readonly reach: Reach }): void => {
      for (const phase of reach.phases) phases.add(phase);
      for (const [type, count] of reach.events) events.set(type, (events.get(type) ?? 0) + count);
    };
    fc.assert(
      fc.property(acts, (each) => note(new Play(cast, { restarts: 'down', historical: true }).play(each).witness)),
      { numRuns: 2 * RUNS },
    );
    // A few evenings show nothing of how far they reach.
    if (RUNS < ALL_RUNS) return;
    const { never, isLost } = cast;
    expect([...phases].sort()).toEqual(
      ['active', 'normal', 'pending', 'unknown'].filter((phase) => !never.some((each) => each === phase)),
    );
    const reached = ['raised', 'cleared', 'closed', ...(isLost ? ['unknown'] : [])];
    for (const type of reached) expect([type, (events.get(type) ?? 0) >= RUNS / 4]).toEqual([type, true]);
  });

  const same = (what: string, staging: Staging) =>
    test(what, () => {
      fc.assert(
        fc.property(acts, (each) => {
          const played = each.filter(
            (act) =>
              (staging.restarts !== undefined || !ofGateway(act)) &&
              (staging.lateTimers !== true || act.do !== 'shelve'),
          );
          expect(told(cast, played, staging)).toEqual(told(cast, played, {}));
        }),
        { numRuns: RUNS },
      );
    });
  test('a state that was saved is judged as the one that never was', () => {
    const company = { ...cast, rules: cast.rules.map(savedToo) };
    fc.assert(
      fc.property(acts, (each) => void new Play(company, { historical: true }).play(each)),
      { numRuns: RUNS },
    );
  });

  same('an engine that was restarted says what one says that never stopped', { restarts: 'instant' });
  same('what comes too late to be judged raises nothing and clears nothing', { historical: true });
  same('what comes twice changes nothing', { twice: true });
  same('timers that are late change nothing', { lateTimers: true });
});
