import { expect, test } from 'vitest';
import { Pending } from '../../../gateway/store/port/pending.ts';

const batch = (sequence: number) => ({ type: 'batch', sequence, bytes: new Uint8Array(3) }) as const;

test('says for how long the oldest batch has waited for the disk', () => {
  let nowMs = 1000;
  const pending = new Pending(() => nowMs);
  expect(pending.oldestMs).toBe(0);
  pending.add(batch(1), []);
  nowMs += 40;
  pending.add(batch(2), []);
  nowMs += 2;
  expect([pending.oldestMs, pending.count, pending.bytes]).toEqual([42, 2, 6]);
  pending.committed(1);
  expect([pending.oldestMs, pending.count]).toEqual([2, 1]);
  pending.committed(2);
  expect([pending.oldestMs, pending.bytes]).toEqual([0, 0]);
});
