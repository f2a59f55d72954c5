import type { z } from 'zod';
import type { Device, Zone } from '../ingest/model/device.ts';
import type { MetricName } from '../ingest/model/metrics.ts';
import type { Occurrence, Sample } from '../ingest/model/sample.ts';
import type { LifePolicy } from './alarms/policy.ts';
import type { Ahead } from './crowd/crowd.ts';
import type { Flow } from './crowd/exits.ts';
import type { Fix } from './crowd/occupancy.ts';
import type { PlanReference } from './geo/plane.ts';

/** General, elevated, serious, critical: the four colours of Chinese emergency plans, in rising order. */
export const SEVERITIES = ['blue', 'yellow', 'orange', 'red'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Phase = 'normal' | 'pending' | 'active' | 'unknown';

/** A sentence in both languages of the product. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** What whoever gets an alarm has to know. Whole sentences; `owner` is who has to see to it. */
export interface Guidance {
  readonly consequence: Text;
  readonly action: Text;
  readonly owner: Text;
}

/** Why: a stable code and the figures of its sentence (`rules/texts/`). */
export interface Reason {
  readonly code: string;
  readonly params: Readonly<Record<string, number | string>>;
}

/** The gateway itself where a device stands: look-ups in it come from there, its own locks go there. No device is called so. */
export const GATEWAY_DEVICE = '~muster';

/** What a rule wants done: sent to a device, or carried out by the gateway itself. Plain JSON. */
export interface Command {
  /** The same inputs give the same id, by which a device knows a repetition. */
  readonly id: string;
  /** Who has to do it: a device, by its id. */
  readonly device: string;
  readonly do: string;
  readonly with: Readonly<Record<string, string | number | boolean>>;
}

/** What a rule says of its subject. */
export interface Condition {
  readonly phase: Phase;
  /** Of `pending` and `active`. */
  readonly severity: Severity | undefined;
  readonly reason: Reason;
  readonly value?: number | undefined;
  readonly unit?: string | undefined;
  readonly limit?: number | undefined;
  /** A pending pre-alarm: the wearer is buzzed and may cancel until then (judged time). */
  readonly preAlarmUntilMs?: number | undefined;
  /** How late a call for help arrived. */
  readonly lateBySeconds?: number | undefined;
  /** To be done at once, each when it is first said. */
  readonly commands?: readonly Command[] | undefined;
  /** Set on a condition that people must be told of again though it was active already: a further press. */
  readonly again?: true | undefined;
}

/** State of one subject under one rule: plain JSON, so that it can be saved and restored. */
export interface RuleState {
  readonly phase: Phase;
}

/** A deadline that a state asked for has come. `nowMs` is the deadline itself, however late the timer was. */
export interface Wake {
  readonly type: 'wake';
  readonly nowMs: number;
}

/** A device has not been heard for as long as its profile allows, or said good-bye. */
export interface Silence {
  readonly type: 'silence';
  readonly nowMs: number;
  readonly device: string;
  /** Undefined: never heard since `sinceMs`, when the gateway began to listen. */
  readonly lastSeenMs: number | undefined;
  readonly sinceMs: number;
  /** The device or its bridge said so itself. */
  readonly said: boolean;
}

/** A device lives: it was heard for the first time or after a silence, or its bridge says so and no value has come yet. */
export interface Alive {
  readonly type: 'alive';
  readonly nowMs: number;
  readonly device: string;
}

/** Somebody has taken the alarm of this subject on. */
export interface Acknowledged {
  readonly type: 'acknowledged';
  readonly nowMs: number;
}

/** An alarm was raised, has changed or is over. */
export interface AlarmChange {
  readonly type: 'alarm';
  readonly nowMs: number;
  readonly id: string;
  readonly rule: string;
  readonly kind: string;
  readonly subject: string;
  readonly zone: string | undefined;
  readonly severity: Severity;
  /** `closed`: it is no more. */
  readonly condition: 'pending' | 'active' | 'cleared' | 'unknown' | 'closed';
  readonly human: 'unacknowledged' | 'acknowledged' | 'shelved' | 'suppressed' | 'out-of-service';
}

/** How a part of the gateway itself does. */
export interface Figure {
  readonly type: 'figure';
  readonly nowMs: number;
  /** What is measured, by the name that `gateway-health` has for it. */
  readonly measure: string;
  /** Which one of several, as a sink by its id; `''`: there is only one. */
  readonly part: string;
  /** What people call it or what is wrong with it, for the sentence; absent: nothing to add. */
  readonly detail?: Text | undefined;
  /** Undefined: it could not be measured. */
  readonly value: number | undefined;
}

export type Input = Sample | Occurrence | Wake | Silence | Alive | Acknowledged | AlarmChange | Figure;

/** Inputs that may concern a subject that no device feeds. */
export type FreeInput = Occurrence | AlarmChange | Figure;

/**
 * What a reducer answers. `state` is the same object when nothing changed. `condition` is present when what is said of
 * the subject changed. `wakeAtMs`: a new state comes with its own deadline or has none; an unchanged state keeps the one
 * it had unless a new one is given.
 */
export interface Step<S extends RuleState = RuleState> {
  readonly state: S;
  readonly condition?: Condition | undefined;
  readonly wakeAtMs?: number | undefined;
}

/** What one running instance judges. */
export interface Subject {
  /** Device id, `device/channel`, or zone id. */
  readonly id: string;
  readonly device: Device;
  readonly channel: string;
}

/** A configured rule. Its methods are pure: no clock, no I/O, no state of their own. */
export interface Rule {
  readonly id: string;
  readonly kind: string;
  /** The alarm stays open until acknowledged, also when the condition has cleared. */
  readonly latching: boolean;
  readonly guidance: Text;
  /** As configured, with all defaults: to explain an alarm by. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What people and design may do with its alarms; absent: the defaults. */
  readonly life?: LifePolicy;
  /**
   * `freeze`: while its device is silent the engine holds the subject `unknown` and stops its time. `own`: the rule
   * gets `silence` and `alive` inputs and decides itself.
   */
  readonly silence: 'freeze' | 'own';
  /** True: it is told of the zones that receivers hear a badge in (`presence`), while the badge itself reports. */
  readonly hearsPresence?: true;
  /** Whether the subjects that this device feeds are fed by others too (a zone). */
  shared(device: Device): boolean;
  /**
   * Whether samples of this device say more to the rule than that the device lives. Where they do not, it gets none, but
   * an `alive` whenever that is news.
   */
  reads(device: Device): boolean;
  /** Which subjects a device's channel feeds; empty where the rule does not concern it. */
  subjects(device: Device, channel: string): readonly string[];
  /**
   * Of a rule whose subjects no device feeds (an address, the venue): which of them an input concerns. They come to be
   * when first named, and at most so many are kept (`rules/judge/free-subjects.ts`).
   */
  freeSubject?(input: FreeInput): string | undefined;
  /**
   * What its judging is made of, as one text: where that is another than before, its states begin anew. Absent: they
   * never do.
   */
  readonly settings?: string;
  start(): RuleState;
  /**
   * What outlives a change of its settings: people counted, heat, time without movement. Judges it by the settings that
   * hold now; `state` was made by the ones before. Absent: nothing does, and states begin with `start()`.
   */
  carried?(state: RuleState, subject: Subject, nowMs: number): Step;
  step(state: RuleState, input: Input, subject: Subject): Step;
  /** `gateway-health` only: what a part of the gateway reports, at the severity that is configured. */
  reported?(condition: Condition): Condition;
  /** `silent` only: how long this device may be quiet, milliseconds; undefined where it has no say. */
  silentAfterMs?(device: Device): number | undefined;
  /** `crowd-density` only: what it counts in a zone, for people to see; undefined for a zone it does not watch. */
  crowdOf?(state: RuleState | undefined, zone: string): CrowdView | undefined;
  /** `overcurrent` only: the rated current that it holds a channel to, amperes; undefined where it has no say. */
  ratedAmpsOf?(device: Device, channel: string): number | undefined;
  /** Fixed limits that it holds a metric of a device's channel to, in the metric's unit: to be drawn into a chart. */
  limitsOf?(device: Device, channel: string, metric: MetricName): readonly Limit[];
}

/** A value at which a severity begins. */
export interface Limit {
  readonly severity: Severity;
  readonly direction: 'above' | 'below';
  readonly limit: number;
}

/** How full a zone is by what its counters last said. */
export interface CrowdView {
  readonly phase: Phase;
  /** Of `pending` and `active`. */
  readonly severity: Severity | undefined;
  /** False: nobody has counted anything yet, and the figures mean nothing. */
  readonly counted: boolean;
  readonly persons: number;
  /** Which of them counted; `fused`: more than one sort. */
  readonly from: 'counters' | 'cameras' | 'fused';
  readonly densityPerM2: number | undefined;
  /** How far the count may be off, in 19 of 20 cases. */
  readonly errorPersons: number;
  /** People who left without having come in: what the counters missed. */
  readonly driftPersons: number;
  /** Devices that count here. */
  readonly feeders: ReadonlySet<string>;
  /** Those of them that should report and do not. */
  readonly lacking: readonly string[];
  /** False: some of the count is missing. */
  readonly complete: boolean;
  readonly densityLimits: Readonly<Partial<Record<Severity, number>>>;
  readonly personsLimits: Readonly<Partial<Record<Severity, number>>>;
  /** Cameras see far more or far fewer than the gates can have let in. */
  readonly conflict: 'more' | 'fewer' | undefined;
  /** The next limit, where the crowd grows towards it for sure. */
  readonly ahead: Ahead | undefined;
  /** The busiest exit of those whose width is known. */
  readonly flow: Flow | undefined;
  /** How long it takes to empty the zone by the exits whose width is known. */
  readonly egressMinutes: number | undefined;
  /** How many too many (or, negative, too few) a gate counts for each who passes, as counts by others have shown. */
  readonly gateBiases: readonly { readonly device: string; readonly channel: string; readonly share: number }[];
  /** The last count by a person, or scheduled zeroing. */
  readonly fix: Fix | undefined;
  /** Scheduled zeroing was left out, for the zone did not look empty. */
  readonly zeroSkipped: boolean;
}

/** What rules may know of the venue. */
export interface Venue {
  readonly zones: ReadonlyMap<string, Zone>;
  readonly devices: ReadonlyMap<string, Device>;
  /** IANA time zone; UTC where absent. */
  readonly timezone?: string;
  /** Where the floor plan lies on the earth; absent: outlines and positions cannot be compared. */
  readonly reference?: PlanReference;
}

/** A kind of rule: schema with defaults and descriptions, and behaviour in one place. */
export interface RuleKind<S extends z.ZodObject> {
  readonly schema: S;
  /** What an alarm of this kind says, unless the configuration has words of its own. */
  readonly guidance: Guidance;
  create(config: z.output<S>, venue: Venue): Rule;
}

/** Identity helper: the type of a rule kind, checked where it is written. */
export const defineRuleKind = <S extends z.ZodObject>(kind: RuleKind<S>): RuleKind<S> => kind;

/** Nothing changed. */
export const stay = <S extends RuleState>(state: S): Step<S> => ({ state });
