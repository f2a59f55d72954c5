import { z } from 'zod';

/** Which controller connects. */
export const adapterSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hci'), device: z.int() }),
  z.strictObject({ kind: z.literal('uart'), path: z.string(), baudRate: z.int() }),
]);

export type CentralAdapter = Readonly<z.output<typeof adapterSchema>>;

/** One value to be written to one badge. */
export interface WriteRequest {
  readonly id: number;
  /** `AA:BB:CC:DD:EE:FF` */
  readonly mac: string;
  readonly service: string;
  readonly characteristic: string;
  readonly value: Uint8Array;
}

export interface ToCentral {
  readonly request: WriteRequest;
}

/** Why a badge was not reached. */
export type WriteFailureCode =
  /** There is no controller that could connect. */
  | 'no-radio'
  /** Out of range, off, or it takes no connections. */
  | 'unreachable'
  /** It has no such service or characteristic. */
  | 'not-offered'
  /** The connection broke. */
  | 'lost'
  | 'timeout';

export type WriteResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: WriteFailureCode; readonly detail: string };

export interface FromCentral {
  readonly id: number;
  readonly result: WriteResult;
}
