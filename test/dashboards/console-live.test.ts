import { expect, test } from 'vitest';
import { backoffMs } from '../../dashboards/console/live/backoff.ts';
import { sseParser } from '../../dashboards/console/live/sse.ts';
import { learnTime, type ServerTime, serverNowMs } from '../../dashboards/console/state/server-time.ts';

const STREAM = ': hello\n\nid: 7\nevent: alarm\ndata: {"a":\ndata: 1}\n\nevent: status\r\ndata:{}\r\n\r\n';

test('events come out of a stream however it is cut', () => {
  const whole = sseParser().take(STREAM);
  expect(whole).toEqual([
    { type: 'alarm', id: '7', data: '{"a":\n1}' },
    { type: 'status', id: '7', data: '{}' },
  ]);
  for (let at = 1; at < STREAM.length; at += 1) {
    const parser = sseParser();
    expect([...parser.take(STREAM.slice(0, at)), ...parser.take(STREAM.slice(at))]).toEqual(whole);
  }
});

test('a line without end is given up rather than kept', () => {
  const parser = sseParser();
  expect(() => {
    for (let piece = 0; piece < 10; piece += 1) parser.take('x'.repeat(1_000_000));
  }).toThrow('does not end');
});

test('tries come less often, but at least every eight seconds', () => {
  expect([0, 1, 2, 3, 4, 20].map((failures) => backoffMs(failures, 1))).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  expect(backoffMs(4, 0)).toBe(4000);
});

const learned = (moments: readonly (readonly [serverMs: number, pageMs: number])[]): ServerTime => {
  let known: ServerTime | undefined;
  for (const [serverMs, pageMs] of moments) known = learnTime(known, serverMs, pageMs);
  if (known === undefined) throw new Error('no moment');
  return known;
};

test('a late message does not set the clock back', () => {
  const known = learned([
    [100_000, 0],
    [101_000, 1_000],
    [102_000, 4_500],
    [105_000, 5_000],
  ]);
  expect(serverNowMs(known, 6_000)).toBe(106_000);
});

test('a simulated evening is told by its speed, also when its clock stood still at first', () => {
  const still = Array.from({ length: 3 }, (_, second) => [500_000, second * 1_000] as const);
  const running = Array.from(
    { length: 60 },
    (_, second) => [500_000 + second * 60_000, 2_000 + second * 1_000] as const,
  );
  const known = learned([...still, ...running]);
  expect(known.rate).toBeCloseTo(60, 0);
  expect(serverNowMs(known, 62_000)).toBeCloseTo(500_000 + 60 * 60_000, -4);
});
