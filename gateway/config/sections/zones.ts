import { z } from 'zod';
import { idSchema, nameSchema } from './ids.ts';

const pointSchema = z
  .tuple([z.number().describe('x, metres'), z.number().describe('y, metres')])
  .describe('a point on the floor plan: x, y in metres');

const zoneSchema = z.strictObject({
  name: nameSchema.optional().describe('shown to people; the id where absent'),
  areaM2: z.number().positive().max(10_000_000).optional().describe('floor that people can stand on, square metres'),
  capacity: z.int().positive().max(1_000_000).optional().describe('persons allowed'),
  use: z
    .enum(['moving', 'standing'])
    .default('moving')
    .describe('whether people walk or stand there; limits of density differ, those of moving crowds are the stricter'),
  within: idSchema.optional().describe('the zone that this one is part of'),
  polygon: z.array(pointSchema).min(3).max(1000).optional().describe('outline on the floor plan, metres'),
});

export const zonesSchema = z.record(idSchema, zoneSchema).describe('areas of the venue by id');
