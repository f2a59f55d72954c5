import { z } from 'zod';
import type { Pack } from '../senml.ts';
import { emontxLines } from './emontx.ts';
import { nmeaLines } from './nmea.ts';

export const lineFormat = z.enum(['emontx', 'nmea']).describe('what the lines look like');

/** The lines of a pack, none where the format has no words for it. Keeps what one device counts up. */
export type Lines = (pack: Pack) => readonly string[];

export const createLines = (format: z.output<typeof lineFormat>): Lines => {
  switch (format) {
    case 'emontx':
      return emontxLines();
    case 'nmea':
      return nmeaLines();
  }
};
