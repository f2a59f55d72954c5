import type { Framing } from '../../ingest/sources/serial/framer.ts';
import type { SerialLinesOptions } from '../../ingest/sources/serial-lines.ts';
import type { VenueConfig } from './schema.ts';

type SerialLinesConfig = Extract<VenueConfig['sources'][number], { kind: 'serial-lines' }>;

const framingOf = ({ framing, delimiterHex, lengthBytes }: SerialLinesConfig): Framing => {
  switch (framing) {
    case 'delimiter':
      return { kind: framing, delimiter: Buffer.from(delimiterHex, 'hex') };
    case 'length-prefixed':
      return { kind: framing, lengthBytes };
    default:
      return { kind: framing };
  }
};

/** What venue.yaml says of a serial port with lines, in the words of the source. */
export const serialLinesOptions = (source: SerialLinesConfig): Omit<SerialLinesOptions, 'log' | 'nowMs'> => ({
  ...source,
  framing: framingOf(source),
});
