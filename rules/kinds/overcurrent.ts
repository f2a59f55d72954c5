import { z } from 'zod';
import type { Device } from '../../ingest/model/device.ts';
import { channelSubject, commonShape, guidanceText, NO_SUBJECTS, type Selection, seconds, selects } from '../common.ts';
import { CURVES } from '../inverse-time.ts';
import { limitsOfScale } from '../levels.ts';
import { type OvercurrentState, overcurrentPlan, START, sampled, woken } from '../overload.ts';
import { ratedAmpsOf } from '../rating.ts';
import type { Guidance } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('overcurrent').describe('a circuit loaded beyond its rating: warns before the breaker trips'),
    ratedAmps: z
      .number()
      .positive()
      .optional()
      .describe('rating of the devices selected by `for` that have none of their own, amperes'),
    // 80 % for 3 h: NEC articles 100, 210.19(A)(1), 210.20(A), 215.2.
    continuousFraction: z.number().positive().max(2).default(0.8).describe('yellow from this share of the rating'),
    continuousSeconds: seconds('yellow once at that share for').default(10_800),
    pickupMultiple: z.number().positive().max(10).default(1).describe('orange, and the curve starts: x rated current'),
    limitHoldSeconds: seconds('orange once at the pick-up for').default(5),
    curve: z.enum(CURVES).default('VI').describe('inverse-time curve of IEC 60255-151'),
    timeMultiplier: z.number().positive().max(100).default(1).describe('time multiplier setting of the curve'),
    instantaneousMultiple: z.number().positive().max(100).default(8).describe('red without the curve: x rated current'),
    instantaneousSeconds: seconds('a second sample must confirm the instantaneous multiple after').default(0.2),
    resetSeconds: seconds('below the pick-up a full integral is back at zero after').default(60),
    clearSeconds: seconds('a level is left after the current has been back for').default(30),
    deadbandFraction: z.number().min(0).max(0.5).default(0.05).describe('how far back, as a share of the rating'),
  })
  .refine(({ ratedAmps, for: selection }) => ratedAmps === undefined || selection !== undefined, {
    message: 'a rating for all devices needs `for`: which devices have it',
    path: ['ratedAmps'],
  })
  .refine((rule) => rule.continuousFraction < rule.pickupMultiple, {
    message: 'continuousFraction must be below pickupMultiple',
    path: ['continuousFraction'],
  })
  .refine((rule) => rule.pickupMultiple < rule.instantaneousMultiple, {
    message: 'instantaneousMultiple must be above pickupMultiple',
    path: ['instantaneousMultiple'],
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
    const plan = overcurrentPlan(config);
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
      step: (state: OvercurrentState, input, subject) => {
        if (input.type === 'wake') {
          const ratedAmps = ratedAmpsOf(subject.device, subject.channel, config.ratedAmps);
          return ratedAmps === undefined ? stay(state) : woken(plan, state, input.nowMs, ratedAmps);
        }
        if (input.type !== 'sample' || input.historical) return stay(state);
        const amps = input.metrics.currentAmps;
        if (amps === undefined || !Number.isFinite(amps)) return stay(state);
        const ratedAmps = ratedAmpsOf(subject.device, subject.channel, config.ratedAmps);
        return ratedAmps === undefined ? stay(state) : sampled(plan, state, Math.abs(amps), input.nowMs, ratedAmps);
      },
    };
  },
});
