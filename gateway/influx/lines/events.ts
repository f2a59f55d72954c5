import type { AlarmCondition, AlarmEvent, AlarmHuman, PreAlarmEvent } from '../../../rules/alarms/alarm.ts';
import { SEVERITIES } from '../../../rules/rule.ts';
import { tag } from './escape.ts';
import type { LineOptions } from './samples.ts';

export const CONDITION_NUMBERS: Readonly<Record<AlarmCondition, number>> = {
  cleared: 0,
  pending: 1,
  active: 2,
  unknown: 3,
};

export const HUMAN_NUMBERS: Readonly<Record<AlarmHuman, number>> = {
  unacknowledged: 0,
  acknowledged: 1,
  shelved: 2,
  suppressed: 3,
  'out-of-service': 4,
};

/** Fields that have a value, as `name=value` with commas between. */
const fields = (values: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && Number.isFinite(value))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

const valuesOf = (event: AlarmEvent | PreAlarmEvent): Readonly<Record<string, number | undefined>> => {
  if (!('alarm' in event)) return { countdownSeconds: (event.untilMs - event.atMs) / 1000 };
  const { severity, condition, human, value, limit, lateBySeconds } = event.alarm;
  return {
    severity: SEVERITIES.indexOf(severity) + 1,
    condition: CONDITION_NUMBERS[condition],
    human: HUMAN_NUMBERS[human],
    open: event.type === 'closed' ? 0 : 1,
    value,
    limit,
    lateBySeconds,
  };
};

/** The line of an alarm event. `timeUs`: Unix microseconds, its own within the series. */
export const eventLine = ({ venue, zones }: LineOptions, event: AlarmEvent | PreAlarmEvent, timeUs: number): string => {
  const { rule, kind, subject } = 'alarm' in event ? event.alarm : event;
  const zone = 'alarm' in event ? event.alarm.zone : zones.get(event.device);
  const tags =
    tag('event', event.type) +
    tag('kind', kind) +
    tag('rule', rule) +
    tag('subject', subject) +
    tag('venue', venue) +
    tag('zone', zone);
  return `alarm${tags} ${fields(valuesOf(event))} ${timeUs}`;
};
