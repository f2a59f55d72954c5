/** Time to wait before each attempt: doubles up to a limit, and is drawn from the upper half, so that many clients of one broker do not come back at the same moment. */
export interface Backoff {
  nextMs(): number;
  reset(): void;
}

export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Uniform in [0, 1). */
  random(): number;
}

export const backoff = ({ firstMs, maxMs, random }: BackoffOptions): Backoff => {
  let ceilingMs = firstMs;
  return {
    nextMs: () => {
      const ms = ceilingMs / 2 + (random() * ceilingMs) / 2;
      ceilingMs = Math.min(maxMs, ceilingMs * 2);
      return ms;
    },
    reset: () => {
      ceilingMs = firstMs;
    },
  };
};
