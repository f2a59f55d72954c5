import { describe, expect, test } from 'vitest';
import type { Input } from '../../../rules/rule.ts';
import { conditionsOf, device, EPOCH, occurrenceOf, rule, sampleOf, stage, venueOf, zone } from '../stage.ts';
import { active, engineOf, made, saying } from './made.ts';

const venue = venueOf(
  [device('b1', { reports: { everySeconds: 20 } }), device('b2', { reports: undefined })],
  [zone('hall')],
);

const AT = EPOCH + 10_000;

/** Waits for `ms` from each sample on, and writes down what it is given: how long after the epoch, and what. */
const waitsFor = (ms: number, extra: Parameters<typeof made>[2] = {}) => {
  const seen: string[] = [];
  const note = ({ type, nowMs }: Input): void => void seen.push(`${(nowMs - EPOCH) / 1000} ${type}`);
  const waits = made(
    'waits',
    (state, input) => {
      note(input);
      return input.type === 'sample' ? { state: { phase: 'pending' }, wakeAtMs: input.nowMs + ms } : { state };
    },
    extra,
  );
  return { waits, seen };
};

describe('an input whose timer is late finds done', () => {
  const held = () => {
    const { waits, seen } = waitsFor(10_000);
    const all = engineOf([waits], { venue });
    all.take(sampleOf('b2', EPOCH, {}));
    return { ...all, seen };
  };

  test('what was due at its own millisecond, and nothing of the next', () => {
    const [at, before] = [held(), held()];
    at.take(sampleOf('b2', AT, {}));
    expect(at.seen).toEqual(['0 sample', '10 wake', '10 sample']);
    before.take(sampleOf('b2', AT - 1, {}));
    expect(before.seen).toEqual(['0 sample', '9.999 sample']);
  });

  test('what was due when it came, though it happened before: an occurrence as well as a sample', () => {
    for (const arrivedMs of [AT, AT - 1]) {
      const { take, seen } = held();
      take(occurrenceOf('b2', 'button', AT - 2000, { arrivedMs }));
      expect(seen).toEqual(arrivedMs === AT ? ['0 sample', '10 wake', '8 occurrence'] : ['0 sample', '8 occurrence']);
    }
  });

  test('what is due at its time, of inputs that know no other', () => {
    const { take, seen } = held();
    take({ type: 'acknowledge', nowMs: AT, rule: 'waits', subject: 'b2' });
    expect(seen).toEqual(['0 sample', '10 wake', '10 acknowledged']);
  });
});

test('a rule that wakes often, and whose timer was late, is none that wakes for ever', () => {
  let woken = 0;
  const ticks = made('ticks', (state, input) => {
    if (input.type === 'wake') woken += 1;
    return { state: { ...state }, wakeAtMs: input.nowMs + 1000 };
  });
  const { engine, take, verdicts } = engineOf([ticks], { venue });
  take(sampleOf('b2', EPOCH, {}));
  engine.fireDue(EPOCH + 100_000);
  expect([woken, verdicts]).toEqual([100, []]);
});

test('what is said of a state that is the same is told, whatever led to it', () => {
  const says = made('says', (state, input) =>
    input.type === 'occurrence' && input.kind === 'button' ? { state, condition: saying('active') } : { state },
  );
  const { take, verdicts, engine } = engineOf([says], { venue });
  take(occurrenceOf('b2', 'checkin', EPOCH));
  expect([verdicts.length, engine.hasJudged('says', 'b2')]).toEqual([0, false]);
  take(occurrenceOf('b2', 'button', EPOCH));
  expect(verdicts).toMatchObject([{ type: 'condition', subject: 'b2', condition: { phase: 'active' } }]);
  expect(engine.hasJudged('says', 'b2')).toBe(true);
});

describe('silence', () => {
  test('stops the time of a rule: a deadline put off after it comes when that time says so', () => {
    const { waits, seen } = waitsFor(60_000);
    const s = stage({ venue, rules: [waits] })
      .at(0)
      .sample('b1', {});
    // Silent from 60 s on, so 10 s of the gateway's time are none of the rule's. Put off within one place in the queue.
    s.at(70).sample('b1', {}).at(90).sample('b1', {}).at(149.999);
    expect(seen).toEqual(['0 sample', '60 wake', '60 sample', '80 sample']);
    s.at(150);
    expect(seen.slice(4)).toEqual(['140 wake']);
  });

  test('a move of its very moment is told once the badge is heard again, and none from before', () => {
    const moves: number[] = [];
    const hears = made(
      'hears',
      (state, input) => {
        if (input.type === 'occurrence' && input.kind === 'presence') moves.push((input.timeMs - EPOCH) / 1000);
        return { state };
      },
      { hearsPresence: true },
    );
    const walk = (at: number): number[] => {
      moves.length = 0;
      const s = stage({ venue, rules: [hears] })
        .at(0)
        .sample('b1', {});
      s.at(at)
        .occur('b1', 'presence', { attributes: { zone: 'hall' } })
        .at(100)
        .sample('b1', {});
      return [...moves];
    };
    expect([59.999, 60, 60.001].map(walk)).toEqual([[59.999], [60], [60.001]]);
  });
});

describe('a deadline that passed while down', () => {
  const heat = { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, holdSeconds: 60 };
  const hot = () =>
    stage({ venue, rules: [rule(heat, venue)] })
      .at(0)
      .sample('b2', { temperatureCelsius: 70 })
      .at(10)
      .save();

  test('waits for as long as is asked for', () => {
    const phases = (restartGraceSeconds: number | undefined, afterMs: number) => {
      const startedMs = EPOCH + 100_000;
      const rest = restartGraceSeconds === undefined ? {} : { restartGraceSeconds };
      const { engine } = engineOf([rule(heat, venue)], { venue, snapshot: hot(), startedMs, ...rest });
      engine.fireDue(startedMs + afterMs);
      return engine.stateOf('heat', 'b2')?.phase;
    };
    expect([phases(3, 2999), phases(3, 3000)]).toEqual(['pending', 'active']);
    expect([phases(undefined, 9999), phases(undefined, 10_000)]).toEqual(['pending', 'active']);
    expect(phases(0, 0)).toBe('active');
  });

  test('and that a first sample puts off comes at its new time', () => {
    const still = rule({ id: 'still', kind: 'stillness', minutes: 1, preAlarmSeconds: 0 }, venue);
    const rest = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
    const before = stage({ venue, rules: [still] })
      .at(0)
      .sample('b2', rest)
      .at(10);
    const after = stage({ venue, rules: [still], startSeconds: 100, snapshot: before.save() })
      .at(103)
      .sample('b2', { ...rest, accelerationYG: 1 });
    expect(after.at(162.999).story()).toEqual([]);
    expect(after.at(163).story()).toEqual([[163, 'raised', 'b2', 'orange']]);
  });

  test('is of no account where the rule fails on the first sample', () => {
    let woken = 0;
    const fails = made('fails', (state, input) => {
      if (input.type === 'wake') woken += 1;
      if (input.type === 'sample' && input.metrics.temperatureCelsius === 666) throw new Error('boom');
      return input.type === 'sample' ? { state: { phase: 'pending' }, wakeAtMs: input.nowMs + 60_000 } : active(state);
    });
    const before = stage({ venue, rules: [fails] })
      .at(0)
      .sample('b2', {})
      .at(10);
    const after = stage({ venue, rules: [fails], startSeconds: 100, snapshot: before.save() });
    woken = 0;
    after.at(101).sample('b2', { temperatureCelsius: 666 }).at(200);
    expect(after.verdicts.map(({ type }) => type)).toEqual(['fault', 'condition']);
    expect([woken, conditionsOf(after.verdicts).map(({ condition }) => condition.reason.code)]).toEqual([
      0,
      ['rule-fault'],
    ]);
  });
});

test('a subject that no device feeds goes on where it stood, and its name makes no device known', () => {
  const free = made(
    'free',
    (state, input) =>
      input.type === 'figure' ? { state: { phase: 'pending' }, wakeAtMs: input.nowMs + 60_000 } : active(state),
    { subjects: () => [], freeSubject: (input) => (input.type === 'figure' ? input.measure : undefined) },
  );
  const before = engineOf([free], { venue });
  before.take({ type: 'figure', nowMs: EPOCH, measure: 'lag', part: '', value: 1 });
  const { engine } = engineOf([free], { venue, snapshot: before.engine.save(), startedMs: EPOCH + 5000 });
  expect([engine.stateOf('free', 'lag'), engine.lifeOf('lag')]).toEqual([{ phase: 'pending' }, undefined]);
  engine.fireDue(EPOCH + 60_000);
  expect(engine.stateOf('free', 'lag')).toEqual({ phase: 'active' });
});
