import type { DecodeFailure } from '../../model/sample.ts';

export interface Pair {
  readonly name: string;
  readonly value: number;
}

/** Twelve clamps with power, energy, current and power factor each, and what stands beside them. */
const MAX_PAIRS = 96;

/** What Arduino's Serial.print writes of a number; `nan`, `inf` and `ovf` are its words for none. */
const NUMBER = /^-?\d+(\.\d+)?$/;

const readNumber = (name: string, text: string, failures: DecodeFailure[]): Pair | undefined => {
  if (NUMBER.test(text)) return { name, value: Number(text) };
  failures.push({ code: 'not-a-number', where: name.slice(0, 32), expected: 'a decimal number' });
  return undefined;
};

const readPair = (text: string, failures: DecodeFailure[]): Pair | undefined => {
  const colon = text.indexOf(':');
  if (colon > 0 && colon === text.lastIndexOf(':')) {
    return readNumber(text.slice(0, colon), text.slice(colon + 1), failures);
  }
  failures.push({ code: 'wrong-shape', where: text.slice(0, 32), expected: 'name:number' });
  return undefined;
};

/** EmonLib `serialprint`: real power, apparent power, Vrms, Irms, power factor, each with two decimals. */
const EMONLIB_NAMES = ['realPower', 'apparentPower', 'Vrms', 'Irms', 'powerFactor'] as const;

const emonlibPairs = (numbers: readonly string[]): readonly Pair[] | undefined =>
  numbers.length === EMONLIB_NAMES.length && numbers.every((text) => NUMBER.test(text))
    ? EMONLIB_NAMES.map((name, index) => ({ name, value: Number(numbers[index]) }))
    : undefined;

/** `{"MSG":1,"Vrms":246.81}`: the same names, by a command of newer firmware. */
const jsonPairs = (line: string, failures: DecodeFailure[]): readonly Pair[] | undefined => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  return Object.entries(parsed).flatMap(([name, value]) => {
    if (typeof value === 'number' && Number.isFinite(value)) return [{ name, value }];
    failures.push({ code: 'wrong-type', where: name.slice(0, 32), expected: 'a number' });
    return [];
  });
};

/** The pairs of a line, or undefined for one that has none. What is wrong with a pair is a failure of that pair. */
export const pairsOf = (line: string, failures: DecodeFailure[]): readonly Pair[] | undefined => {
  const text = line.trim();
  if (text.startsWith('{')) return jsonPairs(text, failures)?.slice(0, MAX_PAIRS);
  const parts = text.split(/[,\s]+/, MAX_PAIRS);
  if (!text.includes(':')) return emonlibPairs(parts);
  const pairs: Pair[] = [];
  parts.forEach((part, index) => {
    // `ct1:100` that lost its first byte reads as a temperature; no firmware begins a line with one.
    if (index === 0 && /^t\d*:/.test(part)) {
      failures.push({ code: 'wrong-shape', where: part.slice(0, 32), expected: 'the beginning of a line' });
      return;
    }
    const pair = readPair(part, failures);
    if (pair !== undefined) pairs.push(pair);
  });
  return pairs;
};
