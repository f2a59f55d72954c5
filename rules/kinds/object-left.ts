import { z } from 'zod';
import type { Occurrence } from '../../ingest/model/sample.ts';
import { detectionOf, NO_OBJECTS, type TrackedObject, type Tracking, tracked, withoutGone } from '../camera/objects.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects, severitySchema } from '../common.ts';
import { earlier } from '../levels.ts';
import type { Condition, Guidance, Input, Reason, Rule, RuleState, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { unheard } from '../silence.ts';

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('object-left').describe('an object that a camera sees standing for too long'),
  labels: param(z.array(z.string().min(1).max(64)).min(1).default(['backpack', 'handbag', 'suitcase', 'package']), {
    en: 'which objects, as the camera names them; the camera has to track them (Frigate: objects.track)',
    zh: '哪些物品（摄像机软件中的标签名）；须在摄像机软件中启用跟踪（Frigate：objects.track）',
    source: 'luggage among the labels of COCO, and package of Frigate+',
  }),
  cameraZones: param(z.array(z.string().min(1).max(64)).min(1).optional(), {
    en: 'only in these zones of the camera, as its own program names them',
    zh: '仅限摄像机软件中的这些区域',
  }),
  minutes: param(z.number().positive().max(1440).default(5), {
    en: 'how long it must have been standing',
    zh: '须静止的时间',
    unit: 'minutes',
    source: 'i-LIDS abandoned baggage: 60 s; a venue’s guests put their bags down for longer',
  }),
  clearSeconds: param(seconds('it is gone once it has not been seen for').default(30), {
    en: 'it is gone once the camera has lost it for this long; one of its kind that appears meanwhile is taken for it',
    zh: '摄像机失去目标这么久才算已移走；其间出现的同类物品视为同一件',
    unit: 'seconds',
    source: 'choice: people who walk by hide it for as long',
  }),
  lostSeconds: param(z.number().min(10).max(86_400).default(180), {
    en: 'an object that the camera has not mentioned for this long, without having said that it is gone, is uncertain',
    zh: '摄像机这么久未再提及、也未报告消失的物品，状态视为不明',
    unit: 'seconds',
    source: 'Frigate tells of every tracked object at least once a minute; three of them',
  }),
  severity: param(severitySchema.default('yellow'), {
    en: 'severity',
    zh: '级别',
    source: 'rule table of the product',
  }),
});

type Config = z.output<typeof schema>;

interface ObjectState extends RuleState {
  readonly tracking: Tracking;
  /** Ids of the objects that the alarm stands for. */
  readonly left: readonly string[];
}

const START: ObjectState = { phase: 'unknown', tracking: NO_OBJECTS, left: [] };

interface Plan {
  readonly config: Config;
  readonly holdMs: number;
  readonly clearMs: number;
  readonly lostMs: number;
}

/** True while the camera knows where it is. */
const isSeen = ({ seenMs }: TrackedObject, nowMs: number, { lostMs }: Plan): boolean => nowMs < seenMs + lostMs;

const isLeft = (object: TrackedObject, nowMs: number, plan: Plan): boolean =>
  object.goneMs === null &&
  object.stillMs !== null &&
  nowMs >= object.stillMs + plan.holdMs &&
  isSeen(object, nowMs, plan);

/** Objects of the alarm: those that stand for too long, and those of it that have not moved as far as is known. */
const leftIn = ({ tracking, left }: ObjectState, nowMs: number, plan: Plan): readonly TrackedObject[] =>
  tracking.objects.filter(
    (object) => isLeft(object, nowMs, plan) || (left.includes(object.id) && object.stillMs !== null),
  );

const wakeOf = ({ objects }: Tracking, nowMs: number, plan: Plan): number | undefined => {
  let wakeAtMs: number | undefined;
  for (const { stillMs, seenMs, goneMs } of objects) {
    if (goneMs !== null) wakeAtMs = earlier(wakeAtMs, goneMs + plan.clearMs);
    else if (nowMs < seenMs + plan.lostMs) {
      wakeAtMs = earlier(wakeAtMs, seenMs + plan.lostMs);
      // What has stood for longer is in the alarm.
      if (stillMs !== null && stillMs + plan.holdMs > nowMs) wakeAtMs = earlier(wakeAtMs, stillMs + plan.holdMs);
    }
  }
  return wakeAtMs;
};

const paramsOf = (objects: readonly TrackedObject[], tracking: Tracking, nowMs: number): Reason['params'] => {
  const sinceMs = Math.min(...objects.map(({ stillMs }) => stillMs ?? nowMs));
  const minutes = Math.round((nowMs - sinceMs) / 6000) / 10;
  const labels = [...new Set(objects.map(({ label }) => label))].join(', ');
  return { labels, count: objects.length, minutes, ...(tracking.dropped > 0 ? { dropped: tracking.dropped } : {}) };
};

const active = (objects: readonly TrackedObject[], state: ObjectState, nowMs: number, plan: Plan): Condition => {
  const params = paramsOf(objects, state.tracking, nowMs);
  const { severity, minutes } = plan.config;
  const value = Number(params.minutes);
  return { phase: 'active', severity, value, unit: 'min', limit: minutes, reason: { code: 'object-left', params } };
};

/** Says what the list now amounts to. */
const assess = (before: ObjectState, tracking: Tracking, nowMs: number, plan: Plan): Step<ObjectState> => {
  const kept = withoutLost(withoutGone(tracking, nowMs, plan.clearMs), before.left, nowMs, plan);
  const state: ObjectState = { ...before, tracking: kept };
  const objects = leftIn(state, nowMs, plan);
  const left = objects.map(({ id }) => id);
  const wakeAtMs = wakeOf(kept, nowMs, plan);
  if (objects.length === 0) {
    const condition: Condition = { phase: 'normal', severity: undefined, reason: { code: 'nothing-left', params: {} } };
    return {
      state: { ...state, phase: 'normal', left },
      condition: before.phase === 'normal' ? undefined : condition,
      wakeAtMs,
    };
  }
  const known = objects.some((object) => object.goneMs !== null || isSeen(object, nowMs, plan));
  const phase = known ? 'active' : 'unknown';
  const isNews = phase !== before.phase || left.join() !== before.left.join();
  const next: ObjectState = { ...state, phase, left };
  if (!isNews) return { state: next, wakeAtMs };
  const params = paramsOf(objects, kept, nowMs);
  const unknown: Condition = { phase, severity: plan.config.severity, reason: { code: 'object-uncertain', params } };
  return { state: next, condition: known ? active(objects, next, nowMs, plan) : unknown, wakeAtMs };
};

/** An object that no alarm stands for and that the camera no longer mentions is none. */
const withoutLost = (tracking: Tracking, left: readonly string[], nowMs: number, plan: Plan): Tracking => {
  const isLost = (object: TrackedObject): boolean =>
    object.goneMs === null && !isSeen(object, nowMs, plan) && !left.includes(object.id);
  return tracking.objects.some(isLost)
    ? { ...tracking, objects: tracking.objects.filter((object) => !isLost(object)) }
    : tracking;
};

const onDetection = (state: ObjectState, occurrence: Occurrence, plan: Plan): Step<ObjectState> => {
  const detection = occurrence.retained ? undefined : detectionOf(occurrence);
  const { labels, cameraZones } = plan.config;
  if (detection === undefined || !labels.includes(detection.label)) return stay(state);
  const isMeant = cameraZones === undefined || detection.zones.some((zone) => cameraZones.includes(zone));
  // What leaves the zones that are meant is gone from there.
  const meant = isMeant ? detection : { ...detection, change: 'gone' as const };
  const tracking = tracked(state.tracking, meant, occurrence.nowMs);
  return tracking === state.tracking ? stay(state) : assess(state, tracking, occurrence.nowMs, plan);
};

/** Somebody has looked: what the camera has lost sight of is settled with that. */
const onAcknowledged = (state: ObjectState, nowMs: number, plan: Plan): Step<ObjectState> => {
  if (state.phase !== 'unknown' || state.left.length === 0) return stay(state);
  const objects = state.tracking.objects.filter((object) => isSeen(object, nowMs, plan));
  return assess({ ...state, left: [] }, { ...state.tracking, objects }, nowMs, plan);
};

const step = (state: ObjectState, input: Input, plan: Plan): Step<ObjectState> => {
  switch (input.type) {
    case 'occurrence':
      return input.kind === 'detection' ? onDetection(state, input, plan) : stay(state);
    case 'wake':
      return assess(state, state.tracking, input.nowMs, plan);
    case 'acknowledged':
      return onAcknowledged(state, input.nowMs, plan);
    case 'alive':
      // A camera that mentions nothing for as long as it would have mentioned anything sees nothing.
      return state.phase === 'unknown' && state.left.length === 0
        ? { state, wakeAtMs: input.nowMs + plan.lostMs }
        : stay(state);
    case 'silence': {
      // Whatever is still there when the camera sees again, it will say so.
      const objects = state.tracking.objects.filter(({ id }) => state.left.includes(id));
      const blind = objects.map((object) => ({ ...object, seenMs: 0 }));
      const next: ObjectState = { ...state, phase: 'unknown', tracking: { ...state.tracking, objects: blind } };
      if (state.phase === 'unknown') return { state: next };
      const severity = state.left.length > 0 ? plan.config.severity : undefined;
      return { state: next, condition: { phase: 'unknown', severity, reason: unheard(input) } };
    }
    default:
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: {
    zh: '无人看管的物品，可能是遗失物，也可能是危险物品，并可能堵塞通道。',
    en: 'An unattended object: lost property, perhaps a danger, and perhaps in the way.',
  },
  action: {
    zh: '派人查看，勿触碰可疑物品；可疑时疏散周围并报警。',
    en: 'Send somebody to look. Touch nothing suspicious: clear the area and call the police.',
  },
  owner: { zh: '就近安保', en: 'nearest guard' },
};

/**
 * An object that a camera's tracker sees standing for minutes. A camera that is silent, or that no longer mentions an
 * object, clears nothing: the alarm stays as unknown until the camera says that it is gone, or somebody has looked.
 */
export const objectLeft = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config): Rule => {
    const plan: Plan = {
      config,
      holdMs: config.minutes * 60_000,
      clearMs: config.clearSeconds * 1000,
      lostMs: config.lostSeconds * 1000,
    };
    const concerns = (profile: string | undefined): boolean => config.for !== undefined || profile === 'camera';
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: () => false,
      reads: () => false,
      subjects: (device, channel) =>
        channel === '' && device.registered && concerns(device.profile) && selects(config.for, device)
          ? [device.id]
          : NO_SUBJECTS,
      start: (): RuleState => START,
      step: (state: ObjectState, input) => step(state, input, plan),
    };
  },
});
