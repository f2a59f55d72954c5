/** RFC 9110 section 10.2.3: seconds, or a date. Milliseconds from now; 0 where it says nothing. */
export const retryAfterMs = (value: string | undefined, nowMs: number): number => {
  if (value === undefined) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
};
