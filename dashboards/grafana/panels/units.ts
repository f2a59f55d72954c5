import { METRICS, type MetricName } from '../../../ingest/model/metrics.ts';

/** What Grafana calls the units of ingest/model/metrics.ts; it scales those it knows (kW, MWh). */
const GRAFANA_UNITS: Readonly<Record<string, string>> = {
  '°C': 'celsius',
  '%': 'percent',
  lx: 'lux',
  ppm: 'ppm',
  A: 'amp',
  V: 'volt',
  W: 'watt',
  VA: 'voltamp',
  var: 'voltampreact',
  Hz: 'hertz',
  Wh: 'watth',
  g: 'accG',
  '°': 'degree',
  dBm: 'dBm',
  s: 's',
  '1': 'none',
};

/** Any other unit is written behind the figure as it is. */
export const suffix = (unit: string): string => `suffix: ${unit}`;

export const unitOf = (metric: MetricName): string => {
  const { unit } = METRICS[metric];
  return GRAFANA_UNITS[unit] ?? suffix(unit);
};
