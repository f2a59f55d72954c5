import { expect, test } from 'vitest';
import { factsPort } from '../../../gateway/store/port/facts.ts';

const FACTS = [
  { type: 'rating', device: 'mains', channel: 'a', ratedAmps: 32 },
  { type: 'rating', device: 'mains', channel: 'b', ratedAmps: 32 },
] as const;

test('what a worker has not taken up is bounded; what is over that, or has no worker, is dropped and counted', () => {
  const posted: unknown[] = [];
  let taken = 7;
  let isThere = true;
  const port = factsPort({
    post: (message) => {
      if (isThere) posted.push(message);
      return isThere;
    },
    gauges: { get: () => taken },
    nowMs: () => 5,
  });
  for (let report = 0; report < 70; report += 1) port.send(FACTS);
  expect(posted).toHaveLength(60);
  expect(posted[0]).toEqual({ type: 'facts', facts: FACTS, atMs: 5 });
  expect(port.dropped).toBe(20);
  taken += 1;
  port.send(FACTS);
  port.send(FACTS);
  expect([posted.length, port.dropped]).toEqual([61, 22]);

  // Another worker does not get what the one before it had not taken.
  port.lost();
  isThere = false;
  port.send(FACTS);
  isThere = true;
  for (let report = 0; report < 61; report += 1) port.send(FACTS);
  expect([posted.length, port.dropped]).toEqual([121, 26]);
});
