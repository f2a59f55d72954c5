import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LoadMeter } from '../../../../gateway/response/flood/meter.ts';
import { SEVERITIES, type Severity } from '../../../../rules/rule.ts';

const LIMITS = { startAlarms: 10, endAlarms: 5 };
const START = Date.parse('2026-05-01T12:00:00.000Z');

interface Seen {
  readonly second: number;
  readonly severity: Severity;
}

/** The same figures, counted anew from the list at every look. */
const recount = (seen: readonly Seen[], now: number) => {
  const within = (end: number, seconds: number, list = seen): number =>
    list.filter(({ second }) => second <= end && second > end - seconds).length;
  const period = (second: number): number => Math.floor(second / 600);
  const isOfDay = ({ second }: Seen): boolean => period(second) > period(now) - 144;
  const day = seen.filter(isOfDay);
  const perPeriod = (back: number): number => day.filter(({ second }) => period(second) === period(now) - back).length;
  const periods = Array.from({ length: 144 }, (_, back) => perPeriod(back));
  const hours = periods.map((_, back) => periods.slice(back, back + 6).reduce((a, b) => a + b, 0));
  return {
    perMinute: within(now, 60),
    perTenMinutes: within(now, 600),
    perHour: hours[0],
    perDay: day.length,
    peakMinute: Math.max(0, ...day.map(({ second }) => within(second, 60))),
    peakHour: Math.max(...hours),
    bySeverity: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, day.filter((each) => each.severity === severity).length]),
    ),
  };
};

/** Second by second, whether there is a flood, from the definition alone. */
const floodAt = (seen: readonly Seen[], from: number, now: number): number | undefined => {
  let since: number | undefined;
  for (let second = from; second <= now; second += 1) {
    const count = seen.filter((each) => each.second <= second && each.second > second - 600).length;
    if (since !== undefined && count < LIMITS.endAlarms) since = undefined;
    if (count >= LIMITS.startAlarms) since ??= second * 1000;
  }
  return since;
};

const gaps = fc.array(
  fc.record({
    waitMs: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 90_000_000 }) },
    ),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  { minLength: 1, maxLength: 60 },
);

test('the figures of any run are those of a naive recount', () => {
  fc.assert(
    fc.property(gaps, fc.integer({ min: 0, max: 4_000_000 }), (list, afterMs) => {
      const meter = new LoadMeter(LIMITS, START);
      const seen: Seen[] = [];
      let nowMs = START;
      for (const { waitMs, severity } of list) {
        nowMs += waitMs;
        meter.note(nowMs, severity);
        seen.push({ second: Math.floor(nowMs / 1000), severity });
      }
      nowMs += afterMs;
      expect(meter.figures(nowMs)).toMatchObject(recount(seen, Math.floor(nowMs / 1000)));
    }),
    { numRuns: 300 },
  );
});

test('a flood is what the definition says, second by second', () => {
  const bursts = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 8, maxLength: 40 });
  fc.assert(
    fc.property(bursts, fc.integer({ min: 0, max: 700 }), (waits, after) => {
      const meter = new LoadMeter(LIMITS, START);
      const from = Math.floor(START / 1000);
      const seen: Seen[] = [];
      let second = from;
      for (const wait of waits) {
        second += wait;
        seen.push({ second, severity: 'yellow' });
        meter.note(second * 1000, 'yellow');
        expect(meter.floodSinceMs(second * 1000)).toBe(floodAt(seen, from, second));
      }
      const now = second + after;
      expect(meter.floodSinceMs(now * 1000)).toBe(floodAt(seen, from, now));
    }),
    { numRuns: 60 },
  );
});

describe('a flood', () => {
  const filled = (alarms: number): LoadMeter => {
    const meter = new LoadMeter(LIMITS, START);
    for (let alarm = 0; alarm < alarms; alarm += 1) meter.note(START + alarm * 1000, 'yellow');
    return meter;
  };
  test('begins with the tenth alarm, not the ninth', () => {
    expect(filled(9).figures(START + 8000)).toMatchObject({ perTenMinutes: 9, inFlood: false });
    expect(filled(10).figures(START + 9000)).toMatchObject({ inFlood: true, floodSinceMs: START + 9000 });
  });
  test('not where the first of ten is ten minutes old', () => {
    const meter = filled(9);
    meter.note(START + 600_000, 'yellow');
    expect(meter.figures(START + 600_000)).toMatchObject({ perTenMinutes: 9, inFlood: false });
  });
  test('ends in the second in which fewer than five are left, not the one before', () => {
    const meter = filled(10);
    expect(meter.figures(START + 604_999)).toMatchObject({ perTenMinutes: 5, inFlood: true });
    expect(meter.figures(START + 605_000)).toMatchObject({ perTenMinutes: 4, inFlood: false });
    expect(meter.figures(START + 3_600_000).floodPercent).toBeCloseTo((100 * 596) / 3600);
  });
  test('a clock that is put back takes nothing back', () => {
    const meter = filled(10);
    meter.note(START - 5_000_000, 'red');
    expect(meter.figures(START - 5_000_000)).toMatchObject({ perTenMinutes: 11, inFlood: true });
  });
});
