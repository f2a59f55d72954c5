import type { StreamEvents } from '../contract.ts';

type EventName = keyof StreamEvents;

/** An event on its way: its place in the order of all, and its text, made once however many read it. */
export interface Frame {
  readonly sequence: number;
  readonly event: EventName;
  readonly text: string;
}

/** What a client that comes back is told. */
export type Missed =
  | { readonly frames: readonly Frame[]; readonly since: number }
  | { readonly lost: 'restarted' | 'too-old' };

/** Alarm events of the last while, so that a client that was cut off misses none. Bounded by number. */
export interface EventLog {
  /** Of the last event that was numbered. */
  readonly sequence: number;
  /** Numbers an event that a later one replaces: it is not kept. */
  frame<K extends EventName>(event: K, data: StreamEvents[K]): Frame;
  /** Numbers an event and keeps it. */
  keep<K extends EventName>(event: K, data: StreamEvents[K]): Frame;
  /** What was kept after `lastEventId`. */
  since(lastEventId: string): Missed;
}

const KEPT = 2000;

const ID = /^([0-9a-z]{1,16})-(\d{1,15})$/;

/** @param run tells this run of the gateway from others: numbers begin anew with each */
export const eventLog = (run: string, kept = KEPT): EventLog => {
  const frames: Frame[] = [];
  let sequence = 0;
  /** Everything after this is still known. */
  let knownAfter = 0;

  const frame: EventLog['frame'] = (event, data) => {
    sequence += 1;
    return { sequence, event, text: `id: ${run}-${sequence}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n` };
  };

  return {
    get sequence() {
      return sequence;
    },
    frame,
    keep: (event, data) => {
      const made = frame(event, data);
      frames.push(made);
      if (frames.length > kept) knownAfter = frames.shift()?.sequence ?? knownAfter;
      return made;
    },
    since: (lastEventId) => {
      const [, ofRun, digits] = ID.exec(lastEventId) ?? [];
      const last = Number(digits);
      if (ofRun !== run || !(last <= sequence)) return { lost: 'restarted' };
      if (last < knownAfter) return { lost: 'too-old' };
      return { frames: frames.filter((kept) => kept.sequence > last), since: last };
    },
  };
};
