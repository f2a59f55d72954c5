import { z } from 'zod';
import type { Device } from '../../ingest/model/device.ts';
import { channelSubject, commonShape, guidanceText, NO_SUBJECTS, param, type Selection, selects } from '../common.ts';
import { limitsOfScale } from '../levels.ts';
import { BREAKERS, NO_BREAKER, overloadSettings } from '../power/breaker.ts';
import { CURVES, hasReset } from '../power/inverse-time.ts';
import { type OvercurrentState, overcurrentPlan, START, sampled, woken } from '../power/overload.ts';
import { ratedAmpsOf } from '../power/rating.ts';
import type { Guidance } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

/** The settings of a rule with those of its breaker's class, and the defaults: what Grafana draws. */
export { overloadSettings };

const CONTINUOUS = 'NEC articles 100, 210.19(A)(1), 210.20(A), 215.2: 3 h or more at no more than 80 %';
const CLASS = 'a breaker class brings its own';
const secondsNumber = z.number().min(0).max(604_800);

/** Not filled in by zod: where it is left out, the class of the breaker decides first (`rules/breaker.ts`). */
const preset = <S extends z.ZodType>(schema: S, value: number | string): z.ZodOptional<S> =>
  schema.optional().meta({ default: value });

const SHAPE = {
  ratedAmps: param(z.number().positive().optional(), {
    en: 'rating of the devices selected by `for` that have none of their own',
    zh: '`for` 所选设备中自身没有额定电流者的额定电流',
    unit: 'amperes',
  }),
  breaker: param(z.enum(BREAKERS).optional(), {
    en: 'class of the circuit-breaker: sets pick-up, curve and instantaneous multiple to warn before it trips',
    zh: '断路器脱扣类型：据此设定启动电流、曲线和瞬时倍数，在其跳闸前报警',
    source: 'IEC 60898-1: 1.13 and 1.45 In; B 3 to 5, C 5 to 10, D 10 to 20 In',
  }),
  continuousFraction: param(z.number().positive().max(2).default(0.8), {
    en: 'yellow from this share of the rating',
    zh: '达到额定电流的此比例即为黄色',
    unit: '× In',
    source: CONTINUOUS,
  }),
  continuousSeconds: param(secondsNumber.default(10_800), {
    en: 'yellow once at that share for',
    zh: '持续多久后为黄色',
    unit: 'seconds',
    source: CONTINUOUS,
  }),
  pickupMultiple: param(preset(z.number().positive().max(10), NO_BREAKER.pickupMultiple), {
    en: 'orange, and the curve starts, from this multiple of the rating',
    zh: '达到额定电流的此倍数即为橙色，曲线开始计时',
    unit: '× In',
    source: `IEC 60255-151: I > Is; ${CLASS} (1.13)`,
  }),
  limitHoldSeconds: param(secondsNumber.default(5), {
    en: 'orange once at the pick-up for',
    zh: '达到启动电流多久后为橙色',
    unit: 'seconds',
    source: 'longer than the inrush of motors and lamps',
  }),
  curve: param(preset(z.enum(CURVES), NO_BREAKER.curve), {
    en: 'inverse-time curve; DT: definite time',
    zh: '反时限曲线；DT：定时限',
    source: `IEC 60255-151 Annex A, IEEE C37.112; ${CLASS} (EI)`,
  }),
  timeMultiplier: param(preset(z.number().positive().max(100), NO_BREAKER.timeMultiplier), {
    en: 'time multiplier setting of the curve; DT has none',
    zh: '曲线的时间倍数（TMS）；DT 不使用',
    source: `IEC 60255-151; ${CLASS} (1)`,
  }),
  definiteSeconds: param(secondsNumber.default(10), {
    en: 'with curve DT: red once above the pick-up for',
    zh: '曲线为 DT 时：超过启动电流多久后为红色',
    unit: 'seconds',
    source: 'a choice: twice the hold of orange',
  }),
  instantaneousMultiple: param(preset(z.number().positive().max(100), NO_BREAKER.instantaneousMultiple), {
    en: 'red without the curve from this multiple of the rating',
    zh: '达到额定电流的此倍数不经曲线直接为红色',
    unit: '× In',
    source: `within 5 to 10 In of class C; ${CLASS}: the lower end of its band`,
  }),
  instantaneousSeconds: param(secondsNumber.default(0.2), {
    en: 'a further sample must confirm the instantaneous multiple after',
    zh: '须有后续采样在此时间后确认瞬时倍数',
    unit: 'seconds',
    source: 'one sample may be a half-wave of an inrush',
  }),
  reset: param(z.enum(['time', 'curve']).default('time'), {
    en: 'how the integral falls below the pick-up: in a straight line, or as the IEEE curve says',
    zh: '低于启动电流时积分的回落方式：time 直线；curve 按 IEEE 曲线',
    source: 'IEC 60255-151 leaves it to the maker; IEEE C37.112 has a curve',
  }),
  resetSeconds: param(secondsNumber.default(60), {
    en: 'with reset time: a full integral is back at zero after',
    zh: 'reset 为 time 时：满积分回零所需时间',
    unit: 'seconds',
    source: 'a choice: the order of IEEE C37.112 at half load (6 to 39 s), on the safe side',
  }),
  clearSeconds: param(secondsNumber.default(30), {
    en: 'a level is left after the current has been back for',
    zh: '电流回落多久后解除',
    unit: 'seconds',
    source: 'a choice: loads that switch every few seconds stay one alarm',
  }),
  deadbandFraction: param(z.number().min(0).max(0.5).default(0.05), {
    en: 'how far back the current must be',
    zh: '电流须回落多少才算恢复',
    unit: '× In',
    source: 'ISA-18.2: deadband of 5 % for flow-like signals',
  }),
} as const;

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('overcurrent').describe('a circuit loaded beyond its rating: warns before the breaker trips'),
    ...SHAPE,
  })
  .refine(({ ratedAmps, for: selection }) => ratedAmps === undefined || selection !== undefined, {
    message: 'a rating for all devices needs `for`: which devices have it',
    path: ['ratedAmps'],
  })
  .refine((rule) => rule.continuousFraction < overloadSettings(rule).pickupMultiple, {
    message: 'continuousFraction must be below pickupMultiple',
    path: ['continuousFraction'],
  })
  .refine((rule) => overloadSettings(rule).pickupMultiple < overloadSettings(rule).instantaneousMultiple, {
    message: 'instantaneousMultiple must be above pickupMultiple',
    path: ['instantaneousMultiple'],
  })
  .refine((rule) => rule.reset === 'time' || hasReset(overloadSettings(rule).curve), {
    message: 'only the IEEE curves have a reset curve',
    path: ['reset'],
  });

const concerns = (device: Device, channel: string, selection: Selection | undefined, ofRule: number | undefined) =>
  selects(selection, device) && ratedAmpsOf(device, channel, ofRule) !== undefined;

const GUIDANCE: Guidance = {
  consequence: {
    zh: '回路过载，断路器可能跳闸，舞台、照明或音响将断电，线缆可能过热。',
    en: 'An overloaded circuit: the breaker may trip and cut stage, light or sound, and cables may overheat.',
  },
  action: {
    zh: '请立即减载，检查线缆与配电箱温度。',
    en: 'Shed load now and check cables and distribution box for heat.',
  },
  owner: { zh: '场馆电工', en: 'venue electrician' },
};

/**
 * A circuit against its rating. Yellow: a continuous load; orange: at the pick-up current; red: the inverse-time
 * integral says that a breaker would trip now, or two samples in a row at the instantaneous multiple. An inrush shorter
 * than the curve allows says nothing, though its one sample holds until the next.
 */
export const overcurrent = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => {
    const plan = overcurrentPlan(overloadSettings(config));
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'freeze',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) =>
        concerns(device, channel, config.for, config.ratedAmps) ? [channelSubject(device, channel)] : NO_SUBJECTS,
      ratedAmpsOf: (device, channel) =>
        selects(config.for, device) ? ratedAmpsOf(device, channel, config.ratedAmps) : undefined,
      limitsOf: (device, channel, metric) => {
        if (metric !== 'currentAmps' || !selects(config.for, device)) return [];
        const ratedAmps = ratedAmpsOf(device, channel, config.ratedAmps);
        return ratedAmps === undefined ? [] : limitsOfScale(plan.loads, ratedAmps);
      },
      start: () => START,
      // A cable is as warm as it was; levels are those of the last current.
      carried: ({ integral }: OvercurrentState) => ({ state: { ...START, integral } }),
      step: (state: OvercurrentState, input, subject) => {
        if (input.type === 'wake') {
          const ratedAmps = ratedAmpsOf(subject.device, subject.channel, config.ratedAmps);
          return ratedAmps === undefined ? stay(state) : woken(plan, state, input.nowMs, ratedAmps);
        }
        if (input.type !== 'sample') return stay(state);
        const amps = input.metrics.currentAmps;
        if (amps === undefined || !Number.isFinite(amps)) return stay(state);
        const ratedAmps = ratedAmpsOf(subject.device, subject.channel, config.ratedAmps);
        return ratedAmps === undefined ? stay(state) : sampled(plan, state, Math.abs(amps), input.nowMs, ratedAmps);
      },
    };
  },
});
