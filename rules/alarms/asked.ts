import type { AlarmAction, RefusalCode, Shelve } from './action.ts';
import type { Alarm } from './alarm.ts';
import { type Happening, iso } from './life.ts';
import { CALLS_FOR_HELP, type LifePolicy } from './policy.ts';

type OnAlarm = Exclude<AlarmAction, { readonly rule: string }>;

const shelving = (
  { by, atMs, comment, untilMs }: Shelve,
  alarm: Alarm,
  policy: LifePolicy,
): Happening | RefusalCode => {
  if (CALLS_FOR_HELP.has(alarm.kind)) return 'call-for-help';
  const latestMs = atMs + policy.shelveMaxMs;
  if (untilMs !== undefined && untilMs <= atMs) return 'in-the-past';
  if (untilMs !== undefined && untilMs > latestMs) return 'shelf-too-long';
  return {
    event: untilMs === undefined ? 'shelve-once' : 'shelve',
    atMs,
    by,
    comment,
    shelved: {
      by,
      at: iso(atMs),
      until: iso(untilMs ?? latestMs),
      ...(untilMs === undefined ? { once: true } : {}),
    },
  };
};

/** What somebody does about an alarm, as it happens to it; or why it may not. */
export const asHappening = (action: OnAlarm, alarm: Alarm, policy: LifePolicy): Happening | RefusalCode => {
  const { by, atMs, comment } = action;
  switch (action.type) {
    case 'shelve':
      return shelving(action, alarm, policy);
    case 'comment':
      return comment?.trim() === '' ? 'no-reason' : { event: 'comment', atMs, by, comment };
    case 'assign':
      return { event: 'assign', atMs, by, comment, assignedTo: action.to };
    case 'acknowledge':
      // What the second one has to say is kept all the same.
      if (alarm.human === 'acknowledged' && comment !== undefined && comment.trim() !== '')
        return { event: 'comment', atMs, by, comment };
      return { event: 'acknowledge', atMs, by, comment };
    default:
      return { event: action.type, atMs, by, comment };
  }
};
