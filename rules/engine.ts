import { Observable, type OperatorFunction, type Unsubscribable } from 'rxjs';
import type { Occurrence, Sample } from '../ingest/model/sample.ts';
import type { Grounds } from './alarms/evidence.ts';
import type { Capture } from './judge/capture.ts';
import { Judge, type LastValues } from './judge/judge.ts';
import type { Snapshot } from './judge/snapshot.ts';
import { succeed } from './judge/succession.ts';
import type { AlarmChange, Condition, Figure, Rule, RuleState, Venue } from './rule.ts';

/** Somebody has acknowledged the alarm of this subject. */
export interface AcknowledgeInput {
  readonly type: 'acknowledge';
  readonly nowMs: number;
  readonly rule: string;
  readonly subject: string;
}

/** One that is given while another is judged, by whoever is told of its verdicts, is judged right after that. */
export type EngineInput = Sample | Occurrence | AcknowledgeInput | AlarmChange | Figure;

/** What a rule says of one subject has changed. */
export interface ConditionVerdict {
  readonly type: 'condition';
  readonly rule: Rule;
  readonly subject: string;
  readonly device: string;
  readonly zone: string | undefined;
  readonly atMs: number;
  readonly condition: Condition;
  /** What the rule had before it; absent: nothing was judged. */
  readonly grounds?: Grounds | undefined;
}

/** A rule threw. Its subject is no longer judged by it; all else goes on. */
export interface FaultVerdict {
  readonly type: 'fault';
  readonly rule: Rule;
  readonly subject: string;
  readonly atMs: number;
  readonly error: unknown;
}

/** A wearer is in another zone now: what is said of this subject is so there. */
export interface MovedVerdict {
  readonly type: 'moved';
  readonly rule: Rule;
  readonly subject: string;
  readonly zone: string;
  readonly atMs: number;
}

export type Verdict = ConditionVerdict | FaultVerdict | MovedVerdict;

/** Where time comes from: any RxJS scheduler, live, scaled or virtual. */
export interface JudgeScheduler {
  now(): number;
  schedule(work: () => void, delayMs: number): Unsubscribable;
}

export interface JudgeOptions {
  readonly scheduler: JudgeScheduler;
  /** When it begins, judged milliseconds; absent: at subscription, by the scheduler. */
  readonly startedMs?: number;
  readonly venue: Venue;
  /** State and deadlines of an earlier run. */
  readonly snapshot?: Snapshot | undefined;
  /** Deadlines that passed while down fire after this long, or at a first sample that still agrees. */
  readonly restartGraceSeconds?: number;
}

/** How it is with the life of a device, for people to see. */
export interface DeviceLife {
  /** Judged milliseconds; undefined: never heard. */
  readonly lastHeardMs: number | undefined;
  /** Nothing is known of it: quiet for too long, or said to be offline. */
  readonly silent: boolean;
  /** How long it may be quiet; undefined: no clock says so. */
  readonly silentAfterMs: number | undefined;
}

/** The zone that a wearer is in. */
export interface PresentZone {
  readonly zone: string;
  /** Judged milliseconds. */
  readonly sinceMs: number;
}

/** What the engine holds, for looking only. Undefined: not known, or before subscription. */
export interface JudgeView {
  lifeOf(device: string): DeviceLife | undefined;
  stateOf(rule: string, subject: string): RuleState | undefined;
  /** Where its wearer is, by an occurrence `presence`; undefined: nobody has said. */
  presentZoneOf(device: string): PresentZone | undefined;
  /** Subjects that no device feeds and that were forgotten for want of room while something ran. */
  forgottenSubjects(): number;
  /** What rules have last said of each subject that something is known of, as of now. */
  standing(): Iterable<ConditionVerdict>;
  /** Saved states that did not fit, for an older program had kept them in another shape. */
  unfitStates(): number;
  /** Whether the rule, as it is now, has said anything of this subject; false also where it does not judge it. */
  hasJudged(rule: string, subject: string): boolean;
}

/** Other rules and another venue, from now on. */
export interface Reload {
  readonly rules: readonly Rule[];
  readonly venue: Venue;
  readonly lastValues: LastValues;
}

/** The operator, with a way to save what it holds, and to look at it. */
export interface JudgeOperator extends OperatorFunction<EngineInput, Verdict>, JudgeView {
  /** State and deadlines as plain JSON; undefined before subscription. */
  save(): Snapshot | undefined;
  /** How things stand now, to be written out bit by bit; undefined before subscription. */
  capture(isWhole: boolean): Capture | undefined;
  endCapture(capture: Capture, isKept: boolean): void;
  /** Now, or until when every deadline has been judged where a timer is late; undefined before subscription. */
  judgedToMs(): number | undefined;
  /** Between two inputs; nothing before subscription. */
  reload(next: Reload): void;
}

/**
 * The engine as one RxJS operator: holds every subject's state, binds each device once to the few rules that concern
 * it, and keeps one deadline queue behind one timer of the scheduler. Takes one subscription; what one rule throws
 * comes out as a `fault` and ends nothing.
 */
export const judge = (rules: readonly Rule[], options: JudgeOptions): JudgeOperator => {
  let current: Judge | undefined;
  let replace = (_next: Reload): void => undefined;
  const operator: OperatorFunction<EngineInput, Verdict> = (source) =>
    new Observable((observer) => {
      const { scheduler, startedMs = scheduler.now() } = options;
      const tell = (verdict: Verdict): void => observer.next(verdict);
      let engine = new Judge(rules, options, startedMs, tell);
      let { venue } = options;
      let judging = rules;
      current = engine;
      const timer = wakeTimer(() => engine, scheduler);
      timer.arm();
      replace = (next) => {
        const before = { engine, rules: judging, venue };
        engine = succeed(before, next, options, tell);
        ({ venue, rules: judging } = next);
        current = engine;
        timer.arm();
      };
      const upstream = source.subscribe({
        next: (input) => {
          engine.take(input);
          timer.arm();
        },
        error: (error: unknown) => observer.error(error),
        complete: () => observer.complete(),
      });
      return () => {
        upstream.unsubscribe();
        timer.stop();
      };
    });
  return Object.assign(operator, {
    save: () => current?.save(),
    capture: (isWhole: boolean) => current?.capture(isWhole),
    endCapture: (capture: Capture, isKept: boolean) => current?.endCapture(capture, isKept),
    judgedToMs: () => current?.judgedToMs,
    lifeOf: (device: string) => current?.lifeOf(device),
    stateOf: (rule: string, subject: string) => current?.stateOf(rule, subject),
    presentZoneOf: (device: string) => current?.presentZoneOf(device),
    forgottenSubjects: () => current?.forgottenSubjects ?? 0,
    standing: () => current?.standing() ?? [],
    unfitStates: () => Object.values(current?.unfitStates ?? {}).reduce((sum, count) => sum + count, 0),
    hasJudged: (rule: string, subject: string) => current?.hasJudged(rule, subject) ?? false,
    reload: (next: Reload) => replace(next),
  });
};

/** The longest delay that a Node timer takes; a later deadline is armed again on the way. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Something with deadlines of judged time. */
export interface Wakeful {
  /** Infinity: none. */
  readonly nextDeadlineMs: number;
  fireDue(nowMs: number): void;
}

interface WakeTimer {
  arm(): void;
  stop(): void;
}

/** One timer for the earliest deadline; re-armed only when an earlier one appears. */
export const wakeTimer = (wakeful: Wakeful | (() => Wakeful), scheduler: JudgeScheduler): WakeTimer => {
  const engine = typeof wakeful === 'function' ? wakeful : () => wakeful;
  let armedMs = Infinity;
  let action: Unsubscribable | undefined;
  const arm = (): void => {
    const headMs = engine().nextDeadlineMs;
    if (headMs >= armedMs) return;
    action?.unsubscribe();
    armedMs = headMs;
    action = scheduler.schedule(fire, Math.min(MAX_DELAY_MS, Math.max(0, headMs - scheduler.now())));
  };
  const fire = (): void => {
    armedMs = Infinity;
    engine().fireDue(scheduler.now());
    arm();
  };
  return { arm, stop: () => action?.unsubscribe() };
};
