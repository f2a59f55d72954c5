import type { Frame } from '../../model/frame.ts';
import type { Decoded } from '../../model/sample.ts';

/** A format of lines on a serial port. The device has no name but that of the source it hangs on. */
export interface LineFormat<Memory = unknown> {
  /** Stable name: in `venue.yaml` a device is addressed `<kind>:<id of the source>`, and a source names it as `format`. */
  readonly kind: string;
  /** Whether a line of a port that nobody has named a format for is one of these. */
  recognises(line: string): boolean;
  /** Plain JSON, kept for each device. */
  startMemory(): Memory;
  /** `line` is the frame's payload as Latin-1. */
  decode(frame: Frame, line: string, memory: Memory): Decoded;
}

/** Identity helper: the type of a format, checked where it is written. */
export const defineLineFormat = <Memory>(format: LineFormat<Memory>): LineFormat<Memory> => format;

/** The device on the other end of the line. */
export const lineDevice = ({ address, source }: Frame): string => (address === '' ? source : address);
