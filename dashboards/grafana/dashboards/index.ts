import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { alarms } from './alarms.ts';
import { badges } from './badges.ts';
import { climate } from './climate.ts';
import { crowd } from './crowd.ts';
import { gateway } from './gateway.ts';
import { overview } from './overview.ts';
import { power } from './power.ts';

/** Every dashboard: one more costs its file and a line here. */
export const dashboards = (): readonly Dashboard[] => [
  overview(),
  crowd(),
  power(),
  climate(),
  badges(),
  alarms(),
  gateway(),
];
