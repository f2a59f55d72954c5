import type { Alarm } from '../../../../rules/alarms/alarm.ts';
import { alarmOf, EPOCH, venue } from '../stage.ts';

/** Two guards, a manager above them, one channel; yellow and orange have a ladder, red has one of its own. */
export const floodVenue = (...lines: string[]) =>
  venue(
    'people: { li: { name: 李伟, roles: [guard] }, zhao: { name: 赵敏, roles: [medic] }, wang: { name: 王芳, roles: [manager] } }',
    'notifiers: [ { kind: webhook, id: hook, url: "http://x", secret: xxxxxxxxxxxxxxxx } ]',
    `plan:
  yellow: { notify: [guard], channels: [hook] }
  orange:
    notify: [guard]
    channels: [hook]
    ackWithinSeconds: 100
    escalate: [ { afterSeconds: 120, notify: [manager], channels: [hook] } ]
  red:
    notify: [guard]
    channels: [hook]
    repeatSeconds: 100000
    escalate: [ { afterSeconds: 30, notify: [manager], channels: [hook] } ]`,
    ...lines,
  );

/** An alarm of a thermometer, its own by its number. */
export const hot = (number: number, rest: Partial<Alarm> = {}): Alarm => {
  const severity = rest.severity ?? 'yellow';
  const subject = rest.subject ?? `t${number}`;
  return alarmOf(subject, {
    id: `hot.${subject}.${number}`,
    rule: 'hot',
    kind: 'threshold',
    zone: 'hall',
    raisedAt: new Date(EPOCH).toISOString(),
    ...rest,
    severity,
  });
};
