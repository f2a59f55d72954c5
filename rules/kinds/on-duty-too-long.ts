import { z } from 'zod';
import { commonShape, guidanceText, NO_SUBJECTS, param, selects } from '../common.ts';
import { type DutyWord, isOff, NO_WORD, withWord } from '../duty/word.ts';
import type { Level } from '../levels.ts';
import type { Condition, Guidance, Input, Rule, RuleState, Severity, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { levelsOf, risingLimits } from '../signal/scale-schema.ts';
import { unheard } from '../silence.ts';

const HOUR_MS = 3_600_000;

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('on-duty-too-long').describe('a wearer who has been on duty for hours without a break'),
  hours: param(risingLimits(z.number().positive().max(168)).default({ blue: 4 }), {
    en: 'time on duty without a break at which a level begins',
    zh: '各级别起始的连续在岗时间',
    unit: 'hours',
    source: 'Chinese road traffic regulation, article 62 (7): no more than 4 h of driving without a rest of 20 min',
  }),
  breakMinutes: param(z.number().positive().max(1440).default(20), {
    en: 'off duty or charging for at least this long is a break; a shorter one changes nothing',
    zh: '离岗或充电至少这么久才算休息，更短的不算',
    unit: 'minutes',
    source: 'the same article; also the rest break of the UK Working Time Regulations 1998, regulation 12',
  }),
  silenceIsBreak: param(z.boolean().default(false), {
    en: 'whether a badge that was silent for as long as a break has had one',
    zh: '胸牌失联达到休息时长是否算作休息',
    source: 'no: an empty battery is no rest; yes where badges are switched off for breaks',
  }),
});

type Config = z.output<typeof schema>;

interface DutyState extends RuleState {
  readonly word: DutyWord;
  /** When the time on duty began, judged Unix milliseconds; null: not on duty, or not known. */
  readonly sinceMs: number | null;
  /** When the badge said that a break began; null: there is none. */
  readonly breakMs: number | null;
  /** Since when nothing is known of it; null: it reports. */
  readonly silentMs: number | null;
  /** Of the alarm. */
  readonly severity: Severity | null;
}

const START: DutyState = {
  phase: 'unknown',
  word: NO_WORD,
  sinceMs: null,
  breakMs: null,
  silentMs: null,
  severity: null,
};

interface Plan {
  readonly levels: readonly Level[];
  readonly breakMs: number;
  readonly silenceIsBreak: boolean;
}

const hoursOf = (ms: number): number => Math.round(ms / 360_000) / 10;

const normal = (code: string): Condition => ({ phase: 'normal', severity: undefined, reason: { code, params: {} } });

const tooLong = (level: Level, forMs: number): Condition => {
  const value = hoursOf(forMs);
  const limit = level.limit / HOUR_MS;
  return {
    phase: 'active',
    severity: level.severity,
    value,
    unit: 'h',
    limit,
    reason: { code: 'on-duty-too-long', params: { hours: value, limit } },
  };
};

/** What time alone makes of a badge that reports. */
const assess = (plan: Plan, state: DutyState, nowMs: number): Step<DutyState> => {
  const { sinceMs, breakMs } = state;
  const breakEndsMs = breakMs === null ? undefined : breakMs + plan.breakMs;
  if (sinceMs === null || (breakEndsMs !== undefined && nowMs >= breakEndsMs)) return rested(state);
  const level = plan.levels.findLast(({ limit }) => nowMs - sinceMs >= limit);
  const next = plan.levels.find(({ limit }) => nowMs - sinceMs < limit);
  const wakeAtMs = breakEndsMs ?? (next === undefined ? undefined : sinceMs + next.limit);
  // A break that has begun raises nothing, and until it is long enough it clears nothing either.
  if (level === undefined || (breakMs !== null && state.severity === null)) {
    const condition = state.phase === 'normal' ? undefined : normal('on-duty');
    return { state: { ...state, phase: 'normal', severity: null }, condition, wakeAtMs };
  }
  const severity = breakMs === null ? level.severity : (state.severity ?? level.severity);
  if (state.phase === 'active' && state.severity === severity) return { state, wakeAtMs };
  return {
    state: { ...state, phase: 'active', severity },
    condition: tooLong({ ...level, severity }, nowMs - sinceMs),
    wakeAtMs,
  };
};

const rested = (state: DutyState): Step<DutyState> => ({
  state: { ...state, phase: 'normal', sinceMs: null, severity: null },
  condition: state.phase === 'normal' && state.sinceMs === null ? undefined : normal('rested'),
});

/** A badge reports: how long it was quiet, and what it says now, decide whether there was a break. */
const heard = (plan: Plan, state: DutyState, word: DutyWord, nowMs: number): Step<DutyState> => {
  const { breakMs, silentMs } = state;
  const wasBreak =
    (breakMs !== null && nowMs - breakMs >= plan.breakMs) ||
    (plan.silenceIsBreak && silentMs !== null && nowMs - silentMs >= plan.breakMs);
  const off = isOff(word);
  const sinceMs = wasBreak ? null : state.sinceMs;
  const next: DutyState = {
    ...state,
    word,
    silentMs: null,
    sinceMs: off ? sinceMs : (sinceMs ?? nowMs),
    breakMs: off ? (breakMs ?? nowMs) : null,
  };
  return assess(plan, next, nowMs);
};

const step = (plan: Plan, state: DutyState, input: Input): Step<DutyState> => {
  switch (input.type) {
    case 'sample': {
      const word = withWord(state.word, input.metrics);
      if (word === state.word && state.phase !== 'unknown') return stay(state);
      return heard(plan, state, word, input.nowMs);
    }
    case 'wake':
      // Of a silent badge nothing is known: neither that its wearer works on, nor that they rest.
      return state.phase === 'unknown' ? stay(state) : assess(plan, state, input.nowMs);
    case 'silence': {
      if (state.silentMs !== null || (state.sinceMs === null && state.breakMs === null)) return stay(state);
      const next: DutyState = { ...state, phase: 'unknown', silentMs: input.lastSeenMs ?? input.nowMs };
      const severity = state.severity ?? undefined;
      return { state: next, condition: { phase: 'unknown', severity, reason: unheard(input) } };
    }
    default:
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: {
    zh: '连续在岗过久，注意力下降，容易误判和受伤。',
    en: 'On duty for too long: attention fades, and mistakes and injuries become likely.',
  },
  action: { zh: '请安排替换和休息。', en: 'Relieve them and let them rest.' },
  owner: { zh: '安保主管', en: 'security lead' },
};

/**
 * Hours on duty without a break, by the badge's own word: on duty, off duty, charging; one that says neither is on duty
 * while it is not charging. The time runs on through silence and restarts of the gateway; while nothing is heard nothing
 * is raised, and nothing clears.
 */
export const onDutyTooLong = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config): Rule => {
    const plan = planOf(config);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) =>
        channel === '' && device.role !== undefined && selects(config.for, device) ? [device.id] : NO_SUBJECTS,
      start: () => START,
      // Nobody has rested because the hours are others.
      carried: (state: DutyState, _subject, nowMs) => {
        if (state.phase === 'unknown') return stay(state);
        const severity = state.breakMs === null ? null : state.severity;
        return assess(plan, { ...state, phase: 'unknown', severity }, nowMs);
      },
      step: (state: DutyState, input) => step(plan, state, input),
    };
  },
});

const planOf = ({ hours, breakMinutes, silenceIsBreak }: Config): Plan => ({
  levels: levelsOf(hours, 0).map((level) => ({ ...level, limit: level.limit * HOUR_MS })),
  breakMs: breakMinutes * 60_000,
  silenceIsBreak,
});
