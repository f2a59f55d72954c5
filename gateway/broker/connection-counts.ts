import type { Counters } from './counters.ts';
import type { Limits } from './limits.ts';
import { isLoopback } from './listeners.ts';
import type { Warn } from './log.ts';

/** Counts open connections, in total and per source address, and refuses those beyond the limits. */
export interface ConnectionCounts {
  readonly open: number;
  /** Undefined: refused. Otherwise to be called when the connection is gone. */
  admit(address: string): (() => void) | undefined;
}

export const connectionCounts = (limits: Limits, counters: Counters, warn: Warn): ConnectionCounts => {
  const perAddress = new Map<string, number>();
  let open = 0;
  return {
    get open() {
      return open;
    },
    admit: (address) => {
      const here = perAddress.get(address) ?? 0;
      const crowded = here >= limits.maxConnectionsPerAddress && !isLoopback(address);
      if (crowded || open >= limits.maxConnections) {
        counters.refusedConnections += 1;
        warn(`refused ${address}`, { address, open, here }, 'MQTT connection refused: too many connections');
        return undefined;
      }
      open += 1;
      counters.connections += 1;
      perAddress.set(address, here + 1);
      return () => {
        open -= 1;
        const left = (perAddress.get(address) ?? 1) - 1;
        if (left === 0) perAddress.delete(address);
        else perAddress.set(address, left);
      };
    },
  };
};
