const SLOTS = 12;
const SLOT_MS = 5000;

/** How much was heard of late: counts of the last minute by stretches of five seconds. Plain JSON, of fixed size. */
export interface HeardRate {
  readonly sinceMs: number;
  /** Number of the latest stretch, counted from Unix time 0. */
  slot: number;
  /** By number of the stretch modulo their count. */
  readonly counts: number[];
  total: number;
  lastMs: number | undefined;
}

export const startRate = (nowMs: number): HeardRate => ({
  sinceMs: nowMs,
  slot: Math.floor(nowMs / SLOT_MS),
  counts: new Array<number>(SLOTS).fill(0),
  total: 0,
  lastMs: undefined,
});

/** Empties the stretches that have passed since anything was heard. */
const moveTo = (rate: HeardRate, nowMs: number): void => {
  const slot = Math.max(rate.slot, Math.floor(nowMs / SLOT_MS));
  for (let at = Math.max(rate.slot + 1, slot - SLOTS + 1); at <= slot; at += 1) rate.counts[at % SLOTS] = 0;
  rate.slot = slot;
};

export const count = (rate: HeardRate, nowMs: number): void => {
  moveTo(rate, nowMs);
  const at = rate.slot % SLOTS;
  rate.counts[at] = (rate.counts[at] ?? 0) + 1;
  rate.total += 1;
  rate.lastMs = Math.max(nowMs, rate.lastMs ?? 0);
};

/** Adverts a second over the last minute, or since the start where that was later. */
export const perSecond = (rate: HeardRate, nowMs: number): number => {
  moveTo(rate, nowMs);
  const heard = rate.counts.reduce((sum, each) => sum + each, 0);
  const beginMs = (rate.slot - SLOTS + 1) * SLOT_MS;
  const seconds = Math.max(1, (nowMs - Math.max(beginMs, rate.sinceMs)) / 1000);
  return heard / seconds;
};
