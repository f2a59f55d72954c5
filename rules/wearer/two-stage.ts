import { earlier } from '../levels.ts';

/**
 * The two-stage alarm of lone-worker devices: an on-delay, a pre-alarm in which the wearer is asked and may cancel, and
 * only then an alarm. With a normal-status delay, as in TWIG and Aastra devices: the condition must be gone for a while
 * before the time starts anew, so that one odd sample of somebody who lies does not.
 */
export interface Timing {
  /** On-delay. */
  readonly delayMs: number;
  /** Countdown of the pre-alarm; 0: nobody is asked. */
  readonly preAlarmMs: number;
  /** A buzz that is not confirmed within this raises at once; 0: the countdown always runs to its end. */
  readonly confirmMs: number;
  /** How long the condition must be gone before the on-delay starts anew. */
  readonly normalMs: number;
  /** The same for a pre-alarm. */
  readonly preAlarmNormalMs: number;
  /** Off-delay of the alarm. */
  readonly clearMs: number;
  /** How long a condition that the wearer has cancelled is not judged again while it lasts. */
  readonly cancelledMs: number;
}

/**
 * Where one subject stands; judged milliseconds, plain JSON. `goneSinceMs`: the condition is not met now, and what runs
 * ends once that has lasted. `heldOffUntilMs`: the condition lasts, and was cancelled.
 */
export type Stage =
  | { readonly at: 'quiet'; readonly heldOffUntilMs?: number | undefined }
  | { readonly at: 'delay'; readonly sinceMs: number; readonly goneSinceMs?: number | undefined }
  | {
      readonly at: 'asked';
      readonly sinceMs: number;
      readonly untilMs: number;
      /** Absent: the buzz is confirmed, or nobody waits for that. */
      readonly confirmByMs?: number | undefined;
      readonly goneSinceMs?: number | undefined;
    }
  | { readonly at: 'raised'; readonly sinceMs: number; readonly goneSinceMs?: number | undefined };

/** A stage in which something runs. */
export type Alert = Exclude<Stage, { readonly at: 'quiet' }>;

export const QUIET: Stage = { at: 'quiet' };

/** Nothing runs; also of a state that was saved and restored. */
export const isQuiet = (stage: Stage): boolean => stage.at === 'quiet' && stage.heldOffUntilMs === undefined;

export const isSameStage = (a: Stage, b: Stage): boolean => a === b || (isQuiet(a) && isQuiet(b));

/** What a stage is to whoever reads conditions. */
export const PHASES = { quiet: 'normal', delay: 'pending', asked: 'pending', raised: 'active' } as const;

/** A wake must count, also where a shift of time has rounded a fraction of a millisecond. */
export const reached = (nowMs: number, dueMs: number): boolean => nowMs >= dueMs - 0.001;

/** What was last known of the condition: between samples it holds. */
export const isMetIn = (stage: Stage): boolean =>
  stage.at === 'quiet' ? stage.heldOffUntilMs !== undefined : stage.goneSinceMs === undefined;

const raised = (sinceMs: number): Stage => ({ at: 'raised', sinceMs });

/** Asks the wearer now, until `untilMs`; raises where there is no time for that. */
export const ask = (sinceMs: number, nowMs: number, untilMs: number, { confirmMs }: Timing): Stage => {
  if (reached(nowMs, untilMs)) return raised(sinceMs);
  const confirmByMs = confirmMs > 0 ? nowMs + confirmMs : undefined;
  return { at: 'asked', sinceMs, untilMs, ...(confirmByMs === undefined ? {} : { confirmByMs }) };
};

const graceMs = (stage: Stage, { normalMs, preAlarmNormalMs, clearMs }: Timing): number => {
  if (stage.at === 'delay') return normalMs;
  return stage.at === 'asked' ? preAlarmNormalMs : clearMs;
};

/** The condition is not met: what runs ends after its grace. */
const whileGone = (stage: Stage, nowMs: number, timing: Timing): Stage => {
  if (stage.at === 'quiet') return stage.heldOffUntilMs === undefined ? stage : QUIET;
  const goneSinceMs = stage.goneSinceMs ?? nowMs;
  if (reached(nowMs, goneSinceMs + graceMs(stage, timing))) return QUIET;
  return stage.goneSinceMs === undefined ? { ...stage, goneSinceMs } : stage;
};

/** The condition is met again within the grace, as if it had never been gone. */
const back = (stage: Alert): Stage => {
  if (stage.goneSinceMs === undefined) return stage;
  const { goneSinceMs: _, ...rest } = stage;
  return rest;
};

const whileMet = (stage: Stage, nowMs: number, timing: Timing): Stage => {
  switch (stage.at) {
    case 'quiet':
      if (stage.heldOffUntilMs !== undefined && !reached(nowMs, stage.heldOffUntilMs)) return stage;
      return whileMet({ at: 'delay', sinceMs: nowMs }, nowMs, timing);
    case 'delay':
      if (!reached(nowMs, stage.sinceMs + timing.delayMs)) return back(stage);
      return ask(stage.sinceMs, nowMs, nowMs + timing.preAlarmMs, timing);
    case 'asked':
      return reached(nowMs, endOf(stage)) ? raised(stage.sinceMs) : back(stage);
    case 'raised':
      return back(stage);
  }
};

const endOf = ({ untilMs, confirmByMs = untilMs }: Stage & { readonly at: 'asked' }): number =>
  Math.min(untilMs, confirmByMs);

/** Time has passed, or the condition was judged anew. The same object where nothing changed. */
export const advance = (stage: Stage, isMet: boolean, nowMs: number, timing: Timing): Stage =>
  isMet ? whileMet(stage, nowMs, timing) : whileGone(stage, nowMs, timing);

/** The wearer is well, or somebody who knows says so: nothing runs, and the same condition is not judged for a while. */
export const cancel = (stage: Stage, nowMs: number, { cancelledMs }: Timing): Stage =>
  stage.at === 'quiet' ? stage : { at: 'quiet', heldOffUntilMs: nowMs + cancelledMs };

/**
 * The badge has buzzed for a pre-alarm that runs until `untilMs`: where that is this one, the wearer gets the whole
 * countdown. One before it ended sooner; a subject's own time runs behind the gateway's, never ahead of it.
 */
export const confirm = (stage: Stage, untilMs: number): Stage => {
  if (stage.at !== 'asked' || stage.confirmByMs === undefined || untilMs < Math.floor(stage.untilMs)) return stage;
  const { confirmByMs: _, ...rest } = stage;
  return rest;
};

/** When time alone changes the stage; undefined: never. */
export const deadlineMs = (stage: Stage, timing: Timing): number | undefined => {
  if (stage.at === 'quiet') return stage.heldOffUntilMs;
  if (stage.goneSinceMs !== undefined) return stage.goneSinceMs + graceMs(stage, timing);
  if (stage.at === 'delay') return stage.sinceMs + timing.delayMs;
  return stage.at === 'asked' ? earlier(stage.untilMs, stage.confirmByMs) : undefined;
};
