import type { Variant } from './sites.ts';

/** What is mutated now, and what instrumented code has told. */
interface Switch {
  /** -1: nothing is mutated. */
  site: number;
  variant: Variant;
  /** Sites that were passed; undefined: nobody wants to know. */
  passed: Set<number> | undefined;
  calls: number;
  /** A mutant that makes a loop endless is ended after so many. */
  callsMax: number;
}

export const mutation: Switch = { site: -1, variant: 'negate', passed: undefined, calls: 0, callsMax: Infinity };

/** True where this site is the one that is mutated. */
const pass = (site: number): boolean => {
  mutation.passed?.add(site);
  mutation.calls += 1;
  if (mutation.calls > mutation.callsMax) throw new Error('a mutant that does not end');
  return site === mutation.site;
};

const isBoundary = (): boolean => mutation.variant === 'boundary';

/** What instrumented code calls, by the name of its operator. */
const OPERATORS = {
  // Whatever the code under test compares.
  lt: (site: number, a: number, b: number) => (pass(site) ? (isBoundary() ? a <= b : !(a < b)) : a < b),
  le: (site: number, a: number, b: number) => (pass(site) ? (isBoundary() ? a < b : !(a <= b)) : a <= b),
  gt: (site: number, a: number, b: number) => (pass(site) ? (isBoundary() ? a >= b : !(a > b)) : a > b),
  ge: (site: number, a: number, b: number) => (pass(site) ? (isBoundary() ? a > b : !(a >= b)) : a >= b),
  eq: (site: number, a: unknown, b: unknown) => (pass(site) ? a !== b : a === b),
  ne: (site: number, a: unknown, b: unknown) => (pass(site) ? a === b : a !== b),
  and: (site: number, a: unknown, b: () => unknown) => (pass(site) ? a || b() : a && b()),
  or: (site: number, a: unknown, b: () => unknown) => (pass(site) ? a && b() : a || b()),
  nullish: (site: number, a: unknown, b: () => unknown) => (pass(site) ? b() : (a ?? b())),
  not: (site: number, a: unknown) => (pass(site) ? Boolean(a) : !a),
};

/** Numbers in one array: more than any test wants, and little enough that a mutant which doubles on and on ends soon. */
const NUMBERS_MAX = 2 ** 24;

const Whole = globalThis.Float64Array;

/** Refuses what would take all of the machine's memory. */
const Bounded: typeof Whole = new Proxy(Whole, {
  construct: (target, args): object => {
    if (typeof args[0] === 'number' && args[0] > NUMBERS_MAX) throw new RangeError('a mutant without bounds');
    return Reflect.construct(target, args);
  },
});

Object.assign(globalThis, { __mutation: OPERATORS, Float64Array: Bounded });
