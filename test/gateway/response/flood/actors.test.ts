import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Actors } from '../../../../gateway/response/flood/actors.ts';
import { alarmOf, EPOCH } from '../stage.ts';

const LIMITS = { alarms: 3, withinMs: 60_000, quietMs: 300_000, againMs: 600_000 };
const yellow = (subject: string) => alarmOf(subject, { rule: 'hot', kind: 'threshold', severity: 'yellow' });

describe('chattering', () => {
  const at = (actors: Actors, ...seconds: number[]) =>
    seconds.map((each) => actors.note(yellow('t1'), EPOCH + each * 1000)?.word);
  test('is three within a minute, and not three in just a minute', () => {
    expect(at(new Actors(LIMITS), 0, 30, 59.999)).toEqual([undefined, undefined, 'say']);
    expect(at(new Actors(LIMITS), 0, 30, 60)).toEqual([undefined, undefined, undefined]);
  });
  test('is said once, then held, and said again while it goes on', () => {
    const actors = new Actors(LIMITS);
    expect(at(actors, 0, 10, 20, 30, 200, 400, 619.9, 620, 630)).toEqual([
      undefined,
      undefined,
      'say',
      'hold',
      'hold',
      'hold',
      'hold',
      'say',
      'hold',
    ]);
    expect(actors.of(yellow('t1'), EPOCH + 640_000)).toMatchObject({ count: 9, sinceMs: EPOCH });
  });
  test('is over after five minutes of quiet', () => {
    const actors = new Actors(LIMITS);
    expect(at(actors, 0, 10, 20, 319.999)).toEqual([undefined, undefined, 'say', 'hold']);
    expect(actors.of(yellow('t1'), EPOCH + 619_998)).toBeDefined();
    expect(actors.chattering(EPOCH + 619_998)).toHaveLength(1);
    expect(actors.of(yellow('t1'), EPOCH + 619_999)).toBeUndefined();
    expect(actors.chattering(EPOCH + 619_999)).toHaveLength(0);
    expect(at(actors, 619.999)).toEqual([undefined]);
  });
  test('is said when it gets graver', () => {
    const actors = new Actors(LIMITS);
    at(actors, 0, 10, 20);
    expect(actors.note({ ...yellow('t1'), severity: 'orange' }, EPOCH + 30_000)?.word).toBe('say');
    expect(actors.note(yellow('t1'), EPOCH + 40_000)?.word).toBe('hold');
  });
  test('is of one rule and one subject', () => {
    const actors = new Actors(LIMITS);
    for (const subject of ['a', 'b', 'c']) expect(actors.note(yellow(subject), EPOCH)).toBeUndefined();
    for (const rule of ['x', 'y']) expect(actors.note({ ...yellow('a'), rule }, EPOCH)).toBeUndefined();
  });
});

test('the worst of a day are those of a naive recount, and there are never more than there is room for', () => {
  const noted = fc.array(fc.tuple(fc.integer({ min: 0, max: 7_200_000 }), fc.integer({ min: 0, max: 30 })), {
    maxLength: 150,
  });
  fc.assert(
    fc.property(noted, fc.integer({ min: 0, max: 100_000_000 }), (list, afterMs) => {
      const actors = new Actors(LIMITS, 20);
      const seen: { readonly subject: string; readonly atMs: number }[] = [];
      let nowMs = EPOCH;
      for (const [waitMs, who] of list) {
        nowMs += waitMs;
        actors.note(yellow(`t${who}`), nowMs);
        seen.push({ subject: `t${who}`, atMs: nowMs });
        expect(actors.size).toBeLessThanOrEqual(20);
      }
      if (actors.forgotten > 0) return;
      nowMs += afterMs;
      const hour = Math.floor(nowMs / 3_600_000);
      const counts = new Map<string, number>();
      for (const { subject, atMs } of seen)
        if (Math.floor(atMs / 3_600_000) > hour - 24) counts.set(subject, (counts.get(subject) ?? 0) + 1);
      const worst = actors.worst(nowMs, 10);
      expect(worst.map(({ count }) => count)).toEqual([...counts.values()].sort((a, b) => b - a).slice(0, 10));
      for (const { subject, count } of worst) expect(count).toBe(counts.get(subject));
    }),
    { numRuns: 200 },
  );
});
