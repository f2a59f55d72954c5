import { describe, expect, test } from 'vitest';
import type { Capture, CapturedPart } from '../../../rules/judge/capture.ts';
import type { Judge } from '../../../rules/judge/judge.ts';
import type { RuleState } from '../../../rules/rule.ts';
import { device, EPOCH, occurrenceOf, sampleOf, venueOf } from '../stage.ts';
import { active, engineOf, made, saying } from './made.ts';

const STRANGERS_MAX = 1000;

const quiet = { reports: undefined };
const venue = venueOf([device('b1', quiet), device('b2', quiet)]);

const countOf = (state: RuleState): number => ('count' in state ? Number(state.count) : 0);

/** Counts samples and says nothing: its state goes by the shortest way, which tells nobody. */
const tally = made(
  'tally',
  (state, input) =>
    input.type === 'sample' ? { state: { phase: 'normal', ...counted(countOf(state) + 1) } } : { state },
  { subjects: (each, channel) => [channel === '' ? each.id : `${each.id}/${channel}`] },
);

const counted = (count: number): object => ({ count });

/** Waits ever longer, in one and the same state. */
const waiting = made('waiting', (state, input) =>
  input.type === 'sample' ? { state, wakeAtMs: input.nowMs + (input.metrics.batteryPercent ?? 0) * 1000 } : { state },
);

const drain = (capture: Capture): CapturedPart[] => {
  const parts: CapturedPart[] = [];
  for (let next = capture.next(1); next !== undefined; next = capture.next(1)) parts.push(...next);
  return parts;
};

const keep = (engine: Judge, isWhole = false): CapturedPart[] => {
  const capture = engine.capture(isWhole);
  const parts = drain(capture);
  engine.endCapture(capture, true);
  return parts;
};

const keysOf = (parts: readonly CapturedPart[]): readonly string[] => parts.map(([key]) => key);

/** What was written of the states of a device. */
const statesOf = (parts: readonly CapturedPart[], key: string): readonly RuleState[] =>
  parts.flatMap(([each, part]) =>
    each === key && part !== undefined && 'subjects' in part ? part.subjects.map(({ state }) => state) : [],
  );

const NOTHING = ['engine'];

describe('only what has changed is written', () => {
  test('nothing, where nothing has', () => {
    const { engine, take } = engineOf([tally, waiting], { venue });
    take(sampleOf('b1', EPOCH, {}));
    expect(keysOf(keep(engine, true))).toEqual(['device/b1', 'device/b2', 'engine']);
    expect(keysOf(keep(engine))).toEqual(NOTHING);
  });

  test('a device that was heard, and no other', () => {
    const { engine, take } = engineOf([], { venue });
    take(sampleOf('b1', EPOCH, {}), sampleOf('b2', EPOCH, {}));
    keep(engine, true);
    take(sampleOf('b2', EPOCH + 1, {}));
    expect(keysOf(keep(engine))).toEqual(['device/b2', ...NOTHING]);
  });

  test('a state alone: two samples of one millisecond', () => {
    const { engine, take } = engineOf([tally], { venue });
    take(sampleOf('b1', EPOCH, {}));
    keep(engine, true);
    take(sampleOf('b1', EPOCH, {}));
    const parts = keep(engine);
    expect(keysOf(parts)).toEqual(['device/b1', ...NOTHING]);
    expect(statesOf(parts, 'device/b1')).toEqual([{ phase: 'normal', count: 2 }]);
  });

  test('a deadline alone', () => {
    const { engine, take } = engineOf([waiting], { venue });
    take(sampleOf('b1', EPOCH, { batteryPercent: 5 }));
    keep(engine, true);
    take(sampleOf('b1', EPOCH, { batteryPercent: 9 }));
    const [[key, part] = []] = keep(engine);
    expect([key, part]).toMatchObject(['device/b1', { subjects: [{ dueMs: EPOCH + 9000 }] }]);
  });

  test('what is said alone, of a state that is the same', () => {
    const saysOnly = made('says', (state, input) =>
      input.type === 'occurrence' ? { state, condition: saying('active') } : { state },
    );
    const { engine, take } = engineOf([saysOnly], { venue });
    take(sampleOf('b1', EPOCH, {}));
    keep(engine, true);
    take(occurrenceOf('b1', 'button', EPOCH));
    expect(keysOf(keep(engine))).toEqual(['device/b1', ...NOTHING]);
  });

  test('one that was not kept is not built upon', () => {
    const { engine, take } = engineOf([tally], { venue });
    keep(engine, true);
    take(sampleOf('b1', EPOCH, {}));
    const lost = engine.capture(false);
    drain(lost);
    engine.endCapture(lost, false);
    expect(keysOf(keep(engine))).toEqual(['device/b1', ...NOTHING]);
  });

  test('nor one that another has taken the place of, whatever is said of it later', () => {
    const { engine, take } = engineOf([tally], { venue });
    keep(engine, true);
    take(sampleOf('b1', EPOCH, {}));
    const first = engine.capture(false);
    const second = engine.capture(false);
    engine.endCapture(first, true);
    drain(second);
    engine.endCapture(second, false);
    expect(keysOf(keep(engine))).toEqual(['device/b1', ...NOTHING]);
  });
});

describe('what changes while it is written', () => {
  test('is written as it was: a state of the first place, and of every other', () => {
    const { engine, take } = engineOf([tally, { ...tally, id: 'again' }], { venue });
    take(sampleOf('b1', EPOCH, {}));
    const capture = engine.capture(true);
    take(sampleOf('b1', EPOCH + 1, {}));
    const once = { phase: 'normal', count: 1 };
    expect(statesOf(drain(capture), 'device/b1')).toEqual([once, once]);
  });

  test('a channel that was met since has not begun', () => {
    const { engine, take } = engineOf([tally], { venue });
    const capture = engine.capture(true);
    take(sampleOf('b1', EPOCH, {}, 'a'));
    take(sampleOf('b1', EPOCH, {}, 'b'));
    const begun = statesOf(drain(capture), 'device/b1');
    expect(begun.map(countOf)).toEqual([0, 0, 0]);
  });

  test('what is said of a subject: nothing was said then', () => {
    const says = made('says', (state, input) => (input.type === 'sample' ? active(state) : { state }));
    const { engine, take } = engineOf([says], { venue });
    const capture = engine.capture(true);
    take(sampleOf('b1', EPOCH, {}));
    const [[, part] = []] = drain(capture);
    expect(part).toMatchObject({ subjects: [{ state: { phase: 'normal' }, condition: undefined }] });
  });

  test('a subject that many feed', () => {
    const shared = made(
      'hall',
      (state, input) =>
        input.type === 'sample' ? { state: { phase: 'normal', ...counted(countOf(state) + 1) } } : { state },
      { shared: () => true, subjects: () => ['hall'] },
    );
    const { engine, take } = engineOf([shared], { venue });
    take(sampleOf('b1', EPOCH, {}));
    const capture = engine.capture(true);
    take(sampleOf('b2', EPOCH + 1, {}));
    expect(drain(capture)).toContainEqual([
      'shared/hall/hall',
      expect.objectContaining({ state: { phase: 'normal', count: 1 } }),
    ]);
  });
});

describe('strangers that were forgotten', () => {
  const met = () => {
    const all = engineOf([tally], { venue });
    for (let index = 0; index < STRANGERS_MAX; index += 1) all.take(sampleOf(`x${index}`, EPOCH + index, {}));
    keep(all.engine, true);
    all.take(sampleOf('y', EPOCH + 5000, {}));
    return all;
  };

  test('are taken away by the next one, and registered devices never', () => {
    const { engine } = met();
    const parts = keep(engine);
    expect(parts.filter(([, part]) => part === undefined)).toEqual([['device/x0', undefined]]);
    expect(keysOf(parts)).toEqual(['device/y', 'device/x0', ...NOTHING]);
  });

  test('also by the first one of an engine that took over meanwhile, with all that it has not', () => {
    const { engine } = met();
    const heir = engineOf([tally], { venue: venueOf([device('b1', quiet)]) }).engine;
    heir.succeedParts(engine);
    const gone = new Set(keysOf(keep(heir, true).filter(([, part]) => part === undefined)));
    expect(gone.size).toBe(STRANGERS_MAX + 2);
    expect(['x0', 'x1', 'y', 'b2', 'b1'].map((id) => gone.has(`device/${id}`))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(keysOf(keep(heir))).toEqual(NOTHING);
  });
});

test('what never was is not written: no deadline, no rest of one, no silence', () => {
  const { engine } = engineOf([tally], { venue });
  const [subject] = engine.save().subjects;
  const [saved] = engine.save().devices;
  expect([subject?.dueMs, subject?.remainingMs, saved?.silentSinceMs]).toEqual([undefined, undefined, undefined]);
});
