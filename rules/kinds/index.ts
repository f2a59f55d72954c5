import { z } from 'zod';
import { lifePolicyOf } from '../alarms/policy.ts';
import type { Rule, Venue } from '../rule.ts';
import { accessBurst } from './access-burst.ts';
import { batteryLow } from './battery-low.ts';
import { crowdDensity } from './crowd-density.ts';
import { gatewayHealth } from './gateway-health.ts';
import { geofence } from './geofence.ts';
import { heatIndex } from './heat-index.ts';
import { incidentClass } from './incident-class.ts';
import { manDown } from './man-down.ts';
import { missedCheckIn } from './missed-check-in.ts';
import { objectLeft } from './object-left.ts';
import { onDutyTooLong } from './on-duty-too-long.ts';
import { overcurrent } from './overcurrent.ts';
import { phaseImbalance } from './phase-imbalance.ts';
import { rateOfChange } from './rate-of-change.ts';
import { silent } from './silent.ts';
import { sos } from './sos.ts';
import { stillness } from './stillness.ts';
import { threshold } from './threshold.ts';
import { tilt } from './tilt.ts';

/** Every kind of rule there is: a new kind costs its file and one line in each list below. */
export const ruleSchema = z.discriminatedUnion('kind', [
  crowdDensity.schema,
  overcurrent.schema,
  phaseImbalance.schema,
  tilt.schema,
  stillness.schema,
  manDown.schema,
  sos.schema,
  threshold.schema,
  silent.schema,
  accessBurst.schema,
  incidentClass.schema,
  gatewayHealth.schema,
  rateOfChange.schema,
  heatIndex.schema,
  missedCheckIn.schema,
  onDutyTooLong.schema,
  geofence.schema,
  objectLeft.schema,
  batteryLow.schema,
]);

export type RuleConfig = z.infer<typeof ruleSchema>;

const judgementOf = (config: RuleConfig, venue: Venue): Rule => {
  switch (config.kind) {
    case 'crowd-density':
      return crowdDensity.create(config, venue);
    case 'overcurrent':
      return overcurrent.create(config, venue);
    case 'phase-imbalance':
      return phaseImbalance.create(config, venue);
    case 'tilt':
      return tilt.create(config, venue);
    case 'stillness':
      return stillness.create(config, venue);
    case 'man-down':
      return manDown.create(config, venue);
    case 'sos':
      return sos.create(config, venue);
    case 'threshold':
      return threshold.create(config, venue);
    case 'silent':
      return silent.create(config, venue);
    case 'access-burst':
      return accessBurst.create(config, venue);
    case 'gateway-health':
      return gatewayHealth.create(config, venue);
    case 'incident-class':
      return incidentClass.create(config, venue);
    case 'rate-of-change':
      return rateOfChange.create(config, venue);
    case 'heat-index':
      return heatIndex.create(config, venue);
    case 'missed-check-in':
      return missedCheckIn.create(config, venue);
    case 'on-duty-too-long':
      return onDutyTooLong.create(config, venue);
    case 'geofence':
      return geofence.create(config, venue);
    case 'object-left':
      return objectLeft.create(config, venue);
    case 'battery-low':
      return batteryLow.create(config, venue);
  }
};

/** The gateway watches itself also where no rule says so. */
export const withOwnHealth = (rules: readonly RuleConfig[]): readonly RuleConfig[] => {
  if (rules.some(({ kind }) => kind === 'gateway-health')) return rules;
  const id = rules.some((rule) => rule.id === 'gateway') ? 'gateway-health' : 'gateway';
  return [...rules, gatewayHealth.schema.parse({ id, kind: 'gateway-health' })];
};

/** Whom it concerns, and what becomes of its alarms, is no part of how it judges. */
const settingsOf = ({
  id: _id,
  for: _for,
  latching: _latching,
  guidance: _guidance,
  realarmMinutes: _realarm,
  shelveMaxMinutes: _shelve,
  suppressedBy: _by,
  ...settings
}: RuleConfig): string => JSON.stringify(settings);

/** Makes the running rule of a validated configuration. */
export const createRule = (config: RuleConfig, venue: Venue): Rule =>
  // Not a copy: what every sample reads stays where V8 has laid it.
  Object.assign(judgementOf(config, venue), {
    parameters: config,
    life: lifePolicyOf(config),
    settings: settingsOf(config),
  });

/** True for a kind that is judged here: alarms of the gateway itself have other ones. */
export const isRuleKind = (kind: string): boolean => KINDS.has(kind);

const KINDS: ReadonlySet<string> = new Set(ruleSchema.options.map(({ shape }) => shape.kind.value));
