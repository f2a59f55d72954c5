import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** A dashboard's own choice of database, so that one file serves every Grafana. */
export const DATASOURCE = { type: 'influxdb', uid: '$datasource' } as const;

/** A query as Grafana's InfluxDB data source keeps it in its InfluxQL mode: the SDK has no type of it. */
interface InfluxTarget extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof DATASOURCE;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias?: string;
}

export interface Query {
  readonly query: string;
  /** Name of each series, by `$tag_device`, `$col` and the like. */
  readonly alias?: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Queries of one panel, called A, B, C. */
export const targets = (queries: readonly Query[], resultFormat: InfluxTarget['resultFormat']): Builder<Dataquery>[] =>
  queries.map(({ query, alias }, index) => {
    const target: InfluxTarget = {
      refId: LETTERS.charAt(index),
      datasource: DATASOURCE,
      query,
      rawQuery: true,
      resultFormat,
      ...(alias === undefined ? {} : { alias }),
      _implementsDataqueryVariant: () => undefined,
    };
    return { build: () => target };
  });
