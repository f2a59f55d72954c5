import type { Speech } from './texts.ts';

/** A duration as people say it: the two units that matter. */
export const ageText = ({ say }: Speech, ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return say('age.seconds', { s: seconds });
  if (hours === 0) return say('age.minutes', { m: minutes, s: seconds % 60 });
  if (hours < 24) return say('age.hours', { h: hours, m: minutes % 60 });
  return say('age.days', { d: Math.floor(hours / 24), h: hours % 24 });
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it. */
const format = (timezone: string, withSeconds: boolean): Intl.DateTimeFormat => {
  const key = `${timezone} ${withSeconds}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
  });
  formats.set(key, made);
  return made;
};

/** Time of day at the venue, 24 hours. */
export const clockText = (ms: number, timezone: string, withSeconds = true): string =>
  format(timezone, withSeconds).format(ms);

/** Metrics that are a state: 1 is yes. */
const STATES: ReadonlySet<string> = new Set([
  'charging',
  'onDuty',
  'occupied',
  'moving',
  'contactClosed',
  'smokeDetected',
  'carbonMonoxideDetected',
  'gasDetected',
  'waterDetected',
  'heatDetected',
  'coldDetected',
  'lightDetected',
  'soundDetected',
  'motionDetected',
  'present',
  'pluggedIn',
  'switchedOn',
  'batteryLow',
  'vibrating',
  'tampered',
  'connected',
  'unlocked',
  'problem',
  'running',
  'safe',
  'genericState',
]);
const LARGE = 10_000;

const figure = (value: number): string => {
  const size = Math.abs(value);
  const digits = size >= LARGE || Number.isInteger(value) ? 0 : size >= 100 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
};

/** A value with its unit. A unit without dimension is written `1`, which nobody reads. */
export const valueText = ({ say, sayOr }: Speech, metric: string, value: number, unit: string): string => {
  if (STATES.has(metric)) return say(value === 0 ? 'state.no' : 'state.yes');
  const shown = unit === '1' ? '' : sayOr(`unit.${unit}`, unit);
  const degrees = /^(latitude|longitude)/.test(metric);
  return `${degrees ? value.toFixed(5) : figure(value)} ${shown}`.trimEnd();
};

export const metricText = ({ sayOr }: Speech, metric: string): string => sayOr(`metric.${metric}`, metric);
