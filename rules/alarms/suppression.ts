import type { SuppressedBy } from '../common.ts';
import type { Alarm } from './alarm.ts';
import { rank } from './life.ts';
import { CALLS_FOR_HELP } from './policy.ts';

/** `device/channel` is of the device. */
const placeOf = (subject: string): string => subject.replace(/\/.*/s, '');

const reaches = (scope: SuppressedBy['scope'], cause: Alarm, alarm: Alarm): boolean => {
  switch (scope) {
    case 'subject':
      return placeOf(cause.subject) === placeOf(alarm.subject);
    case 'zone':
      return cause.zone !== undefined && cause.zone === alarm.zone;
    case 'venue':
      return true;
  }
};

/**
 * Whether people know of the cause, and of something as grave: then they need not be told of what follows from it. A cause
 * that is no longer certain, that somebody has put aside or that is out of service, hides nothing.
 */
const suppresses = (cause: Alarm, alarm: Alarm): boolean =>
  cause.condition === 'active' &&
  (cause.human === 'unacknowledged' || cause.human === 'acknowledged' || cause.human === 'suppressed') &&
  rank(cause.severity) >= rank(alarm.severity);

/** The alarm that suppresses this one, rather the one that does already; `causes` are open alarms of the rules that its rule names. */
export const suppressorOf = (
  alarm: Alarm,
  by: readonly SuppressedBy[],
  causes: (rule: string) => Iterable<Alarm>,
): Alarm | undefined => {
  if (CALLS_FOR_HELP.has(alarm.kind)) return undefined;
  let first: Alarm | undefined;
  for (const { rule, scope } of by) {
    for (const cause of causes(rule)) {
      if (cause.id === alarm.id || !reaches(scope, cause, alarm) || !suppresses(cause, alarm)) continue;
      if (cause.id === alarm.suppressedBy) return cause;
      if (first === undefined || cause.id < first.id) first = cause;
    }
  }
  return first;
};

/** Whether a change of a cause can change what it suppresses. */
export const mattersToOthers = (before: Alarm | undefined, after: Alarm | undefined): boolean =>
  before?.condition !== after?.condition ||
  before?.human !== after?.human ||
  before?.severity !== after?.severity ||
  before?.zone !== after?.zone;
