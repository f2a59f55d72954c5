import type { Field, Measurement } from './fields.ts';
import { as, INTERVAL, influxql, last, outer } from './influxql.ts';
import type { Query } from './target.ts';

/** A series for every device and channel. */
export const byChannel = (
  measurement: Measurement,
  of: Field,
  reduce: (measurement: Measurement, of: Field) => string,
): Query => ({
  query: influxql({
    from: measurement,
    select: [as(reduce(measurement, of), of)],
    by: ['device', 'channel'],
    every: INTERVAL,
  }),
  alias: '$tag_device $tag_channel',
});

/** A series for every device. */
export const byDevice = (measurement: Measurement, expression: string, name: string): Query => ({
  query: influxql({ from: measurement, select: [as(expression, name)], by: ['device'], every: INTERVAL }),
  alias: '$tag_device',
});

/** How many devices reported a quantity within the time shown. */
export const heard = (measurement: Measurement, of: Field, name: string): Query => ({
  query: outer({
    select: [as('count("value")', 'devices')],
    of: { from: measurement, select: [as(last(measurement, of), 'value')], by: ['device'] },
  }),
  alias: name,
});
