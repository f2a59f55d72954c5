import type { Alarm } from '../../rules/alarms/alarm.ts';

/** Whether people are told of an alarm; if not, why, and who or what is behind it. */
export type Decision =
  | { readonly notify: true }
  | {
      readonly notify: false;
      readonly reason: 'out-of-service' | 'suppressed' | 'shelved';
      /** A person, or the alarm that suppresses it. */
      readonly by: string;
    };

const TOLD: Decision = { notify: true };

/** One reason to tell nobody. */
type Policy = (alarm: Alarm) => Decision | undefined;

const outOfService: Policy = ({ human, outOfService: note }) =>
  human === 'out-of-service' ? { notify: false, reason: 'out-of-service', by: note?.by ?? '' } : undefined;

const suppressed: Policy = ({ human, suppressedBy }) =>
  human === 'suppressed' ? { notify: false, reason: 'suppressed', by: suppressedBy ?? '' } : undefined;

const shelved: Policy = ({ human, shelved: shelf }) =>
  human === 'shelved' ? { notify: false, reason: 'shelved', by: shelf?.by ?? '' } : undefined;

/** In order: the first that says no is the reason. */
const POLICY: readonly Policy[] = [outOfService, suppressed, shelved];

export const holdBack = (alarm: Alarm): Decision => {
  for (const policy of POLICY) {
    const decision = policy(alarm);
    if (decision !== undefined) return decision;
  }
  return TOLD;
};
