import type { Clock } from './clock.ts';

/** What we need of a logger; pino has it. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Warns at most once per key and period; the next line says how many it stands for. */
export type Warn = (key: string, fields: object, message: string) => void;

const PERIOD_MS = 10_000;
const MAX_KEYS = 5_000;

export const throttledWarnings = (log: Log, clock: Pick<Clock, 'now'>): Warn => {
  const seen = new Map<string, { atMs: number; unsaid: number }>();
  return (key, fields, message) => {
    const now = clock.now();
    const entry = seen.get(key);
    if (entry !== undefined && now - entry.atMs < PERIOD_MS) {
      entry.unsaid += 1;
      return;
    }
    seen.delete(key);
    seen.set(key, { atMs: now, unsaid: 0 });
    const [oldest] = seen.size > MAX_KEYS ? seen.keys() : [];
    if (oldest !== undefined) seen.delete(oldest);
    const unsaid = entry?.unsaid ?? 0;
    log.warn(unsaid === 0 ? fields : { ...fields, unsaid }, message);
  };
};
