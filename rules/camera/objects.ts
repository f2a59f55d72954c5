import type { Occurrence } from '../../ingest/model/sample.ts';

/** Objects tracked by one camera at a time. */
const OBJECTS_MAX = 64;

/** An object that a camera tracks, or has just lost. */
export interface TrackedObject {
  readonly id: string;
  readonly label: string;
  /** Since when it stands still; null: it moves. Judged Unix milliseconds. */
  readonly stillMs: number | null;
  /** When the camera last told of it. */
  readonly seenMs: number;
  /** When the camera lost it; null: it is there. */
  readonly goneMs: number | null;
}

export interface Tracking {
  readonly objects: readonly TrackedObject[];
  /** Objects that there was no room for. */
  readonly dropped: number;
}

export const NO_OBJECTS: Tracking = { objects: [], dropped: 0 };

/** What a camera says of one object. */
export interface Detection {
  readonly change: 'here' | 'gone';
  readonly id: string;
  readonly label: string;
  readonly zones: readonly string[];
  readonly stationary: boolean;
}

export const detectionOf = ({ attributes }: Occurrence): Detection | undefined => {
  const { change, id, label, zones, stationary } = attributes;
  if (typeof id !== 'string' || typeof label !== 'string') return undefined;
  return {
    change: change === 'end' ? 'gone' : 'here',
    id,
    label,
    zones: typeof zones === 'string' ? zones.split(',') : [],
    stationary: stationary === true,
  };
};

/**
 * Takes what a camera says into the list. A tracker that loses an object for a moment gives it a new name: one that
 * appears while another of its label has just gone takes over its time.
 */
export const tracked = (tracking: Tracking, { change, id, label, stationary }: Detection, nowMs: number): Tracking => {
  const { objects, dropped } = tracking;
  const known = objects.find((object) => object.id === id);
  if (change === 'gone') {
    if (known === undefined || known.goneMs !== null) return tracking;
    return { dropped, objects: replaced(objects, known, { ...known, goneMs: nowMs }) };
  }
  const before = known ?? objects.find((object) => object.label === label && object.goneMs !== null);
  const stillMs = stationary ? (before?.stillMs ?? nowMs) : null;
  const next: TrackedObject = { id, label, stillMs, seenMs: nowMs, goneMs: null };
  if (before !== undefined) return { dropped, objects: replaced(objects, before, next) };
  if (objects.length < OBJECTS_MAX) return { dropped, objects: [...objects, next] };
  return { objects, dropped: dropped + 1 };
};

const replaced = (objects: readonly TrackedObject[], old: TrackedObject, next: TrackedObject) =>
  objects.map((object) => (object === old ? next : object));

/** Without those that have been gone for so long. */
export const withoutGone = (tracking: Tracking, nowMs: number, clearMs: number): Tracking => {
  const isOver = ({ goneMs }: TrackedObject): boolean => goneMs !== null && nowMs >= goneMs + clearMs;
  if (!tracking.objects.some(isOver)) return tracking;
  return { ...tracking, objects: tracking.objects.filter((object) => !isOver(object)) };
};
