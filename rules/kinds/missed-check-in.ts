import { z } from 'zod';
import type { Device } from '../../ingest/model/device.ts';
import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects, severitySchema } from '../common.ts';
import {
  begun,
  type CheckInPlan,
  type CheckInState,
  checkedIn,
  isPaused,
  NOTHING_OWED,
  nextMs,
  passed,
  paused,
  severityOf,
} from '../duty/check-in.ts';
import { type LocalTime, localTimeOf } from '../duty/local-time.ts';
import { dailySchedule, rollingSchedule } from '../duty/schedule.ts';
import { NO_WORD, withWord } from '../duty/word.ts';
import type { Condition, Guidance, Input, Rule, RuleState, Silence, Step, Venue } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { unheard } from '../silence.ts';

const SIGNS = ['checkin', 'button', 'cancel', 'transition', 'presence', 'access'] as const;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day, as in "09:00"');

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('missed-check-in').describe('a person who should have reported and has not'),
    at: param(z.array(timeOfDay).min(1).max(96).optional(), {
      en: 'times of the day by which everybody checks in, in the time zone of the venue',
      zh: '每天须在这些时刻前报到（场馆时区）',
      unit: 'hh:mm',
    }),
    everyMinutes: param(z.number().min(1).max(1440).optional(), {
      en: 'instead of times of the day: so long after the last check-in the next one is due',
      zh: '不按时刻，而按间隔：上次报到后多久须再次报到',
      unit: 'minutes',
    }),
    windowMinutes: param(z.number().min(1).max(1440).default(60), {
      en: 'a check-in counts for a time of the day from this long before it',
      zh: '在规定时刻之前多久内的报到有效',
      unit: 'minutes',
      source: 'choice: who reports at the beginning of a shift need not report again within the hour',
    }),
    pendingSeconds: param(seconds('the badge asks for it this long before it counts as missed').default(30), {
      en: 'when it is due the badge buzzes, and this much later it counts as missed',
      zh: '到时胸牌先振动提醒，再过这么久仍未报到才报警',
      unit: 'seconds',
      source: 'Blackline Loner: missed check-in, 30 s pending period',
    }),
    signs: param(z.array(z.enum(SIGNS)).min(1).default(['checkin']), {
      en: 'what counts as a check-in: checkin, any button, cancel, transition (a region or checkpoint entered), presence (heard in another zone), access (a record read)',
      zh: '何者视为报到：checkin 报到、button 任意按键、cancel 取消、transition 进入区域或巡更点、presence 到达另一区域、access 刷卡读取',
      source: 'only what a person does on purpose',
    }),
    severity: param(severitySchema.default('orange'), {
      en: 'severity',
      zh: '级别',
      source: 'rule table of the product',
    }),
    escalateAfter: param(z.int().min(2).max(100).default(2), {
      en: 'so many missed in a row are graver',
      zh: '连续未报到达到此次数后升级',
      source: 'choice: one may be forgotten, two are a reason to search',
    }),
    escalatedSeverity: param(severitySchema.default('red'), { en: 'severity then', zh: '升级后的级别' }),
  })
  .refine(({ at, everyMinutes }) => (at === undefined) !== (everyMinutes === undefined), {
    message: 'give either at (times of the day) or everyMinutes',
    path: ['at'],
  })
  .refine(({ everyMinutes, pendingSeconds }) => everyMinutes === undefined || pendingSeconds < everyMinutes * 60, {
    message: 'pendingSeconds must be shorter than everyMinutes',
    path: ['pendingSeconds'],
  });

type Config = z.output<typeof schema>;

interface Plan extends CheckInPlan {
  readonly config: Config;
  readonly time: LocalTime;
  /** Badges of the person of each badge, by badge. */
  readonly persons: ReadonlyMap<string, readonly string[]>;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const planOf = (config: Config, venue: Venue): Plan => {
  const { at, everyMinutes = 60, windowMinutes, pendingSeconds, severity, escalateAfter, escalatedSeverity } = config;
  const time = localTimeOf(venue.timezone ?? 'UTC');
  const schedule =
    at === undefined
      ? rollingSchedule(everyMinutes * 60_000)
      : dailySchedule(time, at.map(minutesOf), windowMinutes * 60_000);
  const persons = personsOf(venue, config);
  return {
    config,
    time,
    schedule,
    persons,
    pendingMs: pendingSeconds * 1000,
    severity,
    escalateAfter,
    escalatedSeverity,
  };
};

const concerns = (config: Config, device: Device): boolean => device.role !== undefined && selects(config.for, device);

/** Badges with the same wearer are one person's; the first of them stands for all. */
const personsOf = (venue: Venue, config: Config): ReadonlyMap<string, readonly string[]> => {
  const byWearer = new Map<string, string[]>();
  const persons = new Map<string, readonly string[]>();
  for (const device of venue.devices.values()) {
    if (!concerns(config, device)) continue;
    const badges = device.wearer === undefined ? [] : (byWearer.get(device.wearer) ?? []);
    badges.push(device.id);
    persons.set(device.id, badges);
    if (device.wearer !== undefined) byWearer.set(device.wearer, badges);
  }
  return persons;
};

const conditionOf = (state: CheckInState, plan: Plan): Condition => {
  const { phase, dueMs, misses } = state;
  const at = dueMs === null ? '' : plan.time.clock(dueMs);
  if (phase === 'active') {
    const params = { misses, at };
    return { phase, severity: severityOf(state, plan), value: misses, reason: { code: 'check-in-missed', params } };
  }
  if (phase === 'pending') {
    const preAlarmUntilMs = (dueMs ?? 0) + plan.pendingMs;
    const params = { at, seconds: plan.config.pendingSeconds };
    return { phase, severity: plan.severity, preAlarmUntilMs, reason: { code: 'check-in-due', params } };
  }
  const code = dueMs === null ? 'paused' : 'check-in-awaited';
  return { phase, severity: undefined, reason: { code, params: dueMs === null ? {} : { at } } };
};

const told = (before: CheckInState, next: CheckInState, plan: Plan): Step<CheckInState> => {
  if (next === before) return stay(before);
  const isNews = next.phase !== before.phase || (next.phase === 'active' && next.misses !== before.misses);
  return { state: next, condition: isNews ? conditionOf(next, plan) : undefined, wakeAtMs: nextMs(next, plan) };
};

const onSample = (state: CheckInState, { device, metrics, nowMs }: Sample, plan: Plan): Step<CheckInState> => {
  const before = (Object.hasOwn(state.words, device) ? state.words[device] : undefined) ?? NO_WORD;
  const word = withWord(before, metrics);
  if (word === before) return stay(state);
  const next: CheckInState = { ...state, words: { ...state.words, [device]: word } };
  if (isPaused(next)) return told(state, paused(next), plan);
  return told(state, next.dueMs === null ? begun(next, nowMs, plan) : next, plan);
};

/** Whoever answers the reminder is there, by whichever button; a cancel meant for another rule is no answer to it. */
const isSign = ({ kind, retained, attributes }: Occurrence, { phase }: CheckInState, { config }: Plan): boolean => {
  if (retained) return false;
  if (config.signs.some((sign) => sign === kind)) return true;
  return kind === 'cancel' && phase === 'pending' && (attributes.rule === undefined || attributes.rule === config.id);
};

/** A badge reports for the first time, or again. */
const lives = (state: CheckInState, device: string, nowMs: number, plan: Plan): Step<CheckInState> => {
  const heard: CheckInState = { ...state, silent: state.silent.filter((id) => id !== device) };
  if (isPaused(heard)) return told(state, paused(heard), plan);
  if (heard.dueMs === null) return told(state, begun(heard, nowMs, plan), plan);
  return told(state, heard.phase === 'unknown' ? { ...heard, phase: 'normal' } : heard, plan);
};

/** A silent badge excuses nobody: what is due stays due. Only that all is well is not known any more. */
const fell = (state: CheckInState, input: Silence, plan: Plan): Step<CheckInState> => {
  if (state.silent.includes(input.device)) return stay(state);
  const silent = [...state.silent, input.device];
  const isLost = plan.persons.get(input.device)?.every((id) => silent.includes(id)) ?? true;
  if (!isLost || state.phase !== 'normal' || isPaused(state)) return told(state, { ...state, silent }, plan);
  return {
    state: { ...state, silent, phase: 'unknown' },
    condition: { phase: 'unknown', severity: undefined, reason: unheard(input) },
    wakeAtMs: state.dueMs ?? undefined,
  };
};

const step = (state: CheckInState, input: Input, plan: Plan): Step<CheckInState> => {
  switch (input.type) {
    case 'sample':
      return onSample(state, input, plan);
    case 'occurrence':
      if (!isSign(input, state, plan) || isPaused(state)) return stay(state);
      return told(state, checkedIn(state, input.nowMs, plan), plan);
    case 'wake':
      return told(state, passed(state, input.nowMs, plan), plan);
    case 'alive':
      return lives(state, input.device, input.nowMs, plan);
    case 'silence':
      return fell(state, input, plan);
    default:
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: { zh: '该人员未按时报到，情况不明，可能需要救助。', en: 'They have not reported and may need help.' },
  action: {
    zh: '立即呼叫本人，无应答则派人前往最后已知位置。',
    en: 'Call them now; without an answer send somebody to the last known place.',
  },
  owner: { zh: '安保主管', en: 'security lead' },
};

/**
 * A check-in that a person owes, by times of the day or at intervals, with a reminder before it counts as missed. It is
 * owed by the person, not by the badge: one that is silent excuses nobody, and any badge of the same wearer will do.
 */
export const missedCheckIn = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config, venue): Rule => {
    const plan = planOf(config, venue);
    const badgesOf = (device: Device): readonly string[] => plan.persons.get(device.id) ?? NO_SUBJECTS;
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? true,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      hearsPresence: true,
      shared: (device) => badgesOf(device).length > 1,
      reads: () => true,
      subjects: (device, channel) => (channel === '' ? badgesOf(device).slice(0, 1) : NO_SUBJECTS),
      start: (): RuleState => NOTHING_OWED,
      // Who is there, and who is heard, is as before; what is owed is by the new times.
      carried: ({ words, silent }: CheckInState, _subject, nowMs) => {
        const known: CheckInState = { ...NOTHING_OWED, words, silent };
        return isPaused(known) ? stay(known) : told(known, begun(known, nowMs, plan), plan);
      },
      step: (state: CheckInState, input) => step(state, input, plan),
    };
  },
});
