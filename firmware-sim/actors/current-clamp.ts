import { z } from 'zod';
import type { Random } from '../random.ts';
import { numeric, type SenmlRecord } from '../senml.ts';
import { type ActorKind, commonOptions, type Effect } from './actor.ts';
import { type Ramp, rampAt, rampTo, steady } from './ramp.ts';

const amps = z.number().min(0).max(10_000);
const channel = z.string().regex(/^[a-z0-9]{1,8}$/);

export const currentClampOptions = z.strictObject({
  ...commonOptions,
  type: z.literal('current-clamp'),
  channels: z.array(channel).min(1).max(12).optional().describe('clamps of one device; default: one, unnamed'),
  baseAmps: amps.default(10),
  noiseFraction: z.number().min(0).max(0.5).default(0.005),
  dailyFraction: z.number().min(0).max(1).default(0).describe('swing of the load over 24 h'),
  voltageVolts: z.number().min(0).max(1000).default(230),
  powerFactor: z.number().min(0).max(1).default(0.95),
});

type CurrentClampOptions = z.output<typeof currentClampOptions>;

const currentClampEvent = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('load'),
    amps,
    rampSeconds: z.number().min(0).max(86_400).default(0),
    channel: channel.optional(),
  }),
  /** A motor or a rack of power supplies is switched on: a peak on top of the load that decays to it. */
  z.strictObject({
    do: z.literal('inrush'),
    peakAmps: amps,
    durationSeconds: z.number().min(0.05).max(2).default(0.8),
    channel: channel.optional(),
  }),
]);

type CurrentClampEvent = z.output<typeof currentClampEvent>;

interface Inrush {
  readonly peakAmps: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

interface Circuit {
  readonly channel: string;
  load: Ramp;
  inrush: Inrush | undefined;
}

interface CurrentClampState {
  readonly options: CurrentClampOptions;
  readonly circuits: readonly Circuit[];
  seq: number;
}

const DAY_SECONDS = 86_400;
/** Time constants of decay within the duration: what is left at its end is under 1 %. */
const DECAY_CONSTANTS = 5;
/** The clamp's own peak detector triggers a report this long after the peak. */
const TRIGGER_SECONDS = 0.05;

const inrushAmps = (inrush: Inrush | undefined, steadyAmps: number, atSeconds: number): number => {
  if (inrush === undefined) return 0;
  const passed = atSeconds - inrush.startSeconds;
  // The report at its very end must not miss it by the last bit of a sum.
  if (passed < 0 || passed >= inrush.durationSeconds - 1e-6) return 0;
  return Math.max(0, inrush.peakAmps - steadyAmps) * Math.exp((-DECAY_CONSTANTS * passed) / inrush.durationSeconds);
};

const currentAmps = (state: CurrentClampState, circuit: Circuit, atSeconds: number, random: Random): number => {
  const { dailyFraction, noiseFraction } = state.options;
  const swing = 1 + dailyFraction * Math.sin((2 * Math.PI * atSeconds) / DAY_SECONDS);
  const steadyAmps = rampAt(circuit.load, atSeconds) * swing * (1 + random.gaussian(noiseFraction, 3));
  return Math.max(0, steadyAmps + inrushAmps(circuit.inrush, steadyAmps, atSeconds));
};

const circuitRecords = (
  state: CurrentClampState,
  circuit: Circuit,
  atSeconds: number,
  random: Random,
): readonly SenmlRecord[] => {
  const flowing = currentAmps(state, circuit, atSeconds, random);
  const volts = state.options.voltageVolts * (1 + random.gaussian(0.002, 3));
  const name = (quantity: string): string => (circuit.channel === '' ? quantity : `${quantity}/${circuit.channel}`);
  return [
    numeric(name('current'), 'A', flowing, 2),
    numeric(name('voltage'), 'V', volts, 1),
    numeric(name('power'), 'W', flowing * volts * state.options.powerFactor, 0),
  ];
};

const apply = (state: CurrentClampState, event: CurrentClampEvent, atSeconds: number): readonly Effect[] => {
  const meant = state.circuits.filter((circuit) => event.channel === undefined || circuit.channel === event.channel);
  if (event.do === 'load') {
    for (const circuit of meant) circuit.load = rampTo(circuit.load, event.amps, event.rampSeconds, atSeconds);
    return [];
  }
  const { peakAmps, durationSeconds } = event;
  for (const circuit of meant) circuit.inrush = { peakAmps, durationSeconds, startSeconds: atSeconds };
  return [
    { type: 'report', inSeconds: Math.min(TRIGGER_SECONDS, durationSeconds / 2) },
    { type: 'report', inSeconds: durationSeconds },
  ];
};

/** A current transformer on one or more circuits of a distribution board. */
export const currentClamp: ActorKind<CurrentClampOptions, CurrentClampState, CurrentClampEvent> = {
  everySeconds: 2,
  event: currentClampEvent,
  listens: false,
  start: (options) => ({
    options,
    circuits: (options.channels ?? ['']).map((name) => ({
      channel: name,
      load: steady(options.baseAmps),
      inrush: undefined,
    })),
    seq: 0,
  }),
  report: (state, atSeconds, random) => {
    state.seq += 1;
    return [
      numeric('seq', 'count', state.seq, 0),
      ...state.circuits.flatMap((circuit) => circuitRecords(state, circuit, atSeconds, random)),
    ];
  },
  on: (state, event, atSeconds) => apply(state, event, atSeconds),
};
