import { SEVERITIES, type Severity } from '../../../rules/rule.ts';

/** EEMUA 191 counts an operator's alarms in periods of ten minutes. */
export const PERIOD_SECONDS = 600;
const MINUTE_SECONDS = 60;
/** A day of periods, the one that runs among them. */
export const PERIODS = 144;
const HOUR_PERIODS = 6;
const HOUR_MS = 3_600_000;

export interface FloodLimits {
  /** So many within ten minutes begin a flood. */
  readonly startAlarms: number;
  /** Fewer than so many end it. */
  readonly endAlarms: number;
}

/**
 * What one operator has to handle. Of whole seconds: `perMinute` and `perTenMinutes` are of the second that runs and the
 * 59 or 599 before it. An hour and a day are of periods of ten minutes that begin at whole ones of UTC, the one that
 * runs and the 5 or 143 before it.
 */
export interface LoadFigures {
  readonly perMinute: number;
  readonly perTenMinutes: number;
  readonly perHour: number;
  readonly perDay: number;
  /** Of the day: the most within 60 seconds, and the most in six periods in a row. */
  readonly peakMinute: number;
  readonly peakHour: number;
  /** `perDay` by the hours that were watched, one at least. */
  readonly averagePerHour: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Of the day: how much of the time that was watched was a flood, percent. */
  readonly floodPercent: number;
  readonly inFlood: boolean;
  readonly floodSinceMs?: number;
}

const secondOf = (ms: number): number => Math.floor(ms / 1000);
const periodOf = (second: number): number => Math.floor(second / PERIOD_SECONDS);
const slotOf = (period: number): number => ((period % PERIODS) + PERIODS) % PERIODS;
const bucketOf = (second: number): number => ((second % PERIOD_SECONDS) + PERIOD_SECONDS) % PERIOD_SECONDS;

/** Counts the alarms of one operator: a fixed number of cells, and a fixed number of steps for each alarm. */
export class LoadMeter {
  readonly #limits: FloodLimits;
  readonly #sinceMs: number;
  /** Alarms of each of the last 600 seconds. */
  readonly #seconds = new Uint32Array(PERIOD_SECONDS);
  /** Of each period: alarms by severity, the most within a minute, seconds of flood. */
  readonly #alarms = new Uint32Array(PERIODS * SEVERITIES.length);
  readonly #peaks = new Uint32Array(PERIODS);
  readonly #flooded = new Uint32Array(PERIODS);
  #second: number;
  #perMinute = 0;
  #perTenMinutes = 0;
  #floodSinceMs: number | undefined;

  constructor(limits: FloodLimits, nowMs: number) {
    this.#limits = limits;
    this.#sinceMs = nowMs;
    this.#second = secondOf(nowMs);
  }

  /** A clock that was put back does not take anything back: what comes is of the last second that was seen. */
  note(atMs: number, severity: Severity): void {
    this.#advance(secondOf(atMs));
    const slot = slotOf(periodOf(this.#second));
    const bucket = bucketOf(this.#second);
    const cell = slot * SEVERITIES.length + SEVERITIES.indexOf(severity);
    this.#seconds[bucket] = (this.#seconds[bucket] ?? 0) + 1;
    this.#alarms[cell] = (this.#alarms[cell] ?? 0) + 1;
    this.#perMinute += 1;
    this.#perTenMinutes += 1;
    this.#peaks[slot] = Math.max(this.#peaks[slot] ?? 0, this.#perMinute);
    if (this.#perTenMinutes >= this.#limits.startAlarms) this.#floodSinceMs ??= this.#second * 1000;
  }

  /** Since when there is a flood; undefined: there is none. */
  floodSinceMs(nowMs: number): number | undefined {
    this.#advance(secondOf(nowMs));
    return this.#floodSinceMs;
  }

  now(nowMs: number): Pick<LoadFigures, 'perTenMinutes' | 'inFlood'> {
    const inFlood = this.floodSinceMs(nowMs) !== undefined;
    return { perTenMinutes: this.#perTenMinutes, inFlood };
  }

  figures(nowMs: number): LoadFigures {
    this.#advance(secondOf(nowMs));
    const periods = Array.from({ length: PERIODS }, (_, back) => this.#ofPeriod(back));
    const perDay = sum(periods);
    const hours = periods.map((_, back) => sum(periods.slice(back, back + HOUR_PERIODS)));
    // The day is of whole periods: the first of them may have begun before anybody watched.
    const watchedFromMs = Math.max(this.#sinceMs, (periodOf(this.#second) - PERIODS + 1) * PERIOD_SECONDS * 1000);
    const watchedMs = Math.max(1000, this.#second * 1000 - watchedFromMs);
    return {
      perMinute: this.#perMinute,
      perTenMinutes: this.#perTenMinutes,
      perHour: hours[0] ?? 0,
      perDay,
      peakMinute: Math.max(...this.#peaks),
      peakHour: Math.max(...hours),
      averagePerHour: perDay / Math.max(1, watchedMs / HOUR_MS),
      bySeverity: {
        blue: this.#ofSeverity('blue'),
        yellow: this.#ofSeverity('yellow'),
        orange: this.#ofSeverity('orange'),
        red: this.#ofSeverity('red'),
      },
      floodPercent: Math.min(100, (100 * sum(this.#flooded) * 1000) / watchedMs),
      inFlood: this.#floodSinceMs !== undefined,
      ...(this.#floodSinceMs === undefined ? {} : { floodSinceMs: this.#floodSinceMs }),
    };
  }

  /** Every second that has begun since, at most ten minutes of them: after that nothing is left to be taken out. */
  #advance(to: number): void {
    if (to <= this.#second) return;
    const steps = Math.min(to - this.#second, PERIOD_SECONDS);
    for (let step = 0; step < steps; step += 1) this.#next();
    if (to > this.#second) this.#skip(to);
  }

  #next(): void {
    // The second that ends: it counts as flooded if the flood outlives it.
    if (this.#floodSinceMs !== undefined) {
      const slot = slotOf(periodOf(this.#second));
      this.#flooded[slot] = (this.#flooded[slot] ?? 0) + 1;
    }
    this.#second += 1;
    if (bucketOf(this.#second) === 0) this.#clear(periodOf(this.#second));
    this.#perMinute -= this.#seconds[bucketOf(this.#second - MINUTE_SECONDS)] ?? 0;
    const bucket = bucketOf(this.#second);
    this.#perTenMinutes -= this.#seconds[bucket] ?? 0;
    this.#seconds[bucket] = 0;
    if (this.#perTenMinutes < this.#limits.endAlarms) this.#floodSinceMs = undefined;
  }

  #skip(to: number): void {
    const from = periodOf(this.#second);
    const cleared = Math.min(periodOf(to) - from, PERIODS);
    for (let back = 0; back < cleared; back += 1) this.#clear(periodOf(to) - back);
    this.#second = to;
  }

  #clear(period: number): void {
    const slot = slotOf(period);
    this.#alarms.fill(0, slot * SEVERITIES.length, (slot + 1) * SEVERITIES.length);
    this.#peaks[slot] = 0;
    this.#flooded[slot] = 0;
  }

  #ofPeriod(back: number): number {
    const cell = slotOf(periodOf(this.#second) - back) * SEVERITIES.length;
    return sum(this.#alarms.subarray(cell, cell + SEVERITIES.length));
  }

  #ofSeverity(severity: Severity): number {
    let all = 0;
    for (let cell = SEVERITIES.indexOf(severity); cell < this.#alarms.length; cell += SEVERITIES.length)
      all += this.#alarms[cell] ?? 0;
    return all;
  }
}

const sum = (numbers: Iterable<number>): number => {
  let all = 0;
  for (const each of numbers) all += each;
  return all;
};
