import { z } from 'zod';

export const ROLES = ['viewer', 'guard', 'engineer'] as const;

export const roleSchema = z.enum(ROLES).describe('each may all that the one before may');

/** Who is asking. */
export const sessionSchema = z
  .object({
    name: z.string(),
    role: roleSchema,
    anonymous: z.boolean().describe('nobody has logged in: this machine, without users'),
  })
  .meta({ id: 'Session' });

export const logInSchema = z
  .strictObject({ name: z.string().min(1).max(64), password: z.string().min(1).max(1024) })
  .meta({ id: 'LogIn' });
