import type { ReceiverSight } from './receivers.ts';

/**
 * Whether somebody in a zone would be heard. `proven`: a receiver of it hears its canary. `unproven`: none is known to be
 * deaf and none has proven that it hears. `deaf`: all of its receivers are deaf. `none`: it has no receiver.
 */
export type Coverage = 'proven' | 'unproven' | 'deaf' | 'none';

export const coverageOf = (zone: string, receivers: readonly ReceiverSight[]): Coverage => {
  const own = receivers.filter((receiver) => receiver.zone === zone);
  if (own.length === 0) return 'none';
  if (own.some(({ hears }) => hears === 'hears')) return 'proven';
  return own.every(({ hears }) => hears === 'deaf') ? 'deaf' : 'unproven';
};
