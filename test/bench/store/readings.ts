import { random } from '../measure.ts';

export const SERIES = 1000;
export const SECOND_MS = 1000;

/** 2026-01-01T00:00:00Z. */
export const START_MS = 1_767_225_600_000;

/** Called with each reading, in order of time. */
export type Take = (series: number, timeMs: number, value: number) => void;

/**
 * What sensors report: each second a value of every series, arriving a few milliseconds early or late; random walks in
 * steps of the sensor (0.1 degrees, 1 %, 0.01 A), now and then standing still.
 */
export const readings = () => {
  const next = random(42);
  const wholes = Float64Array.from({ length: SERIES }, () => Math.round(200 + 100 * next()));
  const resolutions = [10, 1, 100];
  let second = 0;
  return {
    /** Seconds so far. */
    get seconds(): number {
      return second;
    },
    /** One value of every series. */
    nextSecond: (take: Take): void => {
      const startMs = START_MS + second * SECOND_MS;
      second += 1;
      for (let series = 0; series < SERIES; series += 1) {
        const step = Math.round(4 * next() - 2);
        const whole = (wholes[series] ?? 0) + (next() < 0.3 ? 0 : step);
        wholes[series] = whole;
        take(series, startMs + Math.floor(20 * next()), whole / (resolutions[series % 3] ?? 1));
      }
    },
  };
};
