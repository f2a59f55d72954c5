import { z } from 'zod';

/** What people are called when they log in: letters and digits of any script; what the alarms' history names them by. */
export const userNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._@-]{0,63}$/u)
  .describe('user name: letters and digits of any script and . _ @ -, at most 64');

/** Two names that are the same person's: phones capitalise the first letter and compose accents as they like. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();
