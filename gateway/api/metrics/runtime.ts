import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

const RESOLUTION_MS = 10;

/** How late the event loop was since the last look. What is recorded includes the interval of the recorder itself. */
const lagGauges = (registry: Registry, delay: IntervalHistogram): void => {
  const about = (which: string) => ({
    name: `nodejs_eventloop_lag_${which}_seconds`,
    help: `How late the event loop was since the last look: ${which}.`,
    registers: [registry],
  });
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000);
  // The first one registered is the first one asked: it looks for all three.
  new Gauge({
    ...about('p50'),
    collect() {
      this.set(seconds(delay.percentile(50)));
      p99.set(seconds(delay.percentile(99)));
      max.set(seconds(delay.max));
      delay.reset();
    },
  });
  const p99 = new Gauge(about('p99'));
  const max = new Gauge(about('max'));
};

/**
 * The process itself: processor time, memory, and how late the event loop is. prom-client's own default metrics name
 * gauges `_total`, which promtool minds.
 */
export const measureRuntime = (registry: Registry): { readonly stop: () => void } => {
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();

  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, user and system.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  const gauge = (name: string, help: string, value: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  gauge('nodejs_heap_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_external_memory_bytes', 'Buffers beside the heap.', () => process.memoryUsage().external);
  lagGauges(registry, delay);
  return { stop: () => delay.disable() };
};
