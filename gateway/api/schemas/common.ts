import { z } from 'zod';
import { SEVERITIES } from '../../../rules/rule.ts';

/** ISO 8601 in UTC with milliseconds, as `Date.toISOString` writes it. */
export const timeSchema = z.iso.datetime({ precision: 3 }).describe('ISO 8601, UTC, milliseconds');

/** A sentence or name in both languages of the product. */
export const textSchema = z.object({ zh: z.string(), en: z.string() }).describe('in Chinese and in English');

export const severitySchema = z
  .enum(SEVERITIES)
  .describe('general, elevated, serious, critical: the four colours of Chinese emergency plans');

/** Every list: the items of one page, and where the next begins. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().exactOptional().describe('give it as `cursor` to go on; absent: this was the last page'),
  });

export const PAGE_MAX = 1000;
export const PAGE_DEFAULT = 500;

/** What every list takes in its query. */
export const pageShape = {
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT).describe('items of a page at most'),
  cursor: z.string().min(1).max(1024).optional().describe('`next` of the page before'),
} as const;
