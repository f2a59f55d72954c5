import type { Health } from './api/contract.ts';
import type { Timers } from './api/ports.ts';
import type { Store } from './store/store.ts';

const EVERY_MS = 10_000;

interface SelfReportOptions {
  readonly store: Pick<Store, 'count'>;
  readonly timers: Timers;
  health(): Health;
}

type Parts = Health['counters'];

/** What counts up and what rises and falls, together: no name of a part is in both. */
const together = (counters: Parts, levels: Parts = {}): Parts => {
  const parts = new Map(Object.entries(counters));
  for (const [part, values] of Object.entries(levels)) parts.set(part, { ...parts.get(part), ...values });
  return Object.fromEntries(parts);
};

const ofSources = (sources: Health['sources'] = []): Parts =>
  Object.fromEntries(
    sources.map(({ id, state, counters }) => [`source-${id}`, { ...counters, open: state === 'open' ? 1 : 0 }]),
  );

/** What health counts, as the gateway's own line in InfluxDB: again and again, until it is stopped. */
export const reportItself = ({ store, timers, health }: SelfReportOptions): (() => void) => {
  const report = (): void => {
    const { counters, levels, openAlarms, problems, sources } = health();
    store.count({
      ...together(counters, levels),
      ...ofSources(sources),
      health: { openAlarms, problems: problems.length },
    });
    cancel = timers.after(EVERY_MS, report);
  };
  let cancel = timers.after(EVERY_MS, report);
  return () => cancel();
};
