import { z } from 'zod';
import type { Rule } from '../../../rules/rule.ts';
import type { VenueConfig } from '../../config/schema.ts';
import { listOf } from '../schemas/common.ts';
import { ruleViewSchema } from '../schemas/rules.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';

const settingsSchema = z.record(z.string(), z.unknown());

/** Bounded by the configuration: at most a thousand rules. */
export const rulesRoute = (config: VenueConfig, rules: readonly Rule[]): Route => {
  const settingsNow = () => new Map(config.rules.map((rule) => [rule.id, settingsSchema.parse(rule)]));
  return defineRoute({
    method: 'GET',
    path: '/api/v1/rules',
    role: 'viewer',
    summary: 'The rules that judge, with all their settings',
    request: NO_INPUT,
    answer: { status: 200, description: 'rules', schema: listOf(ruleViewSchema) },
    handle: () => {
      const settings = settingsNow();
      return {
        items: rules.map(({ id, kind, latching, guidance }) => ({
          id,
          kind,
          latching,
          guidance,
          settings: settings.get(id) ?? {},
        })),
      };
    },
  });
};
