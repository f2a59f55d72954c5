import type { Rule } from '../../../rules/rule.ts';
import type { VenueClock } from '../../clock.ts';
import type { Registry } from '../../config/registry.ts';
import type { VenueConfig } from '../../config/schema.ts';
import type { HotPath } from '../../hot-path.ts';
import type { Log } from '../../log.ts';
import type { Health, Ready } from '../contract.ts';
import type { LookedUp } from '../look-ups.ts';
import type { MetricsPage } from '../metrics/page.ts';
import type { Access, AlarmHistory, AlarmRecord, History, Timers } from '../ports.ts';
import type { Route } from '../seam/route.ts';
import type { Commit } from '../settling.ts';
import type { Hub } from '../stream/hub.ts';
import { healthRoute, readyRoute, sessionRoute, venueRoute } from './about.ts';
import { alarmActionRoutes } from './alarm-actions.ts';
import { alarmRoutes } from './alarms.ts';
import { coverageRoute } from './coverage.ts';
import { devicesRoute } from './devices.ts';
import { explainRoute } from './explain.ts';
import { historyRoute } from './history.ts';
import { metricsRoute } from './metrics.ts';
import { cancelPreAlarmRoute } from './pre-alarms.ts';
import { rejectedRoute } from './rejected.ts';
import { type ReloadVenue, reloadRoute } from './reload.ts';
import { rulesRoute } from './rules.ts';
import { streamRoute } from './stream.ts';
import { zoneRoutes } from './zones.ts';

/** What the routes of people read. */
export interface RoutesOptions {
  readonly config: VenueConfig;
  readonly registry: Registry;
  readonly rules: readonly Rule[];
  readonly hotPath: HotPath;
  readonly clock: VenueClock;
  readonly timers: Timers;
  readonly log: Log;
  readonly access: Access;
  readonly history: History | undefined;
  readonly past: AlarmHistory;
  readonly record: AlarmRecord;
  readonly commit: Commit;
  readonly hub: Hub;
  readonly metrics: MetricsPage;
  readonly lookedUp: LookedUp;
  /** Reads the venue file again; absent: there is none. */
  readonly reload?: ReloadVenue | undefined;
  health(): Health;
  ready(): Ready;
}

/** Everything that people and their programs may ask. */
export const peopleRoutes = (options: RoutesOptions): readonly Route[] => {
  const { config, rules, hotPath, hub, access, metrics, health, ready } = options;
  return [
    healthRoute(health),
    readyRoute(ready),
    metricsRoute(metrics),
    venueRoute(config),
    sessionRoute,
    ...alarmRoutes(options),
    ...alarmActionRoutes(options),
    explainRoute(options),
    ...zoneRoutes(options),
    cancelPreAlarmRoute(options),
    devicesRoute(options),
    coverageRoute(options),
    historyRoute(options),
    rulesRoute(config, rules),
    reloadRoute(options.reload),
    rejectedRoute(hotPath.intake.rejected),
    streamRoute(hub, access),
  ];
};
