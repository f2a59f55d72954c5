import { z } from 'zod';
import { commonShape, guidanceText, NO_SUBJECTS, param, selects } from '../common.ts';
import { type ImbalanceState, imbalancePlan, isPhase, START, sampled, woken } from '../power/imbalance.ts';
import type { Guidance } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

const percent = z.number().positive().max(200);
const secondsNumber = z.number().max(604_800);

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('phase-imbalance').describe('the three phases of one board are loaded unequally'),
    yellow: param(percent.default(30), {
      en: 'yellow from this imbalance: largest distance from the mean, as a share of the mean',
      zh: '黄色：任一相与平均值的最大偏差占平均值之比',
      unit: '%',
      source: 'definition: NEMA MG 1; limit a choice: three times the 10 % at which motors have to be derated',
    }),
    orange: param(percent.default(60), {
      en: 'orange from this imbalance',
      zh: '橙色：不平衡度达到',
      unit: '%',
      source: 'a choice: a lost phase is 100 %',
    }),
    leastAmps: param(z.number().min(0).max(10_000).default(10), {
      en: 'with a smaller mean current nothing is said',
      zh: '平均电流低于此值时不判断',
      unit: 'amperes',
      source: 'a choice: with nearly no load a single lamp is an imbalance',
    }),
    holdSeconds: param(secondsNumber.min(1).default(60), {
      en: 'the imbalance must have lasted',
      zh: '不平衡须持续',
      unit: 'seconds',
      source: 'longer than the start of a motor or a change of scene',
    }),
    clearSeconds: param(secondsNumber.min(0).default(60), {
      en: 'a level is left after the phases have been back for',
      zh: '恢复多久后解除',
      unit: 'seconds',
      source: 'as long as it takes to be raised',
    }),
    deadbandPercent: param(z.number().min(0).max(50).default(5), {
      en: 'how far back the imbalance must be',
      zh: '不平衡度须回落多少才算恢复',
      unit: '%',
      source: 'ISA-18.2: deadband of 5 % for flow-like signals',
    }),
  })
  .refine(({ yellow, orange }) => yellow < orange, { message: 'yellow must be below orange', path: ['yellow'] });

const GUIDANCE: Guidance = {
  consequence: {
    zh: '三相负载不平衡：零线电流增大、过热，发电机和电机受损，单相可能先跳闸。',
    en: 'Unequal phases: the neutral carries the difference and heats up, generators and motors suffer, one phase may trip alone.',
  },
  action: {
    zh: '请把负载移到较轻的相，检查是否缺相。',
    en: 'Move load to the lighter phases; check for a lost phase.',
  },
  owner: { zh: '场馆电工', en: 'venue electrician' },
};

/**
 * Channels `a`, `b` and `c` of one device against their mean. Its subject is the device; a phase that stops reporting
 * while others go on makes it unknown. Kept apart from `overcurrent`, whose subjects are single circuits (decision 0021).
 */
export const phaseImbalance = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => {
    const plan = imbalancePlan(config);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'freeze',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) => {
        if (channel !== '' && !isPhase(channel)) return NO_SUBJECTS;
        const isCircuit = config.for !== undefined || Object.keys(device.ratedAmps).length > 0;
        return isCircuit && selects(config.for, device) ? [device.id] : NO_SUBJECTS;
      },
      start: () => START,
      step: (state: ImbalanceState, input, subject) => {
        if (input.type === 'wake') return woken(plan, state, input.nowMs);
        if (input.type !== 'sample' || !isPhase(input.channel)) return stay(state);
        const amps = input.metrics.currentAmps;
        if (amps === undefined || !Number.isFinite(amps)) return stay(state);
        return sampled(plan, state, input.channel, Math.abs(amps), input.nowMs, subject.device);
      },
    };
  },
});
