import type { Lint } from '../lint.ts';
import { actuators } from './actuators.ts';
import { dutyGaps } from './duty-gaps.ts';
import { escalationEnds } from './escalation-ends.ts';
import { noOfflineChannel } from './no-offline-channel.ts';
import { releaseRole } from './release-role.ts';
import { severityUnnotified } from './severity-unnotified.ts';

/** Dead ends of the response plan: the same for `muster check` and `muster plan rehearse`. */
export const PLAN_LINTS: readonly Lint[] = [
  severityUnnotified,
  escalationEnds,
  noOfflineChannel,
  dutyGaps,
  releaseRole,
  actuators,
];
