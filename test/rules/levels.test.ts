import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  interrupted,
  judgeLevels,
  type Level,
  type Marks,
  NO_MARKS,
  nextDeadlineMs,
  passTime,
  reachedLevel,
  risingLevel,
  type Scale,
} from '../../rules/levels.ts';
import { SEVERITIES } from '../../rules/rule.ts';

const RANK: readonly string[] = ['none', ...SEVERITIES];
const HOLD = 10_000;
const CLEAR = 30_000;

const scaleOf = (direction: Scale['direction'], holdMs = HOLD, clearMs = CLEAR, deadband = 0.2): Scale => {
  const limits = direction === 'above' ? [2, 3, 4] : [4, 3, 2];
  const severities = ['yellow', 'orange', 'red'] as const;
  return {
    direction,
    clearMs,
    deadband,
    levels: severities.map((severity, index): Level => ({ severity, limit: limits[index] ?? 0, holdMs })),
  };
};

const ABOVE = scaleOf('above');

type Change = readonly [atMs: number, severity: string];

interface Run {
  marks: Marks;
  changes: Change[];
}

const note = (scale: Scale, run: Run, atMs: number): void => {
  const severity = reachedLevel(scale, run.marks)?.severity ?? 'none';
  if (severity !== (run.changes.at(-1)?.[1] ?? 'none')) run.changes.push([atMs, severity]);
};

/** Fires every deadline up to `untilMs`, as the engine does. */
const pass = (scale: Scale, run: Run, untilMs: number): void => {
  for (let dueMs = nextDeadlineMs(scale, run.marks); dueMs !== undefined && dueMs <= untilMs; ) {
    run.marks = passTime(scale, run.marks, dueMs);
    note(scale, run, dueMs);
    const nextMs = nextDeadlineMs(scale, run.marks);
    if (nextMs === dueMs) throw new Error('a deadline passed without effect');
    dueMs = nextMs;
  }
};

type Sample = readonly [atMs: number, value: number];

const play = (scale: Scale, samples: readonly Sample[], untilMs: number, saveAt = -1): Change[] => {
  const run: Run = { marks: NO_MARKS, changes: [] };
  samples.forEach(([atMs, value], index) => {
    pass(scale, run, atMs);
    if (index === saveAt) run.marks = JSON.parse(JSON.stringify(run.marks));
    run.marks = judgeLevels(scale, run.marks, value, atMs);
    note(scale, run, atMs);
  });
  pass(scale, run, untilMs);
  return run.changes;
};

const series = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 50 })), { maxLength: 40 })
  .map((steps) => {
    let atMs = 0;
    return steps.map(([gapMs, tenths]): Sample => {
      atMs += gapMs;
      return [atMs, tenths / 10];
    });
  });

/** What must be said at `atMs`, from the definition alone: the value at and beyond the limit over the whole hold. */
const lastedAt = (samples: readonly Sample[], limit: number, atMs: number, holdMs: number): boolean => {
  let sinceMs: number | undefined;
  for (const [sampleMs, value] of samples) {
    if (sampleMs > atMs) break;
    if (value < limit) sinceMs = undefined;
    else sinceMs ??= sampleMs;
  }
  return sinceMs !== undefined && atMs - sinceMs >= holdMs;
};

describe('levels', () => {
  test('each level keeps its own time: yellow, then orange 10 s after the value rose again', () => {
    expect(
      play(
        ABOVE,
        [
          [0, 2.5],
          [15_000, 3.5],
        ],
        60_000,
      ),
    ).toEqual([
      [10_000, 'yellow'],
      [25_000, 'orange'],
    ]);
  });

  test('a value that starts above all levels raises the severest alone', () => {
    expect(play(ABOVE, [[0, 5]], 60_000)).toEqual([[10_000, 'red']]);
  });

  test('a short spike into red does not raise red, and does not start orange again', () => {
    const samples: Sample[] = [
      [0, 3.5],
      [5_000, 4.5],
      [9_000, 3.5],
    ];
    expect(play(ABOVE, samples, 60_000)).toEqual([[10_000, 'orange']]);
  });

  test('a level is left only below limit minus deadband, and after the off-delay', () => {
    const inside: Sample[] = [
      [0, 3],
      [20_000, 2.8],
    ];
    expect(play(ABOVE, inside, 200_000)).toEqual([[10_000, 'orange']]);
    const outside: Sample[] = [
      [0, 3],
      [20_000, 2.79],
    ];
    expect(play(ABOVE, outside, 200_000)).toEqual([
      [10_000, 'orange'],
      [50_000, 'yellow'],
    ]);
  });

  test('a value that comes back during the off-delay stays, and the off-delay starts again', () => {
    const samples: Sample[] = [
      [0, 2.5],
      [20_000, 1],
      [49_999, 1.8],
      [60_000, 1],
    ];
    expect(play(ABOVE, samples, 200_000)).toEqual([
      [10_000, 'yellow'],
      [90_000, 'none'],
    ]);
  });

  test('the other direction: limits fall', () => {
    const samples: Sample[] = [
      [0, 4],
      [20_000, 1.9],
      [40_000, 4.21],
    ];
    expect(play(scaleOf('below'), samples, 200_000)).toEqual([
      [10_000, 'yellow'],
      [30_000, 'red'],
      [70_000, 'none'],
    ]);
  });

  test('no delays: at once, both ways', () => {
    const samples: Sample[] = [
      [5, 4],
      [6, 3.9],
      [7, 1.7],
    ];
    expect(play(scaleOf('above', 0, 0), samples, 10)).toEqual([
      [5, 'red'],
      [7, 'none'],
    ]);
  });

  test('a level that needs confirmation is not reached by time alone', () => {
    const scale: Scale = { ...ABOVE, levels: [{ severity: 'red', limit: 8, holdMs: 200, confirmed: true }] };
    const one: Sample[] = [[0, 9]];
    expect(play(scale, one, 60_000)).toEqual([]);
    expect(play(scale, [...one, [100, 9]], 60_000)).toEqual([]);
    expect(play(scale, [...one, [2_000, 9]], 60_000)).toEqual([[2_000, 'red']]);
    expect(play(scale, [...one, [1_000, 1], [2_000, 9]], 60_000)).toEqual([]);
  });

  test('mayLeave false: levels are reached, none is left, and leaving starts afresh', () => {
    let marks = passTime(ABOVE, judgeLevels(ABOVE, NO_MARKS, 3.5, 0), HOLD);
    marks = judgeLevels(ABOVE, marks, 1, 20_000);
    marks = judgeLevels(ABOVE, marks, 1, 30_000, false);
    expect(nextDeadlineMs(ABOVE, marks)).toBeUndefined();
    expect(reachedLevel(ABOVE, marks)?.severity).toBe('orange');
    expect(nextDeadlineMs(ABOVE, judgeLevels(ABOVE, marks, 1, 70_000))).toBe(100_000);
  });

  test('the same marks while nothing changes, and no marks at all while all is quiet', () => {
    expect(judgeLevels(ABOVE, NO_MARKS, 1.9, 0)).toBe(NO_MARKS);
    const rising = judgeLevels(ABOVE, NO_MARKS, 2.5, 0);
    expect(judgeLevels(ABOVE, rising, 2.6, 5_000)).toBe(rising);
    expect(risingLevel(ABOVE, rising)?.severity).toBe('yellow');
    expect(judgeLevels(ABOVE, rising, 1, 6_000)).toBe(NO_MARKS);
    const on = passTime(ABOVE, rising, HOLD);
    expect(judgeLevels(ABOVE, on, 2.5, 20_000)).toBe(on);
    expect(passTime(ABOVE, on, 20_000)).toBe(on);
  });

  test('stamps that step back a little neither throw nor shorten the hold', () => {
    const samples: Sample[] = [
      [10_000, 2.5],
      [8_000, 2.5],
      [12_000, 2.5],
    ];
    expect(play(ABOVE, samples, 60_000)).toEqual([[20_000, 'yellow']]);
  });
});

describe('levels, for any series', () => {
  test('a level is first raised exactly when the value has lasted, never before', () => {
    fc.assert(
      fc.property(series, (samples) => {
        const endMs = (samples.at(-1)?.[0] ?? 0) + 100_000;
        const scale = { ...ABOVE, clearMs: 1e12 };
        const changes = play(scale, samples, endMs);
        scale.levels.forEach(({ severity, limit }) => {
          const raised = changes.find(([, name]) => RANK.indexOf(name) >= RANK.indexOf(severity));
          const starts = samples.map(([atMs]) => atMs + HOLD);
          const due = starts.find(
            (atMs) =>
              atMs <= endMs &&
              lastedAt(
                samples.filter(([ms]) => ms < atMs),
                limit,
                atMs,
                HOLD,
              ),
          );
          expect(raised?.[0]).toBe(due);
        });
      }),
    );
  });

  test('once the value stays back, everything is left exactly after the off-delay', () => {
    fc.assert(
      fc.property(series, (samples) => {
        const endMs = (samples.at(-1)?.[0] ?? 0) + HOLD;
        const changes = play(ABOVE, [...samples, [endMs, 5], [endMs + HOLD, 0]], endMs + HOLD + CLEAR);
        expect(changes.at(-1)).toEqual([endMs + HOLD + CLEAR, 'none']);
        expect(changes.at(-2)?.[1]).toBe('red');
      }),
    );
  });

  test('monotone: higher values never give a milder severity', () => {
    const rank = (changes: readonly Change[], atMs: number): number =>
      RANK.indexOf(changes.findLast(([ms]) => ms <= atMs)?.[1] ?? 'none');
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 20 }), (samples, tenths) => {
        const endMs = (samples.at(-1)?.[0] ?? 0) + 100_000;
        const low = play(ABOVE, samples, endMs);
        const high = play(
          ABOVE,
          samples.map(([atMs, value]): Sample => [atMs, value + tenths / 10]),
          endMs,
        );
        for (const [atMs] of [...low, ...high]) expect(rank(high, atMs)).toBeGreaterThanOrEqual(rank(low, atMs));
      }),
    );
  });

  test('saved and restored anywhere, the outcome is the same', () => {
    fc.assert(
      fc.property(series, fc.nat(40), (samples, saveAt) => {
        const endMs = (samples.at(-1)?.[0] ?? 0) + 100_000;
        expect(play(ABOVE, samples, endMs, saveAt)).toEqual(play(ABOVE, samples, endMs));
      }),
    );
  });
});

describe('what was under way when the value is not known any more', () => {
  const scale = {
    direction: 'above',
    levels: [
      { severity: 'yellow', limit: 1, holdMs: 10 },
      { severity: 'red', limit: 2, holdMs: 10 },
    ],
    clearMs: 10,
    deadband: 0,
  } as const;

  test('begins anew; what was being left stands again; the same marks where nothing was', () => {
    const rising = judgeLevels(scale, NO_MARKS, 3, 0);
    expect(rising.map(({ phase }) => phase)).toEqual(['rising', 'rising']);
    expect(interrupted(rising)).toBe(NO_MARKS);
    const reached = passTime(scale, judgeLevels(scale, NO_MARKS, 1, 0), 10);
    expect(interrupted(reached)).toBe(reached);
    expect(interrupted(NO_MARKS)).toBe(NO_MARKS);
    expect(interrupted(judgeLevels(scale, reached, 3, 11)).map(({ phase }) => phase)).toEqual(['on', 'off']);
    expect(interrupted(judgeLevels(scale, reached, 0, 11)).map(({ phase }) => phase)).toEqual(['on', 'off']);
  });

  test('the next deadline is the earliest of all', () => {
    const reached = passTime(scale, judgeLevels(scale, NO_MARKS, 1, 0), 10);
    const both = judgeLevels(scale, judgeLevels(scale, reached, 0, 15), 0, 16);
    expect(nextDeadlineMs(scale, both)).toBe(25);
    expect(nextDeadlineMs(scale, judgeLevels(scale, judgeLevels(scale, NO_MARKS, 1, 0), 3, 4))).toBe(10);
    expect(nextDeadlineMs(scale, reached)).toBeUndefined();
  });
});
