import type { Device, Zone } from '../../../ingest/model/device.ts';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import type { Venue } from '../../../rules/rule.ts';
import { conditionsOf, device, rule, type Stage, stage, venueOf, zone } from '../stage.ts';

const RULE = { id: 'density', kind: 'crowd-density' };

export const counter = (id: string, extra: Partial<Device> = {}): Device =>
  device(id, { role: undefined, profile: 'people-counter', zone: 'hall', reports: undefined, ...extra });

export const camera = (id: string, extra: Partial<Device> = {}): Device => counter(id, { profile: 'camera', ...extra });

export const hall = (extra: Partial<Zone> = {}): Zone => zone('hall', extra);

export const gate = (entriesTotal: number, exitsTotal = 0): Metrics => ({ entriesTotal, exitsTotal });
export const seen = (occupancyPersons: number): Metrics => ({ occupancyPersons });

export const venue = (
  devices: readonly Device[],
  zones: readonly Zone[] = [hall()],
  timezone = 'Asia/Shanghai',
): Venue => ({
  ...venueOf(devices, zones),
  timezone,
});

/** An evening; no forecast unless the test is about one. */
export const scene = (of: Venue, config: Record<string, unknown> = {}, startSeconds = 0): Stage =>
  stage({ venue: of, rules: [rule({ ...RULE, forecast: { severity: 'none' }, ...config }, of)], startSeconds });

export const again = (of: Venue, config: Record<string, unknown>, startSeconds: number, before: Stage): Stage =>
  stage({
    venue: of,
    rules: [rule({ ...RULE, forecast: { severity: 'none' }, ...config }, of)],
    startSeconds,
    snapshot: before.save(),
    alarms: before.open(),
  });

export const last = (s: Stage, subject = 'hall') =>
  conditionsOf(s.verdicts).findLast((verdict) => verdict.subject === subject)?.condition;

/** `[seconds, type, severity]` of what was raised, escalated or ended. */
export const brief = (s: Stage, subject = 'hall') =>
  s
    .story()
    .filter(([, type, of]) => of === subject && type !== 'changed' && type !== 'closed')
    .map(([at, type, , severity]) => [at, type, severity]);

/** Somebody has counted a zone, in the name of a device that counts there. */
export const counted = (s: Stage, by: string, persons: number, rest: Record<string, number | string> = {}): Stage =>
  s.occur(by, 'count', { attributes: { zone: 'hall', persons, by: 'chen', ...rest } });
