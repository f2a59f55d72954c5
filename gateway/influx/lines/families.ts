import { METRICS, type MetricName, type MetricSpec } from '../../../ingest/model/metrics.ts';

/** The measurements that metrics go to: a sample of several families becomes a line in each. */
export const FAMILIES = ['climate', 'crowd', 'power', 'badge', 'gateway'] as const satisfies MetricSpec['family'][];

/** Where a wearer is and goes: written only where the configuration says so. */
export const POSITION_METRICS: ReadonlySet<MetricName> = new Set([
  'latitudeDegrees',
  'longitudeDegrees',
  'altitudeMeters',
  'accuracyMeters',
  'speedMetersPerSecond',
  'courseDegrees',
]);

/** Index in FAMILIES of a metric's measurement; -1: not to be written. */
export const familyOf = (metric: MetricName, positions: boolean): number =>
  !positions && POSITION_METRICS.has(metric) ? -1 : FAMILIES.indexOf(METRICS[metric].family);
