import type { Device } from '../../ingest/model/device.ts';

/**
 * The rating of one channel, amperes: the device's own, else `ofRule`. `''` of the device stands for the channels it does
 * not name, except `total`: a sum over phases has no rating of one phase.
 */
export const ratedAmpsOf = (device: Device, channel: string, ofRule?: number): number | undefined => {
  const { ratedAmps } = device;
  // Channel names come from payloads: only what the configuration itself names counts.
  if (Object.hasOwn(ratedAmps, channel)) return ratedAmps[channel];
  if (channel === 'total') return undefined;
  return Object.hasOwn(ratedAmps, '') ? ratedAmps[''] : ofRule;
};
