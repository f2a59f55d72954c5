import { describe, expect, test } from 'vitest';
import { createQueue, type Waiting } from '../../../gateway/notifiers/queue.ts';
import type { Severity } from '../../../rules/rule.ts';
import { alarmOf, noticeOf } from './channels.ts';

const AT_MS = 1_700_000_000_000;

const add = (queue: ReturnType<typeof createQueue>, subject: string, severity: Severity = 'red', atMs = AT_MS) =>
  queue.add(noticeOf(alarmOf(subject, { severity }), { atMs }));

/** What goes next; a test fails where that is nothing. */
const taken = (queue: ReturnType<typeof createQueue>, nowMs = 0): Waiting => {
  const next = queue.next(nowMs);
  if (next === undefined || typeof next === 'number') throw new Error(`nothing goes: ${next}`);
  next.isUnderWay = true;
  return next;
};

describe('what waits for a channel', () => {
  test('of one alarm the second goes when the first is gone, not while it is under way or waits to be tried again', () => {
    const queue = createQueue(10);
    add(queue, 'a', 'red', AT_MS);
    add(queue, 'a', 'red', AT_MS + 1);
    const first = taken(queue);
    expect(queue.next(0)).toBeUndefined();
    first.isUnderWay = false;
    first.notBeforeMs = 500;
    expect(queue.next(0)).toBe(500);
    expect(taken(queue, 500)).toBe(first);
    queue.remove(first);
    expect(taken(queue, 500).notice.atMs).toBe(AT_MS + 1);
  });

  test('one that waits to be tried again keeps no other alarm', () => {
    const queue = createQueue(10);
    add(queue, 'a');
    add(queue, 'b');
    const first = taken(queue);
    first.isUnderWay = false;
    first.notBeforeMs = 500;
    expect(taken(queue).notice.alarm.subject).toBe('b');
  });

  test('the most severe goes first, the oldest of these', () => {
    const queue = createQueue(10);
    const order: readonly (readonly [string, Severity])[] = [
      ['a', 'blue'],
      ['b', 'red'],
      ['c', 'orange'],
      ['d', 'red'],
    ];
    for (const [subject, severity] of order) add(queue, subject, severity);
    expect(order.map(() => taken(queue).notice.alarm.subject)).toEqual(['b', 'd', 'c', 'a']);
  });

  test('where there is no room the oldest of the least severe goes, never what is under way', () => {
    const queue = createQueue(2);
    add(queue, 'a', 'blue');
    taken(queue);
    add(queue, 'b', 'red');
    expect(add(queue, 'c', 'orange')?.alarm.subject).toBe('c');
    expect(add(queue, 'd', 'red')?.alarm.subject).toBe('b');
    expect(queue.size).toBe(2);
    expect(queue.has(alarmOf('a').id)).toBe(true);
  });
});
