import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localTimeOf } from '../../../rules/duty/local-time.ts';

const at = (iso: string): number => Date.parse(iso);
const next = (zone: string, after: string, ...times: number[]): string =>
  new Date(localTimeOf(zone).next(at(after), times)).toISOString();

const NINE = 9 * 60;
const HALF_PAST_TWO = 2 * 60 + 30;

describe('local time', () => {
  test('a time of the day in a zone without summer time', () => {
    expect(next('Asia/Shanghai', '2026-06-01T00:59:59.999Z', NINE)).toBe('2026-06-01T01:00:00.000Z');
    expect(next('Asia/Shanghai', '2026-06-01T01:00:00.000Z', NINE)).toBe('2026-06-02T01:00:00.000Z');
  });

  test('of several the next, past midnight too', () => {
    const times = [22 * 60, NINE, 0];
    expect(next('Asia/Shanghai', '2026-06-01T01:00:00Z', ...times)).toBe('2026-06-01T14:00:00.000Z');
    expect(next('Asia/Shanghai', '2026-06-01T14:00:00Z', ...times)).toBe('2026-06-01T16:00:00.000Z');
  });

  test('stays at the same time of the day when summer time begins and ends', () => {
    // Berlin: +1 to +2 on 2026-03-29 at 01:00Z, back on 2026-10-25 at 01:00Z.
    expect(next('Europe/Berlin', '2026-03-28T08:00:00Z', NINE)).toBe('2026-03-29T07:00:00.000Z');
    expect(next('Europe/Berlin', '2026-10-24T07:00:00Z', NINE)).toBe('2026-10-25T08:00:00.000Z');
  });

  test('a time that never comes is taken by the offset before the change', () => {
    expect(next('Europe/Berlin', '2026-03-28T12:00:00Z', HALF_PAST_TWO)).toBe('2026-03-29T01:30:00.000Z');
    expect(next('Europe/Berlin', '2026-03-29T01:30:00Z', HALF_PAST_TWO)).toBe('2026-03-30T00:30:00.000Z');
  });

  test('a time that comes twice is the first of both, once', () => {
    expect(next('Europe/Berlin', '2026-10-24T12:00:00Z', HALF_PAST_TWO)).toBe('2026-10-25T00:30:00.000Z');
    expect(next('Europe/Berlin', '2026-10-25T00:30:00Z', HALF_PAST_TWO)).toBe('2026-10-26T01:30:00.000Z');
  });

  test('west of Greenwich, and where the change is half an hour', () => {
    expect(next('America/New_York', '2026-03-08T05:00:00Z', HALF_PAST_TWO)).toBe('2026-03-08T07:30:00.000Z');
    expect(next('Australia/Lord_Howe', '2026-10-03T12:00:00Z', 2 * 60 + 15)).toBe('2026-10-03T15:45:00.000Z');
  });

  test('shows the clock on the wall', () => {
    const berlin = localTimeOf('Europe/Berlin');
    expect(berlin.clock(at('2026-03-29T00:59:00Z'))).toBe('01:59');
    expect(berlin.clock(at('2026-03-29T01:00:00Z'))).toBe('03:00');
    expect(localTimeOf('Asia/Kathmandu').clock(at('2026-01-01T00:00:00Z'))).toBe('05:45');
  });

  test('is always ahead, within 25 hours, and shows the time that was asked for, unless that never comes', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe');
    const moment = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zones, moment, fc.integer({ min: 0, max: 1439 }), (zone, after, minute) => {
        const time = localTimeOf(zone);
        const nextMs = time.next(after, [minute]);
        expect(nextMs).toBeGreaterThan(after);
        expect(nextMs - after).toBeLessThanOrEqual(25 * 3_600_000);
        const shown = Number(time.clock(nextMs).slice(0, 2)) * 60 + Number(time.clock(nextMs).slice(3));
        expect([0, 30, 60]).toContain(shown - minute);
      }),
      { numRuns: 150 },
    );
  });
});
