import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Deadline, DeadlineQueue } from '../../../rules/judge/deadlines.ts';

const item = (): Deadline => ({ dueMs: Infinity, queuedMs: Infinity });

test('whatever is set, put off, brought forward or taken back, what is due comes in order of time', () => {
  const change = fc.record({ who: fc.nat(19), dueMs: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: Infinity }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), fc.integer({ min: 0, max: 1000 }), (changes, nowMs) => {
      const queue = new DeadlineQueue();
      const items = Array.from({ length: 20 }, item);
      const expected = new Map<Deadline, number>();
      for (const { who, dueMs } of changes) {
        const each = items[who];
        if (each === undefined) continue;
        queue.set(each, dueMs);
        expected.set(each, dueMs);
      }
      const due = [...expected].filter(([, dueMs]) => dueMs <= nowMs).map(([, dueMs]) => dueMs);
      const taken: number[] = [];
      for (let each = queue.takeDue(nowMs); each !== undefined; each = queue.takeDue(nowMs)) taken.push(each.dueMs);
      expect(taken).toEqual(due.sort((a, b) => a - b));
      expect(queue.headMs).toBeGreaterThan(nowMs);
    }),
  );
});

test('equal times fire in the order in which they were set', () => {
  const queue = new DeadlineQueue();
  const items = Array.from({ length: 50 }, item);
  for (const each of items) queue.set(each, 5);
  for (const each of items) expect(queue.takeDue(5)).toBe(each);
});

test('of equal times those with a rank come last, by their rank, however they were set', () => {
  const queue = new DeadlineQueue();
  const [late, early] = [7, 3].map((rank) => ({ ...item(), rank }));
  const plain = item();
  if (late === undefined || early === undefined) throw new Error('no items');
  for (const each of [late, early, plain]) queue.set(each, 5);
  for (const each of [plain, early, late]) expect(queue.takeDue(5)).toBe(each);
});

test('a deadline brought forward again and again leaves no growing heap behind', () => {
  const queue = new DeadlineQueue();
  const each = item();
  for (let dueMs = 100_000; dueMs > 0; dueMs -= 1) queue.set(each, dueMs);
  expect(queue.size).toBeLessThan(5000);
  expect(queue.takeDue(1)).toBe(each);
  expect(queue.takeDue(1e9)).toBeUndefined();
});

test('the same time again costs no place', () => {
  const queue = new DeadlineQueue();
  const each = item();
  queue.set(each, 5);
  queue.set(each, 5);
  expect(queue.size).toBe(1);
});

test('what was swept loses nothing, and no order', () => {
  const queue = new DeadlineQueue();
  const items = Array.from({ length: 300 }, item);
  items.forEach((each, index) => void queue.set(each, 10_000 + (index % 7)));
  const mover = item();
  for (let dueMs = 9000; dueMs > 5000; dueMs -= 1) queue.set(mover, dueMs);
  expect(queue.size).toBeLessThan(2800);
  expect(queue.takeDue(20_000)).toBe(mover);
  const expected = items.map((_, index) => index).sort((a, b) => (a % 7) - (b % 7) || a - b);
  const taken: number[] = [];
  for (let each = queue.takeDue(20_000); each !== undefined; each = queue.takeDue(20_000))
    taken.push(items.indexOf(each));
  expect(taken).toEqual(expected);
  expect([queue.size, queue.headMs]).toEqual([0, Infinity]);
});

test.each([
  ['ever later', (index: number) => 10_000 + index],
  ['ever earlier', (index: number) => 20_000 - index],
  ['crosswise', (index: number) => 10_000 + ((index * 7919) % 300)],
])('right after a sweep the order holds, also of what was set %s', (_how, timeOf) => {
  const queue = new DeadlineQueue();
  const items = Array.from({ length: 300 }, item);
  items.forEach((each, index) => void queue.set(each, timeOf(index)));
  const mover = item();
  // Till it is swept, and no further: what is moved after that puts the places of others in order by and by.
  for (let dueMs = 9000, size = 0; queue.size > size; dueMs -= 1) {
    size = queue.size;
    queue.set(mover, dueMs);
  }
  expect(queue.size).toBe(301);
  const taken: number[] = [];
  for (let each = queue.takeDue(20_000); each !== undefined; each = queue.takeDue(20_000)) taken.push(each.dueMs);
  expect(taken).toEqual([mover.dueMs, ...items.map((_, index) => timeOf(index)).sort((a, b) => a - b)]);
});
