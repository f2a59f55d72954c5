import type { OutOfService } from '../../../rules/alarms/alarm.ts';
import type { OutOfServiceView } from '../contract.ts';
import { iso } from './device.ts';

export const serviceView = ({
  rule,
  subject,
  by,
  why,
  sinceMs,
  untilMs,
  remindAtMs,
}: OutOfService): OutOfServiceView => ({
  rule,
  ...(subject === undefined ? {} : { subject }),
  by,
  why,
  since: iso(sinceMs),
  ...(untilMs === undefined ? {} : { until: iso(untilMs) }),
  remindAt: iso(remindAtMs),
});
