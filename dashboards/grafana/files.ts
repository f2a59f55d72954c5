import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from './dashboards/index.ts';

/** A dashboard as it is committed, and as Grafana reads it. */
export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

const nameOf = ({ uid, title }: Dashboard): string => {
  if (uid === undefined) throw new RangeError(`dashboard ${title} has no uid`);
  return `${uid}.json`;
};

export const generatedFiles = (): readonly GeneratedFile[] =>
  dashboards().map((dashboard) => ({ name: nameOf(dashboard), text: `${JSON.stringify(dashboard, null, 2)}\n` }));
