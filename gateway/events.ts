import type { DeskEvent } from '../rules/alarms/desk.ts';

export type GatewayEvent = DeskEvent;

/** The stream of alarm events. A listener that throws is counted and reported, and harms nobody else. */
export interface EventStream {
  emit(event: GatewayEvent): void;
  /** Answers the way to stop listening. */
  listen(listener: (event: GatewayEvent) => void): () => void;
  readonly faults: number;
}

export const eventStream = (onFault: (error: unknown) => void): EventStream => {
  const listeners = new Set<(event: GatewayEvent) => void>();
  let faults = 0;
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          faults += 1;
          onFault(error);
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get faults() {
      return faults;
    },
  };
};
