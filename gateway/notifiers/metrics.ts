import { Histogram, type Registry } from 'prom-client';

/** Seconds: half a second is what a channel that works is measured by, an hour is a server that was down. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

/** How long it took from an alarm's event until a channel had it. */
export interface DeliveryTimes {
  delivered(channel: string, seconds: number): void;
  register(registry: Registry): void;
}

export const deliveryTimes = (channels: readonly string[]): DeliveryTimes => {
  const histogram = new Histogram({
    name: 'muster_alarm_to_delivered_seconds',
    help: 'From the event of an alarm until the notifier had delivered it.',
    labelNames: ['notifier'],
    buckets: BUCKETS,
    registers: [],
  });
  for (const notifier of channels) histogram.zero({ notifier });
  return {
    delivered: (notifier, seconds) => histogram.observe({ notifier }, Math.max(0, seconds)),
    register: (registry) => registry.registerMetric(histogram),
  };
};
