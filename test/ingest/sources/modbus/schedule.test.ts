import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REGISTER_MAPS, registerMap } from '../../../../ingest/decoders/modbus/maps/index.ts';
import type { RegisterMap } from '../../../../ingest/decoders/modbus/register-map.ts';
import { type BusSchedule, busSchedule, type ScheduledUnit } from '../../../../ingest/sources/modbus/schedule.ts';
import { wireMs } from '../../../../ingest/sources/modbus/wire-time.ts';
import { playBus, type Reaction } from './virtual-bus.ts';

const mapOf = (name: string): RegisterMap => {
  const map = registerMap(name);
  if (map === undefined) throw new Error(name);
  return map;
};

const FORMAT = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

const GAP_MS = 4;

const scheduleOf = (units: readonly ScheduledUnit[], isShared = true): BusSchedule =>
  busSchedule({ units, wireMs: (count) => wireMs(FORMAT, count), gapMs: GAP_MS, isShared });

const unitOf = (unit: number, profile: string, everyMs: number, timeoutMs = 300): ScheduledUnit => ({
  unit,
  map: mapOf(profile),
  everyMs,
  timeoutMs,
});

const quick: Reaction = { do: 'answer', afterMs: 20 };
const dead: Reaction = { do: 'nothing' };

const anyUnit = (unit: number) =>
  fc
    .record({
      map: fc.constantFrom(...REGISTER_MAPS),
      everyMs: fc.integer({ min: 50, max: 20_000 }),
      timeoutMs: fc.integer({ min: 20, max: 1_000 }),
    })
    .map((options): ScheduledUnit => ({ unit, ...options }));

const anyUnits = fc
  .integer({ min: 1, max: 8 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => anyUnit(index + 1))));

const anyReaction = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer'), afterMs: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer'), afterMs: fc.integer({ min: 200, max: 9_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse'), afterMs: fc.integer({ min: 1, max: 3_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('nothing') }) },
);

const toReaction = (drawn: { readonly do: string; readonly afterMs?: number }): Reaction => {
  if (drawn.do === 'nothing') return { do: 'nothing' };
  return { do: drawn.do === 'refuse' ? 'refuse' : 'answer', afterMs: drawn.afterMs ?? 0 };
};

describe('the schedule of a bus', () => {
  test('never takes a late answer for the next one, however late and on whatever kind of line', () => {
    fc.assert(
      fc.property(
        anyUnits,
        fc.array(anyReaction, { minLength: 1, maxLength: 60 }),
        fc.boolean(),
        (units, drawn, isShared) => {
          const reactions = drawn.map(toReaction);
          const told = playBus(
            scheduleOf(units, isShared),
            (_, request) => reactions[request % reactions.length] ?? dead,
            120_000,
          );
          expect(told.filter(({ wrong, outcome, poll }) => wrong && outcome === 'answered' && !poll.isProbe)).toEqual(
            [],
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('asks one at a time, with a silence between', () => {
    fc.assert(
      fc.property(anyUnits, fc.array(anyReaction, { minLength: 1, maxLength: 30 }), (units, drawn) => {
        const schedule = scheduleOf(units);
        const told = playBus(
          {
            ...schedule,
            next: (nowMs) => {
              const turn = schedule.next(nowMs);
              if (turn.type === 'poll') expect(schedule.next(nowMs)).toEqual({ type: 'wait', untilMs: Infinity });
              return turn;
            },
          },
          (_, request) => toReaction(drawn[request % drawn.length] ?? { do: 'nothing' }),
          30_000,
        );
        told.slice(1).forEach(({ startMs }, index) => {
          expect(startMs).toBeGreaterThanOrEqual((told[index]?.endMs ?? 0) + GAP_MS - 1e-6);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('reads every unit again and again, also where they cannot all be on time', () => {
    fc.assert(
      fc.property(anyUnits, fc.nat(), (units, seed) => {
        const isDead = (unit: number): boolean => ((seed >> unit) & 1) === 1;
        const told = playBus(scheduleOf(units), ({ unit }) => (isDead(unit) ? dead : quick), 600_000);
        for (const { unit } of units) {
          const polls = told.filter(({ poll }) => poll.unit === unit);
          expect(polls.length).toBeGreaterThanOrEqual(3);
          // Also in the second half: nobody is given up.
          expect(polls.at(-1)?.startMs).toBeGreaterThan(300_000);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a live unit waits for at most one dead one, however many are dead', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 50, max: 1_000 }), (deadUnits, timeoutMs) => {
        const live = unitOf(1, 'pzem-004t-v3', 1_000);
        const others = Array.from({ length: deadUnits }, (_, index) => unitOf(index + 2, 'xy-md02', 5_000, timeoutMs));
        const told = playBus(scheduleOf([live, ...others]), ({ unit }) => (unit === 1 ? quick : dead), 300_000);
        // Once each of them has been found dead.
        const found = Math.max(...others.map(({ unit }) => told.find(({ poll }) => poll.unit === unit)?.endMs ?? 0));
        const polls = told.filter(({ poll, startMs }) => poll.unit === 1 && startMs > found);
        const longestMs = Math.max(
          ...polls.slice(1).map(({ startMs }, index) => startMs - (polls[index]?.startMs ?? 0)),
        );
        const oneDeadMs = 2 * timeoutMs + wireMs(FORMAT, 2) + 2 * GAP_MS;
        expect(polls.length).toBeGreaterThan(50);
        expect(longestMs).toBeLessThanOrEqual(1_000 + oneDeadMs + 1);
      }),
      { numRuns: 40 },
    );
  });

  test('dead units take a quarter of a bus that others wait for, at most', () => {
    const busy = Array.from({ length: 6 }, (_, index) => unitOf(index + 1, 'sdm630', 300));
    const others = Array.from({ length: 20 }, (_, index) => unitOf(index + 101, 'xy-md02', 1_000));
    const told = playBus(scheduleOf([...busy, ...others]), ({ unit }) => (unit < 100 ? quick : dead), 600_000);
    const lostMs = told
      .filter(({ poll, startMs }) => poll.unit > 100 && startMs > 60_000)
      .reduce((sum, { startMs, endMs, poll }) => sum + (endMs - startMs) + poll.timeoutMs, 0);
    expect(lostMs / 540_000).toBeLessThan(0.27);
  });

  test('a unit that comes back is read as before at once', () => {
    const told = playBus(
      scheduleOf([unitOf(1, 'xy-md02', 1_000), unitOf(2, 'xy-md02', 1_000)]),
      ({ unit }, request) => (unit === 1 && request < 200 ? dead : quick),
      400_000,
    );
    const first = told.find(({ poll, outcome }) => poll.unit === 1 && outcome === 'answered');
    const after = told.filter(({ poll, startMs }) => poll.unit === 1 && startMs > (first?.endMs ?? Infinity));
    expect(after.length).toBeGreaterThan(20);
    expect((after[9]?.startMs ?? 0) - (after[4]?.startMs ?? 0)).toBeLessThan(5_100);
  });

  test('short intervals and currents go first', () => {
    const told = playBus(
      scheduleOf([unitOf(1, 'xy-md02', 10_000), unitOf(2, 'pzem-004t-v3', 10_000), unitOf(3, 'xy-md02', 1_000)]),
      () => quick,
      500,
    );
    expect(told.map(({ poll }) => poll.unit)).toEqual([3, 2, 1]);
  });

  test('after an unanswered request the line is left alone until the answer must have passed', () => {
    const schedule = scheduleOf([unitOf(1, 'xy-md02', 1_000), unitOf(2, 'xy-md02', 1_000)]);
    const first = schedule.next(0);
    expect(first).toMatchObject({ type: 'poll', poll: { unit: 1, start: 1, count: 2 } });
    schedule.finished('unanswered', 320);
    expect(schedule.next(320)).toEqual({ type: 'wait', untilMs: 620 });
    // It comes: no need to wait longer.
    expect(schedule.receivedLate(1, 4, 2, 400)).toBe(true);
    expect(schedule.next(400)).toEqual({ type: 'wait', untilMs: 404 });
    expect(schedule.next(404)).toMatchObject({ type: 'poll', poll: { unit: 2 } });
  });

  test('after a broken answer it goes on at once: that one has passed', () => {
    const schedule = scheduleOf([unitOf(1, 'xy-md02', 1_000), unitOf(2, 'xy-md02', 1_000)]);
    schedule.next(0);
    schedule.finished('garbled', 30);
    expect(schedule.next(34)).toMatchObject({ type: 'poll', poll: { unit: 2 } });
    schedule.finished('answered', 60);
    expect(schedule.next(64)).toEqual({ type: 'wait', untilMs: 130 });
    expect(schedule.next(130)).toMatchObject({ type: 'poll', poll: { unit: 1, count: 1 } });
  });

  test('asked again, it is asked for another number of registers, until that is answered', () => {
    const schedule = scheduleOf([unitOf(1, 'pzem-004t-v3', 1_000)]);
    schedule.next(0);
    schedule.finished('unanswered', 320);
    expect(schedule.next(5_000)).toMatchObject({ type: 'poll', poll: { count: 8 } });
    schedule.finished('unanswered', 5_320);
    expect(schedule.next(10_000)).toMatchObject({ type: 'poll', poll: { count: 7 } });
    schedule.finished('answered', 10_020);
    expect(schedule.next(20_000)).toMatchObject({ type: 'poll', poll: { count: 9 } });
  });

  test('where every number of registers is owed, a request under the other function tells whether that is over', () => {
    const schedule = scheduleOf([unitOf(1, 'xy-md02', 1_000)]);
    let nowMs = 0;
    const ask = () => {
      const turn = schedule.next(nowMs);
      nowMs += 100;
      return turn;
    };
    for (const count of [2, 1]) {
      expect(ask()).toMatchObject({ poll: { functionCode: 4, count, isProbe: false } });
      schedule.finished('unanswered', nowMs);
      nowMs += 3_000;
    }
    for (let probe = 0; probe < 2; probe += 1) {
      expect(ask()).toMatchObject({ poll: { functionCode: 3, start: 1, isProbe: true } });
      schedule.finished('unanswered', nowMs);
      nowMs += 6_000;
    }
    expect(ask()).toMatchObject({ poll: { functionCode: 3 } });
    // Refused, and perhaps only the first probe was: both requests for values are done with all the same.
    schedule.finished('exception', nowMs);
    nowMs += 100;
    expect(ask()).toMatchObject({ poll: { functionCode: 4, count: 2 } });
  });

  test('a unit that refuses one block still gives the others', () => {
    const told = playBus(
      scheduleOf([unitOf(1, 'sdm630', 1_000)]),
      ({ start }) => (start === 0xe0 ? { do: 'refuse', afterMs: 20 } : quick),
      60_000,
    );
    expect(told.filter(({ poll }) => poll.start === 0).length).toBeGreaterThan(55);
    expect(told.filter(({ poll }) => poll.start === 0xe0).length).toBeLessThan(12);
  });

  test('what was asked before the line was opened anew is still remembered', () => {
    const schedule = scheduleOf([unitOf(1, 'xy-md02', 1_000)]);
    schedule.next(0);
    schedule.opened(100);
    expect(schedule.next(100)).toEqual({ type: 'wait', untilMs: 400 });
    expect(schedule.next(400)).toMatchObject({ type: 'poll', poll: { count: 1 } });
  });
});
