import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const amps = z.union([z.number().transform((rated) => ({ '': rated })), z.record(z.string(), z.number())]);
const severities = z.object({ yellow: z.number(), orange: z.number(), red: z.number() });

/** As much of venue.yaml as the reference judge needs, read apart from the gateway's own schema. */
const schema = z.object({
  zones: z.record(z.string(), z.object({ areaM2: z.number().optional(), use: z.string().optional() })).default({}),
  profiles: z.record(z.string(), z.object({ reports: z.object({ everySeconds: z.number() }) })).default({}),
  devices: z
    .record(z.string(), z.object({ profile: z.string(), zone: z.string(), ratedAmps: amps.optional() }))
    .default({}),
  badges: z
    .record(z.string(), z.object({ upright: z.tuple([z.number(), z.number(), z.number()]).default([0, 0, 1]) }))
    .default({}),
  rules: z.array(
    z.object({
      kind: z.string(),
      above: severities.optional(),
      holdSeconds: z.number().optional(),
      clearSeconds: z.number().optional(),
      deadband: z.number().optional(),
      continuousSeconds: z.number().optional(),
      for: z.object({ profiles: z.array(z.string()).optional(), devices: z.array(z.string()).optional() }).optional(),
      everyMinutes: z.number().optional(),
      hours: z.object({ blue: z.number() }).optional(),
      breakMinutes: z.number().optional(),
      polygon: z.array(z.tuple([z.number(), z.number()])).optional(),
    }),
  ),
});

export type ReferenceVenue = z.output<typeof schema>;
export type ReferenceRule = ReferenceVenue['rules'][number];

export const readVenue = (file: string): ReferenceVenue => schema.parse(parse(readFileSync(file, 'utf8')));

/** Report intervals that venue.yaml may leave out. */
export const everySecondsOf = (venue: ReferenceVenue, profile: string): number =>
  venue.profiles[profile]?.reports.everySeconds ?? { 'people-counter': 10 }[profile] ?? 60;
