import { z } from 'zod';
import type { Metrics } from '../../ingest/model/metrics.ts';
import type { Sample } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects } from '../common.ts';
import { chargingBy } from '../duty/word.ts';
import { isBeyond, judgeLevels, limitsOfScale, NO_MARKS, passTime, type Scale } from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Guidance, Input, Rule, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { batteryVoltsOf, CHEMISTRIES } from '../signal/battery.ts';
import { type Grade, type GradedState, type Grading, graded, UNGRADED } from '../signal/graded.ts';
import { fallingLimits, type Limits, levelsOf } from '../signal/scale-schema.ts';

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('battery-low').describe('a battery that will soon be empty'),
  percent: param(fallingLimits(z.number().min(0).max(100)).default({ blue: 10, yellow: 5 }), {
    en: 'charge at or below which a level begins, where the device says it in percent',
    zh: '设备以百分比上报电量时，各级别起始的电量',
    unit: '%',
    source: 'Blackline Loner: low battery at 10 %; yellow at half of that, for whoever missed the first',
  }),
  chemistry: param(z.enum(CHEMISTRIES).optional(), {
    en: 'what the cells are: sets the volts by which a device is judged that reports them',
    zh: '电池种类：据此确定按电压判断的限值',
    source: 'none: the same volts mean full for one chemistry and empty for another',
  }),
  cells: param(z.int().min(1).max(100).default(1), {
    en: 'cells in series',
    zh: '串联节数',
    source: 'a coin cell or a single lithium cell, as in badges and tags',
  }),
  volts: param(fallingLimits(z.number().min(0).max(1000)).optional(), {
    en: 'volts at or below which a level begins, instead of those of the chemistry',
    zh: '各级别起始的电压，代替按电池种类的限值',
    unit: 'V',
  }),
  holdSeconds: param(seconds('it must have been low for').default(300), {
    en: 'it must have been low for this long',
    zh: '须持续偏低的时间',
    unit: 'seconds',
    source: 'choice: a cell sags while it sends or is cold, and recovers',
  }),
  clearSeconds: param(seconds('a level is left after it has been back for').default(60), {
    en: 'a level is left after it has been back for this long',
    zh: '恢复须持续多久才解除级别',
    unit: 'seconds',
    source: 'choice: a changed battery is seen within a minute',
  }),
  deadbandPercent: param(z.number().min(0).max(50).default(5), {
    en: 'how far the charge must be back above a level',
    zh: '电量须高出级别多少才算恢复',
    unit: '%',
    source: 'choice: more than a cell recovers by resting',
  }),
  deadbandVolts: param(z.number().min(0).max(10).default(0.15), {
    en: 'how far the volts must be back above a level',
    zh: '电压须高出级别多少才算恢复',
    unit: 'V',
    source: 'choice: a lithium coin cell recovers by about 0.1 V when it rests',
  }),
});

type Config = z.output<typeof schema>;

/** How a battery is judged: by its gauge, by its volts, or by nothing but the device's own warning. */
type Yardstick = Measured | 'flag';
type Measured = 'percent' | 'volts';

interface BatteryState extends GradedState {
  readonly by: Yardstick;
  readonly charging: boolean;
}

const START: BatteryState = { ...UNGRADED, by: 'flag', charging: false };

type Plan = Readonly<Record<Yardstick, Grading<BatteryState>>>;

const UNITS = { percent: '%', volts: 'V' } as const;
/** A change worth telling. */
const VALUE_STEPS = { percent: 1, volts: 0.1 } as const;

const say = (scale: Scale, by: Measured, { phase, level }: Grade, exact: number): Condition => {
  const value = forPeople(exact);
  const unit = UNITS[by];
  const params = { value, unit };
  if (level === undefined) {
    return { phase, severity: undefined, reason: { code: 'battery-normal', params }, value, unit };
  }
  const { severity, limit } = level;
  const code = phase === 'pending' ? 'battery-falling' : lowCode(scale, level, exact);
  return { phase, severity, reason: { code, params: { ...params, limit } }, value, unit, limit };
};

/** The device's own warning comes without any figure. */
const sayFlag = ({ phase, level }: Grade): Condition => {
  const code = level === undefined ? 'battery-fine' : 'battery-says-low';
  return { phase, severity: level?.severity, reason: { code, params: {} } };
};

const lowCode = (scale: Scale, level: Scale['levels'][number], value: number): string =>
  isBeyond(scale, level, value) ? 'battery-low' : 'battery-recovering';

/** Volts by which the rule judges; undefined: it judges none. */
const voltsOf = ({ volts, chemistry, cells }: Config): Limits | undefined =>
  volts ?? (chemistry === undefined ? undefined : batteryVoltsOf(chemistry, cells));

const planOf = (config: Config): Plan => {
  const scaleOf = (limits: Limits | undefined, deadband: number): Scale => ({
    direction: 'below',
    levels: levelsOf(limits, config.holdSeconds * 1000),
    clearMs: config.clearSeconds * 1000,
    deadband,
  });
  const grading = (by: Measured, limits: Limits | undefined, deadband: number): Grading<BatteryState> => {
    const scale = scaleOf(limits, deadband);
    return { scale, valueStep: VALUE_STEPS[by], say: (grade, value) => say(scale, by, grade, value) };
  };
  return {
    percent: grading('percent', config.percent, config.deadbandPercent),
    volts: grading('volts', voltsOf(config), config.deadbandVolts),
    // 0: the device warns; 1: it does not.
    flag: { scale: scaleOf({ blue: 0 }, 0), valueStep: 1, say: sayFlag },
  };
};

/** The value that counts, by the best yardstick: volts where the rule knows the cell, for a gauge often guesses. */
const readingOf = (metrics: Metrics, plan: Plan, by: Yardstick): readonly [Yardstick, number] | undefined => {
  const { batteryVolts, batteryPercent, batteryLow } = metrics;
  if (batteryVolts !== undefined && plan.volts.scale.levels.length > 0) return ['volts', batteryVolts];
  if (by === 'volts') return undefined;
  if (batteryPercent !== undefined) return ['percent', batteryPercent];
  if (by === 'percent' || batteryLow === undefined) return undefined;
  return ['flag', batteryLow > 0 ? 0 : 1];
};

const CHARGING: Condition = { phase: 'normal', severity: undefined, reason: { code: 'battery-charging', params: {} } };

const onSample = (plan: Plan, state: BatteryState, { metrics, nowMs }: Sample): Step<BatteryState> => {
  const charging = chargingBy(metrics, state.charging);
  if (charging) {
    if (state.charging) return stay(state);
    return { state: { ...START, by: state.by, phase: 'normal', charging }, condition: CHARGING };
  }
  const reading = readingOf(metrics, plan, state.by);
  if (reading === undefined) return state.charging ? { state: { ...state, charging } } : stay(state);
  const [by, value] = reading;
  const grading = plan[by];
  // Marks of another yardstick say nothing of this one.
  const marks = by === state.by ? state.marks : NO_MARKS;
  const kept = by === state.by && charging === state.charging ? state : { ...state, by, charging };
  return graded(grading, kept, value, judgeLevels(grading.scale, marks, value, nowMs));
};

const step = (plan: Plan, state: BatteryState, input: Input): Step<BatteryState> => {
  if (input.type === 'sample') return onSample(plan, state, input);
  if (input.type !== 'wake' || state.value === null) return stay(state);
  const grading = plan[state.by];
  return graded(grading, state, state.value, passTime(grading.scale, state.marks, input.nowMs));
};

const GUIDANCE: Guidance = {
  consequence: {
    zh: '电量将尽，设备即将失联，其看护的情况将无人知晓。',
    en: 'The battery will soon be empty: the device falls silent, and nobody will know of what it watches.',
  },
  action: { zh: '请更换电池或充电。', en: 'Change the battery or charge it.' },
  owner: { zh: '场馆工程师', en: 'venue engineer' },
};

/**
 * A battery by its charge in percent, by its volts where the cells are known, or by the device's own warning. A charging
 * one is not judged. The value that was last heard holds; a battery that has died is the matter of `silent`.
 */
export const batteryLow = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config): Rule => {
    const plan = planOf(config);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'freeze',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) =>
        channel === '' && device.registered && selects(config.for, device) ? [device.id] : NO_SUBJECTS,
      limitsOf: (device, channel, metric) => {
        if (channel !== '' || !selects(config.for, device)) return [];
        if (metric === 'batteryPercent') return limitsOfScale(plan.percent.scale);
        return metric === 'batteryVolts' ? limitsOfScale(plan.volts.scale) : [];
      },
      start: () => START,
      step: (state: BatteryState, input) => step(plan, state, input),
    };
  },
});
