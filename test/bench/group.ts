import type { Figure } from './figures.ts';

export interface BenchOptions {
  /** Interleaved runs, of which the medians count. */
  readonly rounds: number;
  /** How long a sustained rate must hold. */
  readonly seconds: number;
  readonly floodSeconds: number;
  /** How much history there is to be asked for. */
  readonly historyHours: number;
  /** At least so many readings or frames in each measurement. */
  readonly count: number;
  /** Whether this figure was asked for. */
  wants(name: string): boolean;
  /** Progress, for people. */
  log(text: string): void;
}

/** Figures that are measured together. */
export interface Group {
  readonly name: string;
  readonly figures: readonly string[];
  run(options: BenchOptions): Promise<readonly Figure[]>;
}
