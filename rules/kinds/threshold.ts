import { z } from 'zod';
import { METRIC_NAMES, METRICS, type MetricName } from '../../ingest/model/metrics.ts';
import { channelSubject, commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects } from '../common.ts';
import type { Level, Marks, Scale } from '../levels.ts';
import {
  earlier,
  isBeyond,
  judgeLevels,
  limitsOfScale,
  NO_MARKS,
  nextDeadlineMs,
  passTime,
  reachedLevel,
  risingLevel,
} from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Guidance, Input, Phase, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import type { SaidState } from '../saying.ts';
import { graver, worthSaying } from '../saying.ts';
import { fallingLimits, type Limits, levelsOf, limitsIn, risingLimits } from '../signal/scale-schema.ts';

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('threshold').describe('a metric at or beyond fixed limits'),
    metric: param(z.enum(METRIC_NAMES), { en: 'what is judged', zh: '判断的量' }),
    above: param(risingLimits(z.number()).optional(), {
      en: 'limits at or above which a level begins',
      zh: '达到或高于即进入各级别的限值',
      unit: 'unit of the metric',
    }),
    below: param(fallingLimits(z.number()).optional(), {
      en: 'limits at or below which a level begins',
      zh: '达到或低于即进入各级别的限值',
      unit: 'unit of the metric',
    }),
    holdSeconds: param(seconds('the value must have been beyond a limit for').default(0), {
      en: 'the value must have been beyond a limit for this long',
      zh: '超限须持续的时间',
      unit: 'seconds',
      source:
        'none: what is right depends on the metric; common starting points are 15 s for flow and pressure, 60 s for level and temperature (ISA-18.2 practice)',
    }),
    clearSeconds: param(seconds('a level is left after the value has been back for').default(0), {
      en: 'a level is left after the value has been back for this long',
      zh: '回到限值以内须持续多久才解除级别',
      unit: 'seconds',
      source: 'none: as for holdSeconds',
    }),
    deadband: param(z.number().min(0).default(0), {
      en: 'how far a value must be back within the limit',
      zh: '须回到限值以内多少才算恢复',
      unit: 'unit of the metric',
      source:
        'none: common starting points are 1 % of the range of a temperature, 2 % of a pressure, 5 % of a flow or level (ISA-18.2 practice)',
    }),
  })
  .refine(({ above, below }) => above !== undefined || below !== undefined, {
    message: 'give limits under above, below or both',
    path: ['above'],
  })
  .refine(({ above, below }) => !overlap(above, below), {
    message: 'every limit of below must be under every limit of above',
    path: ['below'],
  });

const overlap = (above: Limits | undefined, below: Limits | undefined): boolean =>
  above !== undefined && below !== undefined && Math.min(...limitsIn(above)) <= Math.max(...limitsIn(below));

type Config = z.output<typeof schema>;

interface ThresholdState extends SaidState {
  /** The value that holds; null while it is within all limits. */
  readonly value: number | null;
  readonly above: Marks;
  readonly below: Marks;
}

const START: ThresholdState = {
  phase: 'unknown',
  severity: null,
  told: null,
  value: null,
  above: NO_MARKS,
  below: NO_MARKS,
};

/** One object for every quiet subject: ten thousand of them cost nothing. */
const QUIET: ThresholdState = { ...START, phase: 'normal' };
const STAY_QUIET: Step<ThresholdState> = stay(QUIET);

interface Plan {
  readonly metric: MetricName;
  /** Between these two no level is reached: nearly every sample of nearly every subject. */
  readonly quietOver: number;
  readonly quietUnder: number;
  readonly config: Config;
  readonly above: Scale;
  readonly below: Scale;
  /** A change of an active value worth telling. */
  readonly valueStep: number;
}

const planOf = (config: Config): Plan => {
  const scale = (direction: Scale['direction'], limits: Limits | undefined): Scale => ({
    direction,
    levels: levelsOf(limits, config.holdSeconds * 1000),
    clearMs: config.clearSeconds * 1000,
    deadband: config.deadband,
  });
  const above = scale('above', config.above);
  const below = scale('below', config.below);
  const [{ limit: quietUnder } = { limit: Infinity }] = above.levels;
  const [{ limit: quietOver } = { limit: -Infinity }] = below.levels;
  const largest = Math.max(...[...above.levels, ...below.levels].map(({ limit }) => Math.abs(limit)));
  const valueStep = Math.max(config.deadband, 0.02 * largest) || 0.5;
  return { metric: config.metric, quietOver, quietUnder, config, above, below, valueStep };
};

interface Judgement {
  readonly phase: Phase;
  readonly scale: Scale;
  readonly level: Level | undefined;
}

const NOTHING = { phase: 'normal', level: undefined } as const;

const judgementOf = ({ above, below }: Plan, before: Phase, aboveMarks: Marks, belowMarks: Marks): Judgement => {
  const high = reachedLevel(above, aboveMarks);
  const low = reachedLevel(below, belowMarks);
  if (low !== undefined && (high === undefined || graver(low.severity, high.severity))) {
    return { phase: 'active', scale: below, level: low };
  }
  if (high !== undefined) return { phase: 'active', scale: above, level: high };
  // What was active ends as normal; a level on its other side is pending only after that.
  if (before === 'active') return { ...NOTHING, scale: above };
  const rising = risingLevel(above, aboveMarks);
  if (rising !== undefined) return { phase: 'pending', scale: above, level: rising };
  const falling = risingLevel(below, belowMarks);
  return falling === undefined ? { ...NOTHING, scale: above } : { phase: 'pending', scale: below, level: falling };
};

const conditionOf = ({ config }: Plan, { phase, scale, level }: Judgement, exact: number): Condition => {
  const { metric, holdSeconds } = config;
  const value = forPeople(exact);
  const { unit } = METRICS[metric];
  if (level === undefined) {
    const reason = { code: 'within-limits', params: { metric, value } };
    return { phase, severity: undefined, reason, value, unit };
  }
  const { severity, limit } = level;
  const side = scale.direction;
  const stage = phase === 'pending' ? '-soon' : isBeyond(scale, level, exact) ? '' : '-easing';
  const params = { metric, value, limit, ...(phase === 'pending' ? { seconds: holdSeconds } : {}) };
  return { phase, severity, reason: { code: `${side}-limit${stage}`, params }, value, unit, limit };
};

const conclude = (
  plan: Plan,
  state: ThresholdState,
  above: Marks,
  below: Marks,
  value: number,
): Step<ThresholdState> => {
  const judgement = judgementOf(plan, state.phase, above, below);
  const { phase, level } = judgement;
  const severity = level?.severity;
  const speak = worthSaying(state, { phase, severity, value }, plan.valueStep);
  const condition = speak ? conditionOf(plan, judgement, value) : undefined;
  if (above.length === 0 && below.length === 0) return { state: QUIET, condition };
  if (above === state.above && below === state.below && value === state.value) return stay(state);
  const told = speak ? value : state.told;
  return {
    state: { phase, severity: severity ?? null, told, value, above, below },
    condition,
    wakeAtMs: earlier(nextDeadlineMs(plan.above, above), nextDeadlineMs(plan.below, below)),
  };
};

const step = (plan: Plan, state: ThresholdState, input: Input): Step<ThresholdState> => {
  if (input.type === 'sample') {
    const value = input.metrics[plan.metric];
    if (value === undefined) return stay(state);
    if (state === QUIET && value > plan.quietOver && value < plan.quietUnder) return STAY_QUIET;
    if (!Number.isFinite(value)) return stay(state);
    const above = judgeLevels(plan.above, state.above, value, input.nowMs);
    const below = judgeLevels(plan.below, state.below, value, input.nowMs);
    if (above.length === 0 && below.length === 0 && state.phase === 'normal') return STAY_QUIET;
    return conclude(plan, state, above, below, value);
  }
  if (input.type !== 'wake' || state.value === null) return stay(state);
  const above = passTime(plan.above, state.above, input.nowMs);
  const below = passTime(plan.below, state.below, input.nowMs);
  return conclude(plan, state, above, below, state.value);
};

const GUIDANCE: Guidance = {
  consequence: {
    zh: '数值超出安全范围，可能危及人员或设备。',
    en: 'A value is outside its safe range and may endanger people or equipment.',
  },
  action: { zh: '请到现场核实并消除原因，处理后在此确认。', en: 'Check on site, remove the cause, then acknowledge.' },
  owner: { zh: '场馆工程师', en: 'venue engineer' },
};

/**
 * Any metric of a device's channel against fixed limits, above, below or both. A level counts once the value has been
 * at or beyond it for `holdSeconds`; between samples the last value holds.
 */
export const threshold = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => {
    const plan = planOf(config);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'freeze',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) => (selects(config.for, device) ? [channelSubject(device, channel)] : NO_SUBJECTS),
      limitsOf: (device, _channel, metric) =>
        metric === plan.metric && selects(config.for, device)
          ? [...limitsOfScale(plan.below), ...limitsOfScale(plan.above)]
          : [],
      start: () => START,
      step: (state: ThresholdState, input) => step(plan, state, input),
    };
  },
});
