import type { SparkplugValue } from './payload.ts';

/** Data types by their index, Sparkplug 3.0 section 6.4.16; only those that can be a number of ours. */
const BITS_SIGNED: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 16],
  [3, 32],
  [4, 64],
]);
const BITS_UNSIGNED: ReadonlyMap<number, number> = new Map([
  [5, 8],
  [6, 16],
  [7, 32],
  [8, 64],
]);
const FLOAT = 9;
const DOUBLE = 10;
const BOOLEAN = 11;

/** The decimal number that a sender of single precision meant: 12.3, not 12.300000190734863. */
const shortestOf = (single: number): number => {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
};

const floatOf = ({ type, value }: { type: 'float' | 'double'; value: number }): number =>
  type === 'float' && Number.isFinite(value) ? shortestOf(value) : value;

/** Senders extend the sign to the datatype's own bits, to the 32 of int_value or to the 64 of long_value. */
const signedOf = (value: bigint, bits: number): number | undefined => {
  for (const width of [bits, 32, 64]) {
    if (BigInt.asUintN(width, value) !== value) continue;
    const signed = BigInt.asIntN(width, value);
    if (BigInt.asIntN(bits, signed) === signed) return Number(signed);
  }
  return undefined;
};

const integerOf = (value: bigint, datatype: number): number | undefined => {
  const signed = BITS_SIGNED.get(datatype);
  if (signed !== undefined) return signedOf(value, signed);
  const unsigned = BITS_UNSIGNED.get(datatype);
  return unsigned !== undefined && BigInt.asUintN(unsigned, value) === value ? Number(value) : undefined;
};

/**
 * A value as a number (true is 1), or undefined where it is none or does not fit its datatype. Negative integers stand
 * as two's complement in unsigned fields (section 6.4.17).
 * @param datatype 0: nobody said; then an integer has no meaning, the other fields speak for themselves
 */
export const numberOf = (value: SparkplugValue, datatype: number): number | undefined => {
  switch (value.type) {
    case 'int':
      return integerOf(value.value, datatype);
    case 'float':
    case 'double':
      return datatype === 0 || datatype === FLOAT || datatype === DOUBLE ? floatOf(value) : undefined;
    case 'boolean':
      return datatype === 0 || datatype === BOOLEAN ? Number(value.value) : undefined;
    default:
      return undefined;
  }
};

/** Whether a datatype can carry a number of ours at all. */
export const isNumeric = (datatype: number): boolean => datatype <= BOOLEAN;
