import { z } from 'zod';
import type { Random } from '../random.ts';
import { numeric } from '../senml.ts';
import { type ActorKind, commonOptions } from './actor.ts';

const perMinute = z.number().min(0).max(60_000);

export const peopleCounterOptions = z.strictObject({
  ...commonOptions,
  type: z.literal('people-counter'),
  inPerMinute: perMinute.default(0),
  outPerMinute: perMinute.default(0),
  exact: z.boolean().default(false).describe('people pass at equal intervals instead of at random (Poisson)'),
  missesFraction: z.number().min(0).max(1).default(0).describe('share of entries that the sensor does not see'),
});

type PeopleCounterOptions = z.output<typeof peopleCounterOptions>;

const peopleCounterEvent = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('rate'), inPerMinute: perMinute.default(0), outPerMinute: perMinute.default(0) }),
  /** A rate that ends by itself after `forSeconds`; then nobody passes. */
  z.strictObject({
    do: z.literal('surge'),
    inPerMinute: perMinute.default(0),
    outPerMinute: perMinute.default(0),
    forSeconds: z.number().positive(),
  }),
  /** Nobody comes in, and all who are inside leave at this rate. */
  z.strictObject({ do: z.literal('empty'), outPerMinute: perMinute }),
  z.strictObject({ do: z.literal('close') }),
  /** The counter starts again from zero, as after a loss of power. */
  z.strictObject({ do: z.literal('reset') }),
]);

type PeopleCounterEvent = z.output<typeof peopleCounterEvent>;

interface Flow {
  readonly inPerMinute: number;
  readonly outPerMinute: number;
  readonly untilSeconds: number;
  /** Nobody leaves who is not inside. */
  readonly emptying: boolean;
}

interface PeopleCounterState {
  readonly options: PeopleCounterOptions;
  flow: Flow;
  inside: number;
  entriesTotal: number;
  exitsTotal: number;
  /** Fractions of a person still to come (exact mode) or to be seen. */
  inRest: number;
  outRest: number;
  seenRest: number;
  seq: number;
  atSeconds: number;
}

const STOPPED: Flow = { inPerMinute: 0, outPerMinute: 0, untilSeconds: Number.POSITIVE_INFINITY, emptying: false };

/** Guards the whole number against the last bit of a sum such as 0.1 + 0.2. */
const whole = (value: number): number => Math.floor(value + 1e-9);

const passing = (state: PeopleCounterState, seconds: number, random: Random): { in: number; out: number } => {
  const meanIn = (state.flow.inPerMinute * seconds) / 60;
  const meanOut = (state.flow.outPerMinute * seconds) / 60;
  if (!state.options.exact) return { in: random.poisson(meanIn), out: random.poisson(meanOut) };
  state.inRest += meanIn;
  state.outRest += meanOut;
  const passed = { in: whole(state.inRest), out: whole(state.outRest) };
  state.inRest -= passed.in;
  state.outRest -= passed.out;
  return passed;
};

const advance = (state: PeopleCounterState, atSeconds: number, random: Random): void => {
  const seconds = Math.max(0, Math.min(atSeconds, state.flow.untilSeconds) - state.atSeconds);
  state.atSeconds = Math.max(state.atSeconds, atSeconds);
  const passed = passing(state, seconds, random);
  const out = state.flow.emptying ? Math.min(passed.out, Math.max(0, state.inside)) : passed.out;
  state.inside += passed.in - out;
  state.seenRest += passed.in * (1 - state.options.missesFraction);
  const seen = whole(state.seenRest);
  state.seenRest -= seen;
  state.entriesTotal += seen;
  state.exitsTotal += out;
};

const change = (state: PeopleCounterState, event: PeopleCounterEvent, atSeconds: number): void => {
  switch (event.do) {
    case 'rate':
      state.flow = { ...STOPPED, inPerMinute: event.inPerMinute, outPerMinute: event.outPerMinute };
      return;
    case 'surge':
      state.flow = {
        inPerMinute: event.inPerMinute,
        outPerMinute: event.outPerMinute,
        untilSeconds: atSeconds + event.forSeconds,
        emptying: false,
      };
      return;
    case 'empty':
      state.flow = { ...STOPPED, outPerMinute: event.outPerMinute, emptying: true };
      return;
    case 'close':
      state.flow = STOPPED;
      return;
    case 'reset':
      state.entriesTotal = 0;
      state.exitsTotal = 0;
  }
};

/** A beam or camera over a gate that counts both ways; its totals only ever rise, until a reset. */
export const peopleCounter: ActorKind<PeopleCounterOptions, PeopleCounterState, PeopleCounterEvent> = {
  everySeconds: 10,
  event: peopleCounterEvent,
  listens: false,
  start: (options) => ({
    options,
    flow: { ...STOPPED, inPerMinute: options.inPerMinute, outPerMinute: options.outPerMinute },
    inside: 0,
    entriesTotal: 0,
    exitsTotal: 0,
    inRest: 0,
    outRest: 0,
    seenRest: 0,
    seq: 0,
    atSeconds: 0,
  }),
  report: (state, atSeconds, random) => {
    advance(state, atSeconds, random);
    state.seq += 1;
    return [
      numeric('seq', 'count', state.seq, 0),
      numeric('entries', 'count', state.entriesTotal, 0),
      numeric('exits', 'count', state.exitsTotal, 0),
    ];
  },
  on: (state, event, atSeconds, random) => {
    advance(state, atSeconds, random);
    change(state, event, atSeconds);
    return [];
  },
};
