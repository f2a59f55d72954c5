import { createRule } from '../../../rules/kinds/index.ts';
import { bindProblems, httpBindProblems } from '../bind.ts';
import type { Finding } from '../finding.ts';
import { notActedUpon } from '../not-acted-upon.ts';
import { buildRegistry } from '../registry.ts';
import type { VenueConfig } from '../schema.ts';
import { geofenceBlind } from './geofence-blind.ts';
import type { Lint, LintContext } from './lint.ts';
import { modbusLoad } from './modbus-load.ts';
import { modbusPace } from './modbus-pace.ts';
import { noMotion } from './no-motion.ts';
import { notifierLints } from './notifiers.ts';
import { plainSecret } from './plain-secret.ts';
import { PLAN_LINTS } from './plan/index.ts';
import { receiverUnproven } from './receiver-unproven.ts';
import { roleWithoutPeople } from './role-without-people.ts';
import { selectsNothing } from './selects-nothing.ts';
import { sharedAdapter } from './shared-adapter.ts';
import { slowSource } from './slow-source.ts';
import { unwatched } from './unwatched.ts';
import { uprightMissing } from './upright-missing.ts';
import { zoneWithoutArea } from './zone-without-area.ts';

/** Every lint there is: a new one costs its file and a line here. */
const LINTS: readonly Lint[] = [
  ({ config }) => bindProblems(config),
  ({ config }) => httpBindProblems(config),
  zoneWithoutArea,
  slowSource,
  modbusLoad,
  modbusPace,
  ...PLAN_LINTS,
  notifierLints,
  plainSecret,
  unwatched,
  uprightMissing,
  receiverUnproven,
  geofenceBlind,
  selectsNothing,
  noMotion,
  sharedAdapter,
  roleWithoutPeople,
  ({ config }) => notActedUpon(config),
];

const contextOf = (config: VenueConfig, nowMs: number | undefined): LintContext => {
  const registry = buildRegistry(config);
  const rules = config.rules.map((rule, index) => ({ index, config: rule, rule: createRule(rule, registry.venue) }));
  return { config, registry, rules, nowMs };
};

/** What a valid configuration says and is probably not meant; of the duty roster the week from `nowMs`, where given. */
export const lintVenue = (config: VenueConfig, nowMs?: number): readonly Finding[] => {
  const context = contextOf(config, nowMs);
  return LINTS.flatMap((lint) => lint(context));
};

/** Dead ends of the response plan alone. */
export const lintPlan = (config: VenueConfig, nowMs: number): readonly Finding[] => {
  const context = contextOf(config, nowMs);
  return PLAN_LINTS.flatMap((lint) => lint(context));
};
