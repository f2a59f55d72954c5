import { createRule } from '../../../rules/kinds/index.ts';
import { bindProblems, httpBindProblems } from '../bind.ts';
import type { Finding } from '../finding.ts';
import { notActedUpon } from '../not-acted-upon.ts';
import { buildRegistry } from '../registry.ts';
import type { VenueConfig } from '../schema.ts';
import { escalationEnds } from './escalation-ends.ts';
import { geofenceBlind } from './geofence-blind.ts';
import type { Lint, LintContext } from './lint.ts';
import { modbusLoad } from './modbus-load.ts';
import { modbusPace } from './modbus-pace.ts';
import { noOfflineChannel } from './no-offline-channel.ts';
import { notifierLints } from './notifiers.ts';
import { plainSecret } from './plain-secret.ts';
import { receiverUnproven } from './receiver-unproven.ts';
import { severityUnnotified } from './severity-unnotified.ts';
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
  severityUnnotified,
  escalationEnds,
  noOfflineChannel,
  notifierLints,
  plainSecret,
  unwatched,
  uprightMissing,
  receiverUnproven,
  geofenceBlind,
  ({ config }) => notActedUpon(config),
];

const contextOf = (config: VenueConfig): LintContext => {
  const registry = buildRegistry(config);
  const rules = config.rules.map((rule, index) => ({ index, config: rule, rule: createRule(rule, registry.venue) }));
  return { config, registry, rules };
};

/** What a valid configuration says and is probably not meant. */
export const lintVenue = (config: VenueConfig): readonly Finding[] => {
  const context = contextOf(config);
  return LINTS.flatMap((lint) => lint(context));
};
