import type { Clock } from '../../../firmware-sim/clock.ts';
import type { Announce, Severity } from './levels.ts';
import type { ReferenceRule, ReferenceVenue } from './venue.ts';

export interface Announced {
  readonly atSeconds: number;
  readonly kind: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly transition: string;
}

export type Values = ReadonlyMap<string, number | boolean | string>;

export interface Desk {
  readonly venue: ReferenceVenue;
  readonly rule: ReferenceRule;
  readonly clock: Clock;
  readonly buzz: (device: string, id: string) => void;
  readonly announceFor: (subject: string) => Announce;
}

/** One rule: takes what a device sent. */
export type Judge = (device: string, values: Values) => void;

/** A judge of its own for every key. */
export const perKey = <T>(make: (key: string) => T): ((key: string) => T) => {
  const made = new Map<string, T>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
};
