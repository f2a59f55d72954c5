import { z } from 'zod';
import { METRIC_NAMES, METRICS } from '../../ingest/model/metrics.ts';
import type { Sample } from '../../ingest/model/sample.ts';
import { channelSubject, commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects } from '../common.ts';
import { isBeyond, judgeLevels, passTime, type Scale } from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Guidance, Input, Rule, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { type Grade, type GradedState, type Grading, graded, lapsed, UNGRADED } from '../signal/graded.ts';
import { type Limits, levelsOf, risingLimits } from '../signal/scale-schema.ts';
import { type Point, slopePerMinute, withPoint } from '../signal/slope.ts';
import { unheard } from '../silence.ts';

/** A fire: where nothing else is given for a temperature that rises. */
const FIRE: Limits = { orange: 5, red: 10 };

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('rate-of-change').describe('a metric that changes too fast: a temperature as in a fire'),
    metric: param(z.enum(METRIC_NAMES).default('temperatureCelsius'), {
      en: 'what is judged',
      zh: '判断的量',
      source: 'the rise of a temperature is the first sign of a fire that this hardware has',
    }),
    direction: param(z.enum(['rising', 'falling']).default('rising'), { en: 'which way it changes', zh: '变化方向' }),
    perMinute: param(risingLimits(z.number().positive()).optional(), {
      en: 'change per minute at which a level begins; for a rising temperature orange 5, red 10 where absent',
      zh: '各级别起始的每分钟变化量；温度上升省略时为橙色 5、红色 10',
      unit: 'unit of the metric per minute',
      source:
        'EN 54-5: point detectors of class A1 must respond at 5 K/min within 8 min 20 s, at 10 K/min within 4 min 20 s, and rate-of-rise types (suffix R) before a fixed temperature; NFPA 72: 8.3 K/min',
    }),
    windowSeconds: param(z.number().min(10).max(86_400).default(300), {
      en: 'the rate is that of this long; a gap longer than this begins it anew',
      zh: '计算变化率的时间窗；数据中断超过此时间则重新开始',
      unit: 'seconds',
      source: 'choice: six reports of a 60 s reporter, of which one may be an outlier',
    }),
    holdSeconds: param(seconds('a further sample must agree after').default(0), {
      en: 'a further sample must agree after this long',
      zh: '须在此时间后再有一个读数符合',
      unit: 'seconds',
      source: 'none: five readings have agreed already when a rate is known',
    }),
    clearSeconds: param(seconds('a level is left after the rate has been back for').default(300), {
      en: 'a level is left after the rate has been back for this long',
      zh: '变化率回落须持续多久才解除级别',
      unit: 'seconds',
      source: 'as long as the window: a fire that has reached its heat rises no more',
    }),
    deadband: param(z.number().min(0).default(0.5), {
      en: 'how far the rate must be back below a level',
      zh: '变化率须低于级别多少才算回落',
      unit: 'unit of the metric per minute',
      source: 'ISA-18.2 practice: 5 % of a fast quantity, of 10 K/min',
    }),
  })
  .refine(
    ({ metric, direction, perMinute }) =>
      perMinute !== undefined || (metric === 'temperatureCelsius' && direction === 'rising'),
    { message: 'give limits under perMinute: only a rising temperature has its own', path: ['perMinute'] },
  );

type Config = z.output<typeof schema>;

/** The limits of a rule, its own or those of a fire. */
export const rateLimits = ({ perMinute }: Pick<Config, 'perMinute'>): Limits => perMinute ?? FIRE;

interface RateState extends GradedState {
  readonly points: readonly Point[];
}

const START: RateState = { ...UNGRADED, points: [] };

const say = (scale: Scale, { phase, level }: Grade, exact: number, config: Config): Condition => {
  const { metric, direction, windowSeconds } = config;
  const value = forPeople(exact);
  const unit = `${METRICS[metric].unit}/min`;
  const params = { metric, value, windowSeconds };
  if (level === undefined) return { phase, severity: undefined, reason: { code: 'rate-normal', params }, value, unit };
  const { severity, limit } = level;
  const stage = phase === 'pending' ? '-soon' : isBeyond(scale, level, exact) ? '' : '-easing';
  return {
    phase,
    severity,
    reason: { code: `${direction}-fast${stage}`, params: { ...params, limit } },
    value,
    unit,
    limit,
  };
};

const gradingOf = (config: Config): Grading<RateState> => {
  const limits = rateLimits(config);
  const scale: Scale = {
    direction: 'above',
    levels: levelsOf(limits, config.holdSeconds * 1000, config.holdSeconds > 0 ? true : undefined),
    clearMs: config.clearSeconds * 1000,
    deadband: config.deadband,
  };
  const [{ limit: mildest } = { limit: 1 }] = scale.levels;
  return { scale, valueStep: mildest / 5, say: (grade, value) => say(scale, grade, value, config) };
};

const onSample = (grading: Grading<RateState>, state: RateState, sample: Sample, config: Config): Step<RateState> => {
  const { metrics, nowMs } = sample;
  const reading = metrics[config.metric];
  if (reading === undefined || !Number.isFinite(reading)) return stay(state);
  const windowMs = config.windowSeconds * 1000;
  const points = withPoint(state.points, [nowMs, reading], windowMs);
  if (points === state.points) return stay(state);
  const next: RateState = { ...state, points };
  const rate = slopePerMinute(points, windowMs);
  // A window that has begun anew says nothing yet.
  if (rate === undefined) return lapsed(next, { code: 'rate-unknown', params: { metric: config.metric } });
  const value = config.direction === 'rising' ? rate : -rate;
  return graded(grading, next, value, judgeLevels(grading.scale, state.marks, value, nowMs));
};

const step = (grading: Grading<RateState>, state: RateState, input: Input, config: Config): Step<RateState> => {
  switch (input.type) {
    case 'sample':
      return onSample(grading, state, input, config);
    case 'wake':
      if (state.value === null) return stay(state);
      return graded(grading, state, state.value, passTime(grading.scale, state.marks, input.nowMs));
    case 'silence':
      return lapsed(state, unheard(input));
    default:
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: {
    zh: '数值变化异常迅速，可能起火或设备故障。',
    en: 'A value changes unusually fast: perhaps a fire, perhaps a failure.',
  },
  action: {
    zh: '立即派人到现场查看；见烟、见火即启动手动火灾报警并疏散。',
    en: 'Send somebody to look at once; at smoke or flames pull the manual fire alarm and evacuate.',
  },
  owner: { zh: '安保主管', en: 'security lead' },
};

/**
 * The rate at which a metric changes, over a window of samples, robust against an outlier. It tells of a fire sooner than
 * a fixed limit does; it is no fire detector in the sense of EN 54.
 */
export const rateOfChange = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config): Rule => {
    const grading = gradingOf(config);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) => (selects(config.for, device) ? [channelSubject(device, channel)] : NO_SUBJECTS),
      start: () => START,
      step: (state: RateState, input) => step(grading, state, input, config),
    };
  },
});
