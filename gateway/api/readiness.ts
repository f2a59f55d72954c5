import type { Ready } from './contract.ts';

/** What must be there before the gateway is of use: told part by part while it starts. */
export interface Readiness {
  /** A part is there, or is not any more. */
  mark(part: string, isThere: boolean): void;
  state(): Ready;
}

export const createReadiness = (parts: readonly string[]): Readiness => {
  const waitingFor = new Set(parts);
  return {
    mark: (part, isThere) => {
      if (isThere) waitingFor.delete(part);
      else waitingFor.add(part);
    },
    state: () => ({ ready: waitingFor.size === 0, waitingFor: [...waitingFor] }),
  };
};
