import { closest } from 'fastest-levenshtein';
import { METRIC_NAMES, METRICS, type MetricName } from '../../../ingest/model/metrics.ts';

/**
 * What stands in InfluxDB beside the metrics: occurrences, alarms, zones, ratings, what the gateway counts of itself. These names are
 * the gateway's (gateway/docs/formats.md#influxdb); a test holds them against what it really writes.
 */
const OWN_FIELDS = {
  climate: [],
  crowd: ['persons', 'densityPerM2', 'errorPersons', 'areaM2', 'capacity', 'standing', 'complete'],
  power: ['ratedAmps'],
  badge: ['sos', 'cancel', 'checkin', 'fall'],
  alarm: ['severity', 'condition', 'human', 'open', 'value', 'limit', 'lateBySeconds'],
  gateway: [
    'healthOpenAlarms',
    'alarmLoadRecentAlarms',
    'alarmLoadBusiestRecentAlarms',
    'alarmLoadChattering',
    'alarmLoadStale',
    'alarmLoadGroups',
    'alarmLoadGrouped',
    'alarmLoadHeldChattering',
    'healthProblems',
    'intakeFrames',
    'intakeSamples',
    'intakeFailures',
    'intakeUnregistered',
    'rulesFaults',
    'rulesSinkFaults',
    'rulesEventListenerFaults',
    'httpDroppedConnections',
    'streamSlowDropped',
    'storeCommittedReadings',
    'storeDroppedSamples',
    'storeDroppedOccurrences',
    'storeDroppedEvents',
    'storeLogRowsOverrun',
    'storePendingBytes',
    'storeLogBytes',
    'storeFreeBytes',
    'storeSlowestCommitSeconds',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Measurement = keyof typeof OWN_FIELDS;
export type Field = MetricName | (typeof OWN_FIELDS)[Measurement][number];

const DEVICE_TAGS = ['channel', 'device', 'venue', 'zone'] as const;

const TAGS = {
  climate: DEVICE_TAGS,
  crowd: DEVICE_TAGS,
  power: DEVICE_TAGS,
  badge: DEVICE_TAGS,
  alarm: ['event', 'kind', 'rule', 'subject', 'venue', 'zone'],
  gateway: DEVICE_TAGS,
} as const satisfies Readonly<Record<Measurement, readonly string[]>>;

export type Tag = (typeof TAGS)[Measurement][number];

/** A dashboard asks for what nobody writes: it would stay empty, and look like a quiet evening. */
export class UnknownName extends Error {}

export const fieldsOf = (measurement: Measurement): readonly string[] => [
  ...METRIC_NAMES.filter((name) => METRICS[name].family === measurement),
  ...OWN_FIELDS[measurement],
];

const quoted = (what: 'field' | 'tag', measurement: Measurement, name: string, valid: readonly string[]): string => {
  if (valid.includes(name)) return `"${name}"`;
  throw new UnknownName(
    `measurement "${measurement}" has no ${what} "${name}"; the nearest is "${closest(name, valid)}"`,
  );
};

/** As InfluxQL names it; throws UnknownName, with the nearest valid spelling. */
export const checkedField = (measurement: Measurement, name: string): string =>
  quoted('field', measurement, name, fieldsOf(measurement));

/** As `checkedField`; a name that no measurement has does not compile. */
export const field = (measurement: Measurement, name: Field): string => checkedField(measurement, name);

export const tag = (measurement: Measurement, name: Tag): string => quoted('tag', measurement, name, TAGS[measurement]);
