import type { Device } from '../../ingest/model/device.ts';

/** Without a `silent` rule of its own a device is unknown after this many of its expected intervals. */
export const DEFAULT_SILENCE_FACTOR = 3;

/** How long a device may be quiet before nothing is known of it, milliseconds; undefined: no clock says so. */
export const quietLimitMs = (device: Device, factor: number): number | undefined => {
  const { reports } = device;
  if (reports === undefined) return undefined;
  if ('everySeconds' in reports) return reports.everySeconds * factor * 1000;
  return 'heartbeatSeconds' in reports.aliveBy ? reports.aliveBy.heartbeatSeconds * 1000 : undefined;
};

/** The device whose `online` / `offline` speaks for this one. */
export const aliveByDevice = (device: Device): string | undefined => {
  const { reports } = device;
  if (reports === undefined || !('onChange' in reports)) return undefined;
  return 'device' in reports.aliveBy ? reports.aliveBy.device : undefined;
};
