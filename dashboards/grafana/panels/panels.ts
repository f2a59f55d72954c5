import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, DynamicConfigValue, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { DATASOURCE, type Query, targets } from '../queries/target.ts';
import { type Limit, thresholds } from './limits.ts';
import { described, type Text, titled } from './text.ts';

interface Described {
  readonly title: Text;
  /** What it answers, and what it does not. */
  readonly about: Text;
  readonly unit: string;
  readonly queries: readonly Query[];
  readonly limits?: readonly Limit[];
  /** Grafana adds all series up and shows the sum under this name. */
  readonly summedAs?: string;
  /** Of the 24 columns. */
  readonly width?: number;
}

export interface Override {
  readonly column: string;
  readonly properties: readonly DynamicConfigValue[];
}

/** Joins series by time and replaces them by their sum: https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/transform-data/ */
const summing = ({ summedAs }: Described): DataTransformerConfig[] =>
  summedAs === undefined
    ? []
    : [
        { id: 'joinByField', options: { byField: 'Time', mode: 'outer' } },
        {
          id: 'calculateField',
          options: { mode: 'reduceRow', reduce: { reducer: 'sum' }, alias: summedAs, replaceFields: true },
        },
      ];

/** Devices report every ten seconds or so: finer steps would be mostly empty. */
const FINEST = '10s';

const HEIGHT = 8;
const NUMBER_HEIGHT = 4;

export interface SeriesPanel extends Described {
  readonly draw?: 'line' | 'bars' | 'steps';
  readonly stacked?: boolean;
  readonly min?: number;
  /** No step is shorter; default: ten seconds. */
  readonly finest?: string;
  /** Shown where there is no value. */
  readonly noValue?: Text;
}

export const series = (panel: SeriesPanel): Builder<Panel> => {
  const { draw = 'line', limits = [], finest = FINEST } = panel;
  const builder = new TimeSeriesBuilder()
    .title(titled(panel.title))
    .description(described(panel.about))
    .datasource(DATASOURCE)
    .targets(targets(panel.queries, 'time_series'))
    .transformations(summing(panel))
    .interval(finest)
    .unit(panel.unit)
    .span(panel.width ?? 12)
    .height(HEIGHT)
    .thresholds(thresholds(limits))
    .drawStyle(draw === 'bars' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .fillOpacity(draw === 'bars' ? 70 : 5)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (limits.length > 0)
    builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  if (draw === 'steps') builder.lineInterpolation(LineInterpolation.StepAfter);
  if (panel.stacked === true) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (panel.min !== undefined) builder.min(panel.min);
  if (panel.noValue !== undefined) builder.noValue(titled(panel.noValue));
  return builder;
};

export interface NumberPanel extends Described {
  /** How the points of each series become one figure; default: the last. */
  readonly reduce?: 'lastNotNull' | 'max' | 'min' | 'sum';
  readonly overrides?: readonly Override[];
  readonly noValue?: string;
}

export const number = (panel: NumberPanel): Builder<Panel> => {
  const builder = new StatBuilder()
    .title(titled(panel.title))
    .description(described(panel.about))
    .datasource(DATASOURCE)
    .targets(targets(panel.queries, 'time_series'))
    .transformations(summing(panel))
    .interval(FINEST)
    .unit(panel.unit)
    .span(panel.width ?? 6)
    .height(NUMBER_HEIGHT)
    .thresholds(thresholds(panel.limits ?? []))
    .colorMode(BigValueColorMode.Value)
    .textMode(panel.queries.length > 1 ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs([panel.reduce ?? 'lastNotNull']));
  if (panel.noValue !== undefined) builder.noValue(panel.noValue);
  for (const { column, properties } of panel.overrides ?? []) builder.overrideByName(column, [...properties]);
  return builder;
};

export interface TablePanel extends Described {
  readonly overrides?: readonly Override[];
}

export const table = (panel: TablePanel): Builder<Panel> => {
  const builder = new TableBuilder()
    .title(titled(panel.title))
    .description(described(panel.about))
    .datasource(DATASOURCE)
    .targets(targets(panel.queries, 'table'))
    .unit(panel.unit)
    .span(panel.width ?? 24)
    .height(HEIGHT)
    .thresholds(thresholds(panel.limits ?? []))
    .filterable(true);
  for (const { column, properties } of panel.overrides ?? []) builder.overrideByName(column, [...properties]);
  return builder;
};

/** Words for the numbers of a state, in a table's column. */
export const worded = (column: string, words: Readonly<Record<string, { text: string; color: string }>>): Override => ({
  column,
  properties: [
    { id: 'mappings', value: [{ type: 'value', options: words }] },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
    { id: 'unit', value: 'none' },
  ],
});
