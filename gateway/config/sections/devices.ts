import { z } from 'zod';
import type { Text } from '../../../rules/rule.ts';
import { clientLimitsSchema } from './clients.ts';
import {
  addressSchema,
  bindKeySchema,
  channelSchema,
  deviceIdSchema,
  fileSchema,
  idSchema,
  nameSchema,
  sha256Schema,
  topicFilterSchema,
} from './ids.ts';
import { buttonsSchema, reportsSchema } from './profiles.ts';

const ampsSchema = z.number().positive().max(100_000);

/** The tilt rule takes only samples near 1 g; a reference outside of that band was not taken at rest. */
const isNearOneG = (vector: readonly number[]): boolean => {
  const length = Math.hypot(...vector);
  return length >= 0.8 && length <= 1.2;
};

const uprightSchema = z
  .tuple([z.number(), z.number(), z.number()])
  .refine(isNearOneG, {
    params: {
      zh: '静止直立时测得的重力 [x, y, z]，单位 g，长度 0.8 至 1.2',
      en: 'gravity as measured upright and at rest, [x, y, z] in g, of length 0.8 to 1.2',
    },
  })
  .describe('gravity as the upright device measures it at rest: x, y, z in g');

const commonShape = {
  name: nameSchema.optional().describe('shown to people; the id where absent'),
  address: z
    .union([addressSchema, z.array(addressSchema).min(1).max(16)])
    .optional()
    .describe('<format>:<name that the format gives it>, one or several; senml:<id> where absent'),
  secretSha256: sha256Schema.optional().describe('SHA-256 of its MQTT password; without it the device cannot log in'),
  publish: z
    .array(topicFilterSchema)
    .max(100)
    .optional()
    .describe('where it may publish, instead of its own up/ topic'),
  subscribe: z
    .array(topicFilterSchema)
    .max(100)
    .optional()
    .describe('what it may read, instead of its own down/ topic'),
  limits: clientLimitsSchema.optional(),
  reports: reportsSchema.optional().describe('how often it reports, instead of what its profile says'),
  upright: uprightSchema.optional(),
  buttons: buttonsSchema.optional(),
  bindKeyFile: fileSchema
    .optional()
    .describe(
      'file that holds the key of its encrypted adverts (BTHome), hexadecimal; plain ones are then not believed',
    ),
  bindKey: bindKeySchema.optional().describe('the key of its encrypted adverts, in plain text; better bindKeyFile'),
} as const;

const ONE_KEY: Text = { zh: '只写其中一项：文件，或明文', en: 'either the file or the plain text, not both' };

const hasOneKey = ({ bindKey, bindKeyFile }: { bindKey?: string | undefined; bindKeyFile?: string | undefined }) =>
  bindKey === undefined || bindKeyFile === undefined;

const oneKey = { path: ['bindKey'], params: { ...ONE_KEY } };

const deviceSchema = z.strictObject({
  ...commonShape,
  profile: idSchema.describe('what kind of thing it is; built in: people-counter, current-clamp, climate, …'),
  zone: idSchema.optional().describe('where it stands, or what it counts'),
  fromZone: idSchema.optional().describe('of a gate counter: entries into zone leave this one'),
  widthMetres: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe('of a gate counter: clear width of the way that it watches, metres; its flow is then judged'),
  steps: z.boolean().optional().describe('of a gate counter: steps lead through it, which let fewer people pass'),
  ratedAmps: z
    .union([ampsSchema, z.record(channelSchema, ampsSchema)])
    .optional()
    .describe('rated current of the circuit, amperes; one for all channels, or by channel'),
});

const badgeSchema = z.strictObject({
  ...commonShape,
  profile: idSchema.default('badge').describe('what kind of thing it is'),
  zone: idSchema.optional().describe('where its wearer works'),
  role: idSchema.describe('role of the wearer'),
  wearer: z.string().min(1).max(200).optional().describe('name of the person who wears it'),
});

const roleSchema = z.strictObject({ name: nameSchema.optional().describe('shown to people; the id where absent') });

export const devicesSchema = z
  .record(deviceIdSchema, deviceSchema.refine(hasOneKey, oneKey))
  .describe('registered devices by id');
export const badgesSchema = z
  .record(deviceIdSchema, badgeSchema.refine(hasOneKey, oneKey))
  .describe('devices with a wearer, by id');
export const rolesSchema = z.record(idSchema, roleSchema).describe('what people do at the venue');

/** The role whose holders may acknowledge alarms; known without being configured. */
export const BUILT_IN_ROLES: readonly string[] = ['guard'];
