import type { DeskEvent } from '../rules/alarms/desk.ts';
import type { Command } from '../rules/rule.ts';

export type GatewayEvent = DeskEvent;

/** A rule wants something done. */
export interface CommandEvent {
  readonly atMs: number;
  readonly rule: string;
  readonly subject: string;
  readonly command: Command;
}

/** A stream of events. A listener that throws is counted and reported, and harms nobody else. */
export interface EventStream<Event = GatewayEvent> {
  emit(event: Event): void;
  /** Answers the way to stop listening. */
  listen(listener: (event: Event) => void): () => void;
  readonly faults: number;
}

export const eventStream = <Event = GatewayEvent>(onFault: (error: unknown) => void): EventStream<Event> => {
  const listeners = new Set<(event: Event) => void>();
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
