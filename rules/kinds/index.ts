import { z } from 'zod';
import { lifePolicyOf } from '../alarms/policy.ts';
import type { Rule, Venue } from '../rule.ts';
import { crowdDensity } from './crowd-density.ts';
import { overcurrent } from './overcurrent.ts';
import { silent } from './silent.ts';
import { sos } from './sos.ts';
import { stillness } from './stillness.ts';
import { threshold } from './threshold.ts';
import { tilt } from './tilt.ts';

/** Every kind of rule there is: a new kind costs its file and one line in each list below. */
export const ruleSchema = z.discriminatedUnion('kind', [
  crowdDensity.schema,
  overcurrent.schema,
  tilt.schema,
  stillness.schema,
  sos.schema,
  threshold.schema,
  silent.schema,
]);

export type RuleConfig = z.infer<typeof ruleSchema>;

const judgementOf = (config: RuleConfig, venue: Venue): Rule => {
  switch (config.kind) {
    case 'crowd-density':
      return crowdDensity.create(config, venue);
    case 'overcurrent':
      return overcurrent.create(config, venue);
    case 'tilt':
      return tilt.create(config, venue);
    case 'stillness':
      return stillness.create(config, venue);
    case 'sos':
      return sos.create(config, venue);
    case 'threshold':
      return threshold.create(config, venue);
    case 'silent':
      return silent.create(config, venue);
  }
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
