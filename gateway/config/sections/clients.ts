import { z } from 'zod';
import { deviceIdSchema, idSchema, sha256Schema, topicFilterSchema } from './ids.ts';

export const clientLimitsSchema = z
  .strictObject({
    publishesPerSecond: z.number().positive().max(1_000_000).default(500).describe('publishes a second, sustained'),
    publishBurst: z.int().positive().max(1_000_000).default(1000).describe('publishes at once'),
  })
  .describe('publish rate of this client, instead of that of the broker');

const clientSchema = z.strictObject({
  secretSha256: sha256Schema.describe('SHA-256 of its MQTT password'),
  role: idSchema.optional().describe('whoever holds role guard may acknowledge alarms'),
  publish: z.array(topicFilterSchema).max(100).default([]).describe('where it may publish'),
  subscribe: z.array(topicFilterSchema).max(100).default([]).describe('what it may read'),
  limits: clientLimitsSchema.optional(),
});

export const clientsSchema = z
  .record(deviceIdSchema, clientSchema)
  .describe('who else may connect: bridges, phones, dashboards; the key is the MQTT user name');
