import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { titled } from '../panels/text.ts';
import type { Measurement } from './fields.ts';
import { chosen } from './influxql.ts';
import { DATASOURCE } from './target.ts';

export type Variable = Builder<VariableModel>;

const LABELS = {
  venue: { zh: '场馆', en: 'Venue' },
  zone: { zh: '区域', en: 'Zone' },
  device: { zh: '设备', en: 'Device' },
} as const;

/** Values of a tag, narrowed by the variables before it. A regular expression of everything also fits a tag that is missing. */
const tagVariable = (
  name: keyof typeof LABELS,
  measurements: readonly Measurement[],
  after: readonly ('venue' | 'zone')[],
): Variable => {
  const [measurement] = measurements;
  if (measurement === undefined) throw new RangeError('a variable needs a measurement');
  const from = measurements.map((each) => `"${each}"`).join(', ');
  const where = after.length === 0 ? '' : ` WHERE ${chosen(measurement, after).join(' AND ')}`;
  return new QueryVariableBuilder(name)
    .label(titled(LABELS[name]))
    .datasource(DATASOURCE)
    .query(`SHOW TAG VALUES FROM ${from} WITH KEY = "${name}"${where}`)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' })
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc);
};

export const venueOf = (...measurements: Measurement[]): Variable => tagVariable('venue', measurements, []);
export const zoneOf = (...measurements: Measurement[]): Variable => tagVariable('zone', measurements, ['venue']);
export const deviceOf = (...measurements: Measurement[]): Variable =>
  tagVariable('device', measurements, ['venue', 'zone']);

export const datasourceVariable = (): Variable =>
  new DatasourceVariableBuilder('datasource').label(titled({ zh: '数据源', en: 'Data source' })).type('influxdb');
