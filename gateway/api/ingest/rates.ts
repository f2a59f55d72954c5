import { type Rate, TokenBucket } from '../../broker/limits.ts';
import type { Registry } from '../../config/registry.ts';

/** True while a credential may post once more. */
export type MayPost = (name: string, nowMs: number) => boolean;

/** As many posts as a credential may publish on MQTT. */
export const postRates = (venue: Pick<Registry, 'credentials'>, common: Rate): MayPost => {
  let buckets = new Map<string, TokenBucket>();
  let { credentials } = venue;
  return (name, nowMs) => {
    if (credentials !== venue.credentials) {
      ({ credentials } = venue);
      buckets = new Map();
    }
    const bucket = buckets.get(name) ?? new TokenBucket(credentials.get(name)?.rate ?? common, nowMs);
    buckets.set(name, bucket);
    bucket.refill(nowMs);
    return bucket.take();
  };
};
