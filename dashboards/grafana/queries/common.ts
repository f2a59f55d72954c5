import { field } from './fields.ts';
import { as, INTERVAL, influxql, last, outer, sum } from './influxql.ts';
import type { Query } from './target.ts';

/**
 * Entries less exits of each counter. The last word of a counter holds, so that a
 * silent one does not look like an empty zone. InfluxDB must not add them up: its sum over series that were filled with
 * `previous` is wrong (1.6.7 answers with a row for every series and step). Grafana does.
 */
export const personsByCounter = (): string =>
  influxql({
    from: 'crowd',
    select: [as(`${last('crowd', 'entriesTotal')} - ${last('crowd', 'exitsTotal')}`, 'persons')],
    by: ['zone', 'device', 'channel'],
    every: INTERVAL,
    fill: 'previous',
  });

/**
 * What the gateway says of each zone, every ten seconds. No device is chosen: none has written it. A step without a
 * complete count is a gap, and no line across it.
 */
export const byZone = (select: readonly string[], where: readonly string[] = []): string =>
  influxql({
    from: 'crowd',
    select,
    where,
    by: ['zone'],
    chosenBy: ['venue', 'zone'],
    every: INTERVAL,
    fill: 'null',
  });

export const COUNTER_ALIAS = '$tag_zone $tag_device $tag_channel';

/** How many alarms the last event of which, within the time shown, left them open; `where` is about that event. */
export const openAlarms = (where: readonly string[]): string =>
  outer({
    select: [as('sum("open")', 'alarms')],
    of: {
      from: 'alarm',
      select: [as(last('alarm', 'open'), 'open'), field('alarm', 'severity'), field('alarm', 'human')],
      by: ['rule', 'subject'],
    },
    where,
  });

/** Occurrences of ten minutes: each is written as 1. */
export const occurrencesOf = (of: 'sos' | 'cancel' | 'checkin' | 'fall', name: string): Query => ({
  query: influxql({ from: 'badge', select: [as(sum('badge', of), name)], every: '10m' }),
  alias: name,
});
