import { z } from 'zod';
import { idSchema, nameSchema } from './ids.ts';

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The language for one who has set `LANG` (POSIX) or a language tag so; English where neither says Chinese. */
export const localeOf = (language: string | undefined): Locale =>
  language !== undefined && /^zh(?:[-_.@]|$)/i.test(language) ? 'zh-CN' : 'en';

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const referenceSchema = z
  .strictObject({
    latitudeDegrees: z
      .number()
      .min(-90)
      .max(90)
      .describe('latitude of the floor plan’s point 0, 0; WGS 84, as GPS has it'),
    longitudeDegrees: z.number().min(-180).max(180).describe('longitude of the floor plan’s point 0, 0; WGS 84'),
    yAxisDegrees: z
      .number()
      .min(-360)
      .max(360)
      .default(0)
      .describe('which way the y axis of the floor plan points, degrees clockwise from north; x points to its right'),
  })
  .describe('where the floor plan lies on the earth: without it positions and outlines of zones cannot be compared');

export const venueSectionSchema = z.strictObject({
  id: idSchema.describe('the <venue> of MQTT topics'),
  name: nameSchema.describe('shown to people'),
  timezone: z
    .string()
    .refine(isTimeZone, {
      params: { zh: 'IANA 时区名称，例如 Asia/Shanghai', en: 'an IANA time zone, as in Asia/Shanghai' },
    })
    .describe('IANA time zone of the venue, as in Asia/Shanghai'),
  reference: referenceSchema.optional(),
  locale: z.enum(LOCALES).default('zh-CN').describe('language of texts that are shown to everybody'),
});
