import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { EngineInput } from '../../../rules/engine.ts';
import { judge } from '../../../rules/engine.ts';
import { FREE_SUBJECTS_MAX } from '../../../rules/judge/free-subjects.ts';
import type { Condition } from '../../../rules/rule.ts';
import { device, EPOCH, type Stage, sampleOf, stage, venueOf } from '../stage.ts';
import { engineOf, made, saying } from './made.ts';

const venue = venueOf([device('b1', { reports: { everySeconds: 20 } }), device('b2', { reports: undefined })]);

/** Says of its subject whatever is given, of the rest nothing. */
const says = (id: string, condition: Condition, silence: 'own' | 'freeze') =>
  made(id, (state, input) => (input.type === 'sample' ? { state: { phase: condition.phase }, condition } : { state }), {
    silence,
  });

describe('what rules have said last', () => {
  const preAlarmUntilMs = EPOCH + 600_000;
  const asking = saying('pending', { preAlarmUntilMs });
  const standing = (condition: Condition, silence: 'own' | 'freeze' = 'freeze', laterSeconds = 1) => {
    const { engine, take } = engineOf([says('asks', condition, silence)], { venue });
    take(sampleOf('b1', EPOCH, {}));
    engine.fireDue(EPOCH + laterSeconds * 1000);
    return [...engine.standing()].map(({ subject, condition: { phase } }) => [subject, phase]);
  };

  test('stands, whatever it is; where nothing was said, nothing does', () => {
    expect(standing(asking)).toEqual([['b1', 'pending']]);
    expect(standing(saying('active'))).toEqual([['b1', 'active']]);
    expect(standing(saying('normal'))).toEqual([['b1', 'normal']]);
    expect([...engineOf([says('asks', asking, 'freeze')], { venue }).engine.standing()]).toEqual([]);
  });

  test('not where the device is silent: nothing runs for it, unless the rule judges silence itself', () => {
    expect(standing(asking, 'freeze', 59.999)).toHaveLength(1);
    expect(standing(asking, 'freeze', 60)).toEqual([]);
    expect(standing(asking, 'own', 60)).toHaveLength(1);
  });

  test('not where the rule has failed since', () => {
    let isBroken = false;
    const rule = made('breaks', () => {
      if (isBroken) throw new Error('broken');
      return { state: { phase: 'active' }, condition: saying('active') };
    });
    const { engine, take } = engineOf([rule], { venue });
    take(sampleOf('b1', EPOCH, {}));
    expect([...engine.standing()]).toHaveLength(1);
    isBroken = true;
    take(sampleOf('b1', EPOCH + 1000, {}));
    expect([...engine.standing()]).toEqual([]);
  });

  test('each subject once, as was last said, with the time of who looks', () => {
    const { engine, take, clock } = engineOf([says('asks', asking, 'freeze')], { venue });
    take(sampleOf('b1', EPOCH, {}), sampleOf('b1', EPOCH, {}, 'a'), sampleOf('b2', EPOCH, {}));
    clock.nowMs = EPOCH + 5000;
    expect(
      [...engine.standing()].map(({ subject, atMs, condition }) => [subject, atMs, condition.preAlarmUntilMs]),
    ).toEqual([
      ['b1', EPOCH + 5000, preAlarmUntilMs],
      ['b2', EPOCH + 5000, preAlarmUntilMs],
    ]);
  });

  test('is seen through the operator, too', () => {
    const scheduler = { now: () => EPOCH, schedule: () => ({ unsubscribe: () => undefined }) };
    const operator = judge([says('asks', asking, 'freeze')], { scheduler, venue });
    expect([...operator.standing()]).toEqual([]);
    const input = new Subject<EngineInput>();
    input.pipe(operator).subscribe();
    input.next(sampleOf('b1', EPOCH, {}));
    expect([...operator.standing()]).toMatchObject([{ subject: 'b1', condition: { phase: 'pending' } }]);
  });
});

test('free subjects that were forgotten while something ran are counted', () => {
  const free = made(
    'free',
    (state, input) => (input.type === 'occurrence' ? { state: { phase: 'pending' } } : { state }),
    { subjects: () => [], freeSubject: (input) => (input.type === 'occurrence' ? input.id : undefined) },
  );
  const s = stage({ venue, rules: [free] });
  const name = (index: number): Stage => s.occur('b2', 'access', { id: `${index}` });
  for (let index = 0; index < FREE_SUBJECTS_MAX; index += 1) name(index);
  expect(s.forgottenSubjects).toBe(0);
  expect(name(FREE_SUBJECTS_MAX).forgottenSubjects).toBe(1);
});

test('states that did not fit are counted, of each rule and in all', () => {
  const pending = (id: string, phase: 'pending' | 'normal' = 'pending') =>
    made(id, (state, input) => (input.type === 'sample' ? { state: { phase } } : { state }));
  const before = stage({ venue, rules: [pending('one'), pending('two'), pending('three')] })
    .sample('b1', {})
    .sample('b2', {});
  const saved = before.save();
  expect(before.unfitStates).toBe(0);
  const larger = ['one', 'two'].map((id) => ({
    ...pending(id),
    start: () => ({ phase: 'normal' as const, since: 0 }),
  }));
  const rules = [...larger, pending('three')];
  expect(stage({ venue, rules, snapshot: saved }).unfitStates).toBe(4);
  expect(engineOf(rules, { venue, snapshot: saved }).engine.unfitStates).toEqual({ one: 2, two: 2 });
});
