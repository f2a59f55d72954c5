import { sealed } from '../../../../firmware-sim/wire/modbus.ts';

/** An answer with these registers, as a slave sends it. */
export const reply = (unit: number, words: readonly number[], functionCode = 4): Buffer =>
  sealed([unit, functionCode, words.length * 2, ...words.flatMap((word) => [word >> 8, word & 0xff])]);

export const refusal = (unit: number, code: number, functionCode = 4): Buffer =>
  sealed([unit, functionCode | 0x80, code]);

/** The registers' bytes of an answer, as the sources hand them on. */
export const registersIn = (frame: Uint8Array): Uint8Array => frame.subarray(3, frame.length - 2);
