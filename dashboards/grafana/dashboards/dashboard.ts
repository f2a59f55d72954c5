import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { described, type Text, titled } from '../panels/text.ts';
import { datasourceVariable, type Variable } from '../queries/variables.ts';

export interface DashboardPlan {
  /** Stable: links and bookmarks hold it. */
  readonly uid: string;
  readonly title: Text;
  readonly about: Text;
  readonly variables: readonly Variable[];
  /** In reading order; widths add up to rows of 24 columns. */
  readonly panels: readonly Builder<Panel>[];
}

const TAG = 'muster';

const others = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder(titled({ zh: '其他面板', en: 'Other dashboards' }))
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);

export const dashboardOf = ({ uid, title, about, variables, panels }: DashboardPlan): Dashboard => {
  const builder = new DashboardBuilder(titled(title))
    .uid(uid)
    .description(described(about))
    .tags([TAG])
    .timezone('browser')
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([datasourceVariable(), ...variables])
    .link(others());
  panels.forEach((panel, index) => {
    builder.withPanel({ build: () => ({ ...panel.build(), id: index + 1 }) });
  });
  return builder.build();
};
