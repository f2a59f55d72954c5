import { z } from 'zod';
import type { Random } from '../random.ts';
import type { SenmlRecord } from '../senml.ts';
import { emitOptions } from '../transports/emit.ts';

/** What an actor wants done after an event or a command. `inSeconds` counts from that moment. */
export type Effect =
  /** A report out of turn, sampled when it is due. */
  | { readonly type: 'report'; readonly inSeconds: number }
  /** Fixed content under the stamp of the moment it was made: a radio repeats the same bytes. */
  | { readonly type: 'send'; readonly inSeconds: number; readonly records: readonly SenmlRecord[] }
  /** One of the actor's own events, later. */
  | { readonly type: 'event'; readonly inSeconds: number; readonly event: RawEvent };

/** An event before its kind has parsed it. */
export type RawEvent = { readonly do: string; readonly [field: string]: unknown };

/** A command from `muster/<venue>/down/<device>`. */
export interface Command {
  readonly id: string;
  readonly do: string;
}

/** A simulated device: no clock, no socket; everything it does follows from its seed and what it is told when. */
export interface Actor {
  readonly id: string;
  readonly everySeconds: number;
  /** When in its interval it reports. */
  readonly offsetSeconds: number;
  /** Whether it subscribes to commands. */
  readonly listens: boolean;
  report(atSeconds: number): readonly SenmlRecord[];
  on(event: RawEvent, atSeconds: number): readonly Effect[];
  command(command: Command, atSeconds: number): readonly Effect[];
}

/** One type of device: its options, the events it understands, and its physics as functions over plain state. */
export interface ActorKind<Options extends CommonOptions, State, Event> {
  readonly everySeconds: number;
  readonly event: z.ZodType<Event>;
  readonly listens: boolean;
  start(options: Options, random: Random): State;
  report(state: State, atSeconds: number, random: Random): readonly SenmlRecord[];
  on(state: State, event: Event, atSeconds: number, random: Random): readonly Effect[];
  command?(state: State, command: Command, atSeconds: number): readonly Effect[];
}

const deviceId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'a device id: letters, digits, . _ -');

/** Options that every type of actor has. */
export const commonOptions = {
  id: deviceId.optional().describe('device id; or `count` and `idPrefix` for a crowd'),
  count: z.int().min(1).max(5000).optional(),
  idPrefix: deviceId.optional(),
  everySeconds: z.number().min(0.1).max(86_400).optional().describe('report interval'),
  offsetSeconds: z.number().min(0).max(86_400).optional().describe('first report; default: drawn from the seed'),
  emit: emitOptions.optional().describe('how it sends; default: SenML over MQTT'),
};

export interface CommonOptions {
  readonly everySeconds?: number | undefined;
  readonly offsetSeconds?: number | undefined;
}

/** Events of the device as a whole, whatever it measures. */
export const commonEvent = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('die') }),
  z.strictObject({ do: z.literal('revive') }),
  z.strictObject({
    do: z.literal('babble'),
    forSeconds: z.number().min(0).max(3600),
    perSecond: z.number().positive().max(1000).default(10),
  }),
  z.strictObject({ do: z.literal('skew'), seconds: z.number().min(-1e9).max(1e9) }),
]);

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Puts a kind, its options and its own random stream together. Events were validated when the scenario was read. */
export const bindActor = <Options extends CommonOptions, State, Event>(
  kind: ActorKind<Options, State, Event>,
  id: string,
  options: Options,
  random: Random,
): Actor => {
  const everySeconds = options.everySeconds ?? kind.everySeconds;
  const offsetSeconds = options.offsetSeconds ?? tenths(random.between(0, everySeconds));
  const state = kind.start(options, random);
  return {
    id,
    everySeconds,
    offsetSeconds,
    listens: kind.listens,
    report: (atSeconds) => kind.report(state, atSeconds, random),
    on: (event, atSeconds) => kind.on(state, kind.event.parse(event), atSeconds, random),
    command: (command, atSeconds) => kind.command?.(state, command, atSeconds) ?? [],
  };
};
