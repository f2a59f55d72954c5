import { z } from 'zod';
import type { RuleConfig } from '../../rules/kinds/index.ts';
import { ruleSchema } from '../../rules/kinds/index.ts';
import { clientsSchema } from './sections/clients.ts';
import { dataSchema } from './sections/data.ts';
import { badgesSchema, devicesSchema, rolesSchema } from './sections/devices.ts';
import { floodSchema } from './sections/flood.ts';
import { httpSchema } from './sections/http.ts';
import { notifiersSchema } from './sections/notifiers.ts';
import { peopleSchema, rosterSchema } from './sections/people.ts';
import { planSchema } from './sections/plan.ts';
import { profilesSchema } from './sections/profiles.ts';
import { presenceSchema, receiversSchema } from './sections/receivers.ts';
import { recorderSchema } from './sections/recorder.ts';
import { retentionSchema } from './sections/retention.ts';
import { securitySchema } from './sections/security.ts';
import { sinksSchema } from './sections/sinks.ts';
import { sourcesSchema } from './sections/sources.ts';
import { venueSectionSchema } from './sections/venue.ts';
import { zonesSchema } from './sections/zones.ts';

/** All of venue.yaml. */
export const venueSchema = z
  .strictObject({
    venue: venueSectionSchema.describe('the venue itself'),
    zones: zonesSchema.default({}),
    profiles: profilesSchema.default({}),
    devices: devicesSchema.default({}),
    roles: rolesSchema.default({}),
    badges: badgesSchema.default({}),
    clients: clientsSchema.default({}),
    sources: sourcesSchema,
    receivers: receiversSchema.default({}),
    presence: presenceSchema,
    http: httpSchema,
    rules: z.array(ruleSchema).max(1000).default([]).describe('what is judged'),
    people: peopleSchema.default({}),
    roster: rosterSchema,
    plan: planSchema,
    flood: floodSchema,
    notifiers: notifiersSchema,
    sinks: sinksSchema,
    security: securitySchema,
    data: dataSchema,
    recorder: recorderSchema,
    retention: retentionSchema,
  })
  .describe('configuration of a Muster gateway');

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

type Sections = z.output<typeof venueSchema>;

/** A validated venue.yaml with all defaults filled in; frozen to its depth. */
export type VenueConfig = DeepReadonly<Omit<Sections, 'rules'>> & { readonly rules: readonly RuleConfig[] };

type JsonSchema = z.core.JSONSchema.BaseSchema;

let derived: JsonSchema | undefined;

/** JSON Schema (draft 2020-12) of what may be written in venue.yaml, for editors; derived once, when first asked for. */
export const venueJsonSchema = (): JsonSchema => {
  derived ??= z.toJSONSchema(venueSchema, { io: 'input' });
  return derived;
};
