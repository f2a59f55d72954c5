import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export const GENERATED = new URL('../../dashboards/grafana/generated/', import.meta.url);

const targetSchema = z.looseObject({
  refId: z.string(),
  query: z.string(),
  rawQuery: z.literal(true),
  resultFormat: z.enum(['time_series', 'table']),
  datasource: z.object({ type: z.literal('influxdb'), uid: z.literal('$datasource') }),
});

const panelSchema = z.looseObject({
  id: z.number(),
  title: z.string(),
  description: z.string(),
  gridPos: z.looseObject({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(targetSchema).min(1),
  interval: z
    .string()
    .regex(/^\d+[sm]$/)
    .optional(),
  fieldConfig: z.looseObject({
    defaults: z.looseObject({
      unit: z.string(),
      thresholds: z.looseObject({ steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })) }),
    }),
  }),
});

const variableSchema = z.looseObject({
  name: z.string(),
  label: z.string(),
  type: z.enum(['datasource', 'query']),
  query: z.string(),
  allValue: z.string().optional(),
});

/** A generated file, as far as tests look at it. */
const dashboardSchema = z.looseObject({
  uid: z.string(),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  templating: z.object({ list: z.array(variableSchema) }),
  panels: z.array(panelSchema).min(1),
});

export type DashboardFile = z.infer<typeof dashboardSchema>;
export type PanelFile = z.infer<typeof panelSchema>;

/** What is committed, and what Grafana therefore reads. */
export const committedDashboards = (): readonly DashboardFile[] =>
  readdirSync(GENERATED)
    .sort()
    .map((name) => dashboardSchema.parse(JSON.parse(readFileSync(new URL(name, GENERATED), 'utf8'))));

/** The English half of a title. */
export const english = (title: string): string => title.split(' · ')[1] ?? title;
