import { Counter, Gauge, type Registry } from 'prom-client';
import type { Health } from '../contract.ts';
import { snake, words } from './names.ts';

type Parts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Parts whose names are not ours but codes: one metric with a label, not a metric each. */
const LABELLED: Readonly<Record<string, string>> = { rejected: 'code' };

const counterIn = (registry: Registry, name: string, help: string, labelNames: string[] = []): Counter => {
  const known = registry.getSingleMetric(name);
  return known instanceof Counter ? known : new Counter({ name, help, labelNames, registers: [registry] });
};

const gaugeIn = (registry: Registry, name: string, help: string, labelNames: string[] = []): Gauge => {
  const known = registry.getSingleMetric(name);
  return known instanceof Gauge ? known : new Gauge({ name, help, labelNames, registers: [registry] });
};

/** What is counted elsewhere is taken over as it stands. */
const setCounter = (counter: Counter, value: number, labels: Record<string, string> = {}): void => {
  counter.remove(labels);
  counter.inc(labels, Math.max(0, value));
};

const takeLabelled = (registry: Registry, part: string, label: string, counts: Parts[string]): void => {
  const counter = counterIn(registry, `muster_${snake(part)}_total`, `What was ${words(part)}, by ${label}.`, [label]);
  for (const [name, value] of Object.entries(counts)) setCounter(counter, value, { [label]: name });
};

const takeCounters = (registry: Registry, counters: Parts): void => {
  for (const [part, counts] of Object.entries(counters)) {
    const label = Object.hasOwn(LABELLED, part) ? LABELLED[part] : undefined;
    if (label !== undefined) {
      takeLabelled(registry, part, label, counts);
      continue;
    }
    for (const [name, value] of Object.entries(counts)) {
      const metric = `muster_${snake(part)}_${snake(name)}_total`;
      setCounter(counterIn(registry, metric, `Part ${part}: ${words(name)}, since the start.`), value);
    }
  }
};

const takeLevels = (registry: Registry, levels: Parts): void => {
  for (const [part, values] of Object.entries(levels)) {
    for (const [name, value] of Object.entries(values)) {
      gaugeIn(registry, `muster_${snake(part)}_${snake(name)}`, `Part ${part}: ${words(name)}, now.`).set(value);
    }
  }
};

const SOURCE_LABEL = ['source'];

/** One metric with a label for all sources: what one of them counts and another does not is just absent there. */
const takeSources = (registry: Registry, sources: NonNullable<Health['sources']>): void => {
  for (const { id, state, counters } of sources) {
    const open = gaugeIn(registry, 'muster_source_open', 'Whether a source is open and heard, 1 or 0.', SOURCE_LABEL);
    open.set({ source: id }, state === 'open' ? 1 : 0);
    for (const [name, value] of Object.entries(counters)) {
      const metric = `muster_source_${snake(name)}_total`;
      const counter = counterIn(registry, metric, `Sources: ${words(name)}, since the start.`, SOURCE_LABEL);
      setCounter(counter, value, { source: id });
    }
  }
};

/** Everything that health counts, a metric each: whoever adds a counter there has it here. */
export const takeHealth = (registry: Registry, { counters, levels = {}, sources = [] }: Health): void => {
  takeCounters(registry, counters);
  takeLevels(registry, levels);
  takeSources(registry, sources);
};
