import { describe, expect, it } from 'vitest';
import type { DecodeFailure } from '../../../ingest/model/sample.ts';
import { createSample, msOfDate, msOfSeconds, stampOf } from '../../../ingest/model/stamp.ts';

const ARRIVED_MS = 1_767_225_600_000;

const stamp = (timeMs: number | undefined) => {
  const failures: DecodeFailure[] = [];
  return { ...stampOf(timeMs, ARRIVED_MS, 'ts', failures), codes: failures.map(({ code }) => code) };
};

describe('time stamps', () => {
  it('takes the arrival where the device sent none', () => {
    expect(stamp(undefined)).toEqual({ timeMs: ARRIVED_MS, timeFrom: 'arrival', codes: [] });
  });

  it.each([946_684_800_000, ARRIVED_MS - 5, ARRIVED_MS + 86_400_000])('takes %d from the device', (timeMs) => {
    expect(stamp(timeMs)).toEqual({ timeMs, timeFrom: 'device', codes: [] });
  });

  it.each([Number.NaN, 0, -1, 946_684_799_999, ARRIVED_MS + 86_400_001, Number.POSITIVE_INFINITY])(
    'falls back to arrival for %d',
    (timeMs) => {
      expect(stamp(timeMs)).toEqual({ timeMs: ARRIVED_MS, timeFrom: 'arrival', codes: ['wrong-time'] });
    },
  );

  it('reads seconds and dates of unknown type', () => {
    expect(msOfSeconds('1653668027')).toBe(1_653_668_027_000);
    expect(msOfSeconds(1.5)).toBe(1500);
    expect(msOfSeconds(null)).toBeUndefined();
    expect(msOfSeconds('')).toBeNaN();
    expect(msOfSeconds({})).toBeNaN();
    expect(msOfDate('2022-07-18T09:34:15+02:00')).toBe(1_658_129_655_000);
    expect(msOfDate('yesterday')).toBeNaN();
    expect(msOfDate(undefined)).toBeUndefined();
  });

  it('judges a new sample by its arrival', () => {
    const sample = createSample('a', '', 5, 'device', 9, 3, {});
    expect(sample).toMatchObject({ timeMs: 5, arrivedMs: 9, nowMs: 9, historical: false, sequence: 3 });
  });
});
