import { z } from 'zod';
import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects, severitySchema } from '../common.ts';
import { offDutyBy } from '../duty/word.ts';
import { type Area, areaOf } from '../geo/area.ts';
import {
  afterDelay,
  type Delays,
  delayEndsMs,
  type FenceState,
  isSameFence,
  NOWHERE,
  onDutyWord,
  onSide,
  type Side,
} from '../geo/fence.ts';
import type { Condition, Guidance, Input, Rule, RuleState, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

const latLonSchema = z
  .tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)])
  .describe('latitude, longitude, degrees, WGS 84');

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('geofence').describe('a wearer who has left an area, or entered one'),
    zones: param(z.array(z.string()).max(1000).default([]), {
      en: 'zones that make up the area, with all that are part of them: by their polygon where the plan has its place on the earth (venue.reference), and by the receivers that hear the badge there',
      zh: '构成区域的各个 zone（含其下级）：平面图有地理参考（venue.reference）时按轮廓判断，也按收到胸牌的接收器判断',
    }),
    polygon: param(z.array(latLonSchema).min(3).max(1000).optional(), {
      en: 'outline of the area by latitude and longitude, WGS 84 as GPS has it',
      zh: '区域轮廓的经纬度，须为 GPS 的 WGS-84 坐标，不是高德、腾讯地图的 GCJ-02（相差数百米）',
      unit: '°',
    }),
    alarm: param(z.enum(['outside', 'inside']).default('outside'), {
      en: 'outside: they must not leave the area; inside: they must not enter it',
      zh: 'outside：不得离开区域；inside：不得进入区域',
      source: 'staff belong to their area; a forbidden one has to be named as such',
    }),
    holdSeconds: param(seconds('they must have been on the wrong side for').default(30), {
      en: 'they must have been on the wrong side for this long',
      zh: '须在错误一侧持续的时间',
      unit: 'seconds',
      source: 'choice: a step over the line, or a single bad fix, is no alarm',
    }),
    clearSeconds: param(seconds('it clears after they have been back for').default(30), {
      en: 'it clears after they have been back for this long',
      zh: '返回须持续多久才解除',
      unit: 'seconds',
      source: 'choice: as long as it takes to raise',
    }),
    marginMeters: param(z.number().min(0).max(1000).default(10), {
      en: 'hysteresis: who was on the wrong side must be this far beyond the outline to be back',
      zh: '迟滞：从错误一侧返回，须越过轮廓这么远才算',
      unit: 'm',
      source: 'choice: twice the wander of a good fix',
    }),
    assumedAccuracyMeters: param(z.number().positive().max(1000).default(10), {
      en: 'accuracy of a position that comes without one',
      zh: '未附精度的定位所假定的精度',
      unit: 'm',
      source: 'gps.gov: phones are within 4.9 m under open sky, worse near buildings; twice that',
    }),
    severity: param(severitySchema.default('yellow'), {
      en: 'severity',
      zh: '级别',
      source: 'rule table of the product',
    }),
  })
  .refine(({ zones, polygon }) => zones.length > 0 || polygon !== undefined, {
    message: 'give the area: zones, polygon or both',
    path: ['zones'],
  });

type Config = z.output<typeof schema>;

interface Plan extends Delays {
  readonly area: Area;
  readonly config: Config;
  /** Of the area, for the sentence. */
  readonly name: string;
}

/** A change of distance worth telling, metres. */
const TOLD_STEP_METERS = 25;

const conditionOf = (plan: Plan, { phase, side, offDuty }: FenceState, meters: number | null): Condition => {
  const { severity, alarm } = plan.config;
  const params = { area: plan.name, ...(meters === null ? {} : { meters }) };
  if (offDuty) return { phase, severity: undefined, reason: { code: 'paused', params: {} } };
  if (phase === 'normal') return { phase, severity: undefined, reason: { code: 'fence-kept', params } };
  if (phase === 'unknown') return { phase, severity: undefined, reason: { code: 'position-unclear', params } };
  const code = side === 'right' ? 'fence-returning' : `fence-${alarm}`;
  const figures = meters === null ? {} : { value: meters, unit: 'm' };
  return { phase, severity, ...figures, reason: { code, params } };
};

/** Says what has changed, and when time alone will change it. `meters`: beyond the outline, or null. */
const told = (plan: Plan, before: FenceState, next: FenceState, meters: number | null): Step<FenceState> => {
  const moved = next.phase === 'active' && Math.abs((meters ?? 0) - (before.told ?? 0)) >= TOLD_STEP_METERS;
  const changes = next.phase !== before.phase || (next.phase === 'active' && next.side !== before.side) || moved;
  const wakeAtMs = delayEndsMs(next, plan);
  if (!changes) return isSameFence(before, next) ? stay(before) : { state: { ...next, told: before.told }, wakeAtMs };
  return { state: { ...next, told: meters }, condition: conditionOf(plan, next, meters), wakeAtMs };
};

/** Where a position puts the badge, and how far beyond the outline that is; undefined: it adds nothing. */
const placed = (plan: Plan, state: FenceState, { metrics }: Sample): readonly [Side, number | null] | undefined => {
  const { latitudeDegrees, longitudeDegrees, accuracyMeters } = metrics;
  if (latitudeDegrees === undefined || longitudeDegrees === undefined) return undefined;
  const depth = plan.area.depth([latitudeDegrees, longitudeDegrees]);
  if (depth === undefined) return undefined;
  const { alarm, marginMeters, assumedAccuracyMeters } = plan.config;
  const accuracy = accuracyMeters ?? assumedAccuracyMeters;
  const beyond = alarm === 'outside' ? -depth : depth;
  if (beyond > accuracy) return ['wrong', Math.round(beyond)];
  // A receiver that hears the badge knows better than a position that may be on either side.
  if (beyond >= -accuracy) return state.by === 'zone' ? undefined : ['unclear', null];
  return state.certain !== 'wrong' || -beyond > accuracy + marginMeters ? ['right', null] : ['wrong', 0];
};

const onSample = (plan: Plan, state: FenceState, sample: Sample): Step<FenceState> => {
  const { nowMs, metrics } = sample;
  const offDuty = offDutyBy(metrics, state.offDuty);
  const place = placed(plan, state, sample);
  if (place === undefined && offDuty === state.offDuty) return stay(state);
  const onWord = offDuty === state.offDuty ? state : onDutyWord(state, offDuty, nowMs, plan);
  if (place === undefined) return told(plan, state, onWord, null);
  const [side, meters] = place;
  return told(plan, state, onSide({ ...onWord, by: 'position' }, side, nowMs, plan), meters);
};

/** A receiver hears the badge in another zone: the alternative where there is no sky. */
const onZone = (plan: Plan, state: FenceState, { attributes: { zone }, nowMs }: Occurrence): Step<FenceState> => {
  if (typeof zone !== 'string') return stay(state);
  const holds = plan.area.holds(zone);
  if (holds === undefined) return stay(state);
  const side = holds === (plan.config.alarm === 'outside') ? 'right' : 'wrong';
  return told(plan, state, onSide({ ...state, by: 'zone' }, side, nowMs, plan), null);
};

const step = (plan: Plan, state: FenceState, input: Input): Step<FenceState> => {
  switch (input.type) {
    case 'sample':
      return onSample(plan, state, input);
    case 'occurrence':
      return input.kind === 'presence' ? onZone(plan, state, input) : stay(state);
    case 'wake':
      // How far off they were says nothing once a receiver has heard them elsewhere.
      return told(plan, state, afterDelay(state, input.nowMs, plan), state.by === 'position' ? state.told : null);
    default:
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: {
    zh: '人员离开岗位区域或进入禁区，可能有危险，岗位可能无人值守。',
    en: 'Somebody has left their area or entered a forbidden one: they may be in danger, and their post unattended.',
  },
  action: { zh: '呼叫本人核实，必要时派人前往。', en: 'Call them, and send somebody if they do not answer.' },
  owner: { zh: '安保主管', en: 'security lead' },
};

/**
 * A wearer and an area, by GPS against its outline and by the receivers that hear the badge. A position counts only where
 * its whole circle of accuracy lies on one side; otherwise nothing is known. Off duty nobody has to be anywhere.
 */
export const geofence = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config, venue): Rule => {
    const { zones, polygon, holdSeconds, clearSeconds } = config;
    const plan: Plan = {
      config,
      area: areaOf({ zones, polygon }, venue),
      name: zones.length > 0 ? zones.join(', ') : config.id,
      holdMs: holdSeconds * 1000,
      clearMs: clearSeconds * 1000,
    };
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'freeze',
      hearsPresence: true,
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) =>
        channel === '' && device.role !== undefined && selects(config.for, device) ? [device.id] : NO_SUBJECTS,
      start: (): RuleState => NOWHERE,
      step: (state: FenceState, input) => step(plan, state, input),
    };
  },
});
