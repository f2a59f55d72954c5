/** Where readings are kept, behind whatever thread it uses. */
export interface Contestant {
  add(series: number, timeMs: number, value: number): void;
  /** So much is on its way that no more should be added now. */
  isBehind(): boolean;
  /** Resolves when everything added is on disk. */
  committed(): Promise<void>;
  /** Resolves when everything is as it stays: packed, compacted. */
  settled(): Promise<void>;
  /** All readings of a time range; answers how many there were. */
  readings(series: number, fromMs: number, toMs: number): Promise<number>;
  /** One-minute minimum, mean and maximum; answers how many minutes there were. */
  minutes(series: number, fromMs: number, toMs: number): Promise<number>;
  close(): Promise<void>;
}

export const MINUTE_MS = 60_000;
