import type { Reason, Silence } from './rule.ts';

/** Why nothing is known of a device, and since when: last heard, or listened for since, judged Unix milliseconds. */
export const unheard = ({ device, nowMs, lastSeenMs, sinceMs, said }: Silence): Reason => {
  const code = said ? 'said-offline' : lastSeenMs === undefined ? 'never-heard' : 'no-data';
  return { code, params: { device, seconds: Math.round((nowMs - (lastSeenMs ?? sinceMs)) / 1000) } };
};
