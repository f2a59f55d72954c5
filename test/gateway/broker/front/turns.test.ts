import { expect, test } from 'vitest';
import { Turns } from '../../../../gateway/broker/front/turns.ts';

/** A loop whose phases are stepped through by hand. */
const steppedLoop = () => {
  let nowMs = 0;
  let tasks: (() => void)[] = [];
  const clock = {
    now: () => nowMs,
    soon: (task: () => void) => {
      tasks.push(task);
    },
    after: () => () => undefined,
  };
  return {
    clock,
    pass: (ms: number) => {
      nowMs += ms;
    },
    phase: () => {
      const due = tasks;
      tasks = [];
      for (const task of due) task();
    },
    pending: () => tasks.length,
  };
};

test('what comes after the budget of a turn waits, the quiet first, and each gets its turn', () => {
  const loop = steppedLoop();
  const turns = new Turns(loop.clock, 20, 500);
  const served: string[] = [];
  const connection = (name: string, ms: number) => ({
    serve: () => {
      served.push(name);
      loop.pass(ms);
    },
  });
  expect(turns.open(loop.clock.now())).toBe(true);
  loop.pass(21);
  expect(turns.open(loop.clock.now())).toBe(false);
  turns.wait(connection('busy 1', 15), false);
  turns.wait(connection('busy 2', 15), false);
  turns.wait(connection('busy 3', 15), false);
  turns.wait(connection('quiet', 1), true);
  loop.phase();
  expect(served).toEqual(['quiet', 'busy 1', 'busy 2']);
  loop.phase();
  expect(served).toEqual(['quiet', 'busy 1', 'busy 2', 'busy 3']);
  loop.phase();
  expect(loop.pending()).toBe(0);
});

test('sheds once behind for the threshold without a break, and no longer than that lasts', () => {
  const loop = steppedLoop();
  const turns = new Turns(loop.clock, 20, 500);
  let arriving = true;
  const flood = {
    serve: () => {
      loop.pass(25);
      if (arriving) turns.wait(flood, false);
    },
  };
  turns.wait(flood, false);
  turns.wait(flood, false);
  let shedAtMs = -1;
  for (let round = 0; round < 100 && shedAtMs < 0; round += 1) {
    loop.phase();
    if (turns.shedding(false, loop.clock.now())) shedAtMs = loop.clock.now();
  }
  expect(shedAtMs).toBeGreaterThan(500);
  expect(shedAtMs).toBeLessThan(700);
  expect(turns.shedding(true, loop.clock.now())).toBe(false);
  arriving = false;
  for (let round = 0; round < 10; round += 1) loop.phase();
  expect(loop.pending()).toBe(0);
  expect(turns.shedding(false, loop.clock.now() + 10_000)).toBe(false);
});

test('thousands that wait are each served once, in order', () => {
  const loop = steppedLoop();
  const turns = new Turns(loop.clock, 20, 500);
  const served: number[] = [];
  for (let index = 0; index < 5_000; index += 1) turns.wait({ serve: () => served.push(index) }, false);
  while (loop.pending() > 0) loop.phase();
  expect(served).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
});

test('newcomers enter a few a turn, after the quiet and before the busy, and all of them', () => {
  const loop = steppedLoop();
  const turns = new Turns(loop.clock, 20, 500);
  let served: string[] = [];
  const connection = (name: string, ms: number) => ({
    serve: () => {
      served.push(name);
      loop.pass(ms);
    },
  });
  const phase = (): string => {
    served = [];
    loop.phase();
    return served.join(' ');
  };
  for (let index = 0; index < 6; index += 1) turns.admit(connection(`new${index}`, 1));
  turns.wait(connection('busy0', 20), false);
  turns.wait(connection('busy1', 15), false);
  turns.wait(connection('quiet', 1), true);
  expect(phase()).toBe('quiet new0 new1 new2 new3 busy0');
  turns.wait(connection('quiet', 30), true);
  expect(phase()).toBe('quiet');
  expect(phase()).toBe('new4 new5 busy1');
  phase();
  expect(loop.pending()).toBe(0);
});
