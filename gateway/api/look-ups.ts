import { createOccurrence, stampOfArrival } from '../../ingest/model/stamp.ts';
import { GATEWAY_DEVICE, type Rule } from '../../rules/rule.ts';
import type { VenueClock } from '../clock.ts';
import type { HotPath } from '../hot-path.ts';
import type { Call } from './seam/route.ts';

interface LookUpsOptions {
  readonly rules: readonly Rule[];
  readonly hotPath: Pick<HotPath, 'occur'>;
  readonly clock: VenueClock;
}

/** Tells the rules who has looked up what: `badge/<id>` of one wearer, `list/<what>/<cursor>` of a page of them. */
export type LookedUp = (call: Pick<Call, 'who' | 'request'>, record: string) => void;

/**
 * Look-ups of persons in the gateway itself, as the access logs of other systems tell of theirs. By the address that the
 * connection comes from: what a proxy says of it, anybody could say.
 */
export const lookUps = ({ rules, hotPath, clock }: LookUpsOptions): LookedUp => {
  // Nobody would judge them, and each would be kept.
  if (rules.every(({ kind }) => kind !== 'access-burst')) return () => undefined;
  return ({ who, request }, recordId) => {
    const nowMs = clock.now();
    const address = request.socket.remoteAddress ?? 'unknown';
    const attributes = { address, account: who?.name ?? '', recordId };
    const received = { arrivedMs: nowMs, retained: false };
    hotPath.occur(createOccurrence(GATEWAY_DEVICE, 'access', undefined, stampOfArrival(nowMs), received, attributes));
  };
};
