import { z } from 'zod';
import { hostSchema, portSchema } from './ids.ts';

export const httpSchema = z
  .strictObject({
    host: hostSchema.default('127.0.0.1').describe('address to listen on; loopback only in this version'),
    port: portSchema.default(8080).describe('TCP port; 0 takes a free one'),
  })
  .prefault({})
  .describe('health, and lists for programs on this machine');
