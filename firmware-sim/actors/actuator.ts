import { z } from 'zod';
import { numeric } from '../senml.ts';
import { type ActorKind, type Command, commonOptions, type Effect } from './actor.ts';

export const actuatorOptions = z.strictObject({
  ...commonOptions,
  type: z.literal('actuator'),
  confirms: z.boolean().default(true).describe('false: it hears commands, and nothing comes of them'),
  delaySeconds: z.number().min(0).max(3600).default(0.5).describe('how long it takes to do what it is told'),
});

type ActuatorOptions = z.output<typeof actuatorOptions>;

const actuatorEvent = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('jam') }).describe('from now on nothing comes of commands'),
  z.strictObject({ do: z.literal('free') }).describe('it works again, and does what it was told last'),
]);

type ActuatorEvent = z.output<typeof actuatorEvent>;

interface ActuatorState {
  readonly options: ActuatorOptions;
  isJammed: boolean;
  /** Done already: a repetition is only confirmed once more. */
  readonly done: Set<string>;
  /** Told while it was jammed. */
  last: string | undefined;
  seq: number;
}

/** Repetitions come within a minute; what is older is not repeated any more. */
const DONE_MAX = 64;

const confirmed = (state: ActuatorState, id: string): Effect => {
  const isKnown = state.done.has(id);
  state.done.add(id);
  const [oldest] = state.done;
  if (state.done.size > DONE_MAX && oldest !== undefined) state.done.delete(oldest);
  state.seq += 1;
  const records = [numeric('seq', 'count', state.seq, 0), { n: 'done', vs: id }];
  return { type: 'send', inSeconds: isKnown ? 0 : state.options.delaySeconds, records };
};

const command = (state: ActuatorState, { id }: Command): readonly Effect[] => {
  if (!state.isJammed) return [confirmed(state, id)];
  state.last = id;
  return [];
};

/** A siren, sign, relay or gate: does what it is told, each command once, and says so. */
export const actuator: ActorKind<ActuatorOptions, ActuatorState, ActuatorEvent> = {
  everySeconds: 30,
  event: actuatorEvent,
  listens: true,
  start: (options) => ({ options, isJammed: !options.confirms, done: new Set(), last: undefined, seq: 0 }),
  report: (state) => {
    state.seq += 1;
    return [numeric('seq', 'count', state.seq, 0), numeric('voltage', 'V', 24, 1)];
  },
  on: (state, event) => {
    state.isJammed = event.do === 'jam';
    const { last } = state;
    if (state.isJammed || last === undefined) return [];
    state.last = undefined;
    return [confirmed(state, last)];
  },
  command,
};
