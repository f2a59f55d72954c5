import { z } from 'zod';
import { lifePolicyOf } from '../alarms/policy.ts';
import type { Rule, Venue } from '../rule.ts';
import { crowdDensity } from './crowd-density.ts';
import { manDown } from './man-down.ts';
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
  manDown.schema,
  sos.schema,
  threshold.schema,
  silent.schema,
]);

export type RuleConfig = z.infer<typeof ruleSchema>;

/** Makes the running rule of a validated configuration. */
export const createRule = (config: RuleConfig, venue: Venue): Rule =>
  Object.assign(judgementOf(config, venue), { parameters: config, life: lifePolicyOf(config) });

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
    case 'man-down':
      return manDown.create(config, venue);
    case 'sos':
      return sos.create(config, venue);
    case 'threshold':
      return threshold.create(config, venue);
    case 'silent':
      return silent.create(config, venue);
  }
};
