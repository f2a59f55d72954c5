import type { Frame } from '../../ingest/model/frame.ts';
import type { Occurrence } from '../../ingest/model/sample.ts';
import type { AskedAction, AskedDeed } from '../../rules/alarms/action.ts';
import type { Alarm, OutOfService } from '../../rules/alarms/alarm.ts';
import type { ConditionVerdict } from '../../rules/engine.ts';
import type { SavedDevice, SavedSubject, Snapshot } from '../../rules/judge/snapshot.ts';
import type { Figure, Rule, Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { GatewayEvent } from '../events.ts';

/** What the hot path begins from: all that recovery found. */
export interface Beginning {
  /** Judged time at which it began. */
  readonly startedMs: number;
  readonly snapshot: Snapshot | undefined;
  readonly memories: readonly (readonly [key: string, memory: unknown])[];
  readonly alarms: readonly Alarm[];
  readonly outOfService: readonly OutOfService[];
}

/** A verdict of the gateway itself, with as much of its rule as an alarm shows. */
export interface SavedVerdict extends Omit<ConditionVerdict, 'rule'> {
  readonly rule: Pick<Rule, 'id' | 'kind' | 'latching'> & { readonly guidance: Text };
}

/** What enters the hot path other than frames; `atMs`: the gateway's clock then. */
export type FlightInput =
  | { readonly type: 'act'; readonly atMs: number; readonly asked: AskedAction | AskedDeed }
  | { readonly type: 'measured'; readonly atMs: number; readonly figure: Figure }
  | { readonly type: 'recount'; readonly atMs: number }
  | { readonly type: 'occur'; readonly atMs: number; readonly occurrence: Occurrence }
  | { readonly type: 'report'; readonly atMs: number; readonly verdict: SavedVerdict };

/** Why something is the way it is: no input of the hot path, save `reload`. */
export type Mark =
  | { readonly type: 'stop'; readonly atMs: number }
  | { readonly type: 'source-up' | 'source-down'; readonly atMs: number; readonly source: string }
  /** Frames or inputs that could not be recorded: from here on nothing is exact. */
  | { readonly type: 'gap'; readonly atMs: number; readonly lost: number }
  | { readonly type: 'reload'; readonly atMs: number; readonly configHash: string; readonly config: unknown };

/** Of the gateway that wrote a file. */
export interface FileHead {
  readonly format: number;
  readonly version: string;
  readonly venue: string;
  /** Number of the file in which this run of the gateway began. */
  readonly run: number;
  /** Its own number. */
  readonly file: number;
}

/** A gateway begins. */
export interface RunStart {
  readonly version: string;
  readonly startedMs: number;
  /** SHA-256 of the configuration as it is recorded: without its secrets. */
  readonly configHash: string;
  readonly config: unknown;
  /** It runs already: how things stand here is for those who do not have what came before. */
  readonly isKeyframe?: true;
}

/** A piece of what a gateway begins from; of each list, one piece after the other. */
export interface StatePart {
  /** In one of them; in none where nothing was ever kept. */
  readonly snapshot?: Omit<Snapshot, 'devices' | 'subjects'>;
  readonly devices?: readonly SavedDevice[];
  readonly subjects?: readonly SavedSubject[];
  readonly memories?: Beginning['memories'];
  readonly alarms?: readonly Alarm[];
  readonly outOfService?: readonly OutOfService[];
}

/** What a recording holds, in the order in which it was judged. */
export type FlightRecord =
  | { readonly type: 'head'; readonly head: FileHead }
  | { readonly type: 'start'; readonly start: RunStart }
  | { readonly type: 'state'; readonly part: StatePart }
  | { readonly type: 'ready' }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'wake'; readonly timer: number; readonly atMs: number }
  | { readonly type: 'input'; readonly input: FlightInput }
  | { readonly type: 'event'; readonly event: GatewayEvent }
  | { readonly type: 'mark'; readonly mark: Mark };

/** Where the hot path tells what it takes and says, in order. Nothing here waits or throws. */
export interface FlightTap {
  begin(beginning: Beginning): void;
  frame(frame: Frame): void;
  /** A timer of the hot path fires; `timer`: the how manieth that it set. */
  wake(timer: number, atMs: number): void;
  input(input: FlightInput): void;
  event(event: GatewayEvent): void;
  /** It goes on by another configuration: from the next input on. */
  reload(config: VenueConfig, atMs: number): void;
}

export const savedVerdict = ({ rule, ...rest }: ConditionVerdict): SavedVerdict => {
  const { id, kind, latching, guidance } = rule;
  return { ...rest, rule: { id, kind, latching, guidance } };
};

/** The verdict again, by a rule that judges nothing itself. */
export const verdictOf = ({ rule, ...rest }: SavedVerdict): ConditionVerdict => ({
  ...rest,
  rule: {
    ...rule,
    silence: 'own',
    shared: () => true,
    reads: () => false,
    subjects: () => [],
    start: () => ({ phase: 'normal' }),
    step: (state) => ({ state }),
  },
});
