import { type Rate, TokenBucket } from '../../broker/limits.ts';
import type { Credential } from '../../config/registry.ts';

/** True while a credential may post once more. */
export type MayPost = (name: string, nowMs: number) => boolean;

/** As many posts as a credential may publish on MQTT. */
export const postRates = (credentials: ReadonlyMap<string, Credential>, common: Rate): MayPost => {
  const buckets = new Map<string, TokenBucket>();
  return (name, nowMs) => {
    const bucket = buckets.get(name) ?? new TokenBucket(credentials.get(name)?.rate ?? common, nowMs);
    buckets.set(name, bucket);
    bucket.refill(nowMs);
    return bucket.take();
  };
};
