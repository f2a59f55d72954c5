import { keepOpen } from '../serial/port.ts';
import type { KeepLine } from './line.ts';

export interface UartLineOptions {
  readonly path: string;
  readonly baudRate: number;
  readonly rtscts: boolean;
  readonly reconnect?: { readonly firstMs: number; readonly maxMs: number } | undefined;
  nowMs(): number;
}

/** A controller on a serial port. */
export const keepUart =
  (options: UartLineOptions): KeepLine =>
  (events) =>
    keepOpen({ ...options, ...events });
