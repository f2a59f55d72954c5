import { z } from 'zod';
import { METRICS } from '../../ingest/model/metrics.ts';
import type { Sample } from '../../ingest/model/sample.ts';
import { channelSubject, commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects } from '../common.ts';
import { earlier, isBeyond, judgeLevels, passTime, type Scale } from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Guidance, Input, Rule, Step } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { type Grade, type GradedState, type Grading, graded, lapsed, UNGRADED } from '../signal/graded.ts';
import { heatIndexCelsius } from '../signal/heat-index.ts';
import { levelsOf, risingLimits } from '../signal/scale-schema.ts';
import { unheard } from '../silence.ts';

const { unit } = METRICS.temperatureCelsius;

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('heat-index').describe('heat and humidity together are a strain on people'),
  celsius: param(risingLimits(z.number().min(0).max(100)).default({ yellow: 32.2, orange: 39.4, red: 51.7 }), {
    en: 'heat index in the shade at which a level begins; in full sun it feels up to 8 °C hotter',
    zh: '各级别起始的体感温度（阴凉处）；烈日下可再高 8 °C',
    unit: '°C',
    source: 'NWS heat index chart: extreme caution from 90 °F, danger from 103 °F, extreme danger from 125 °F',
  }),
  holdSeconds: param(seconds('it must have been at a level for').default(300), {
    en: 'it must have been at a level for this long',
    zh: '须持续达到级别的时间',
    unit: 'seconds',
    source: 'choice: strain by heat builds up over minutes; a gust of hot air is none',
  }),
  clearSeconds: param(seconds('a level is left after it has been back for').default(600), {
    en: 'a level is left after it has been back for this long',
    zh: '回落须持续多久才解除级别',
    unit: 'seconds',
    source: 'choice: people recover more slowly than the air cools',
  }),
  deadband: param(z.number().min(0).max(20).default(0.5), {
    en: 'how far it must be back below a level',
    zh: '须低于级别多少才算回落',
    unit: '°C',
    source: 'ISA-18.2 practice: 1 % of the range of a temperature',
  }),
  staleSeconds: param(seconds('without a new value of either, nothing is known after').default(900), {
    en: 'temperature or humidity older than this no longer counts, and the heat index is unknown',
    zh: '温度或湿度超过此时间未更新即视为未知',
    unit: 'seconds',
    source: 'choice: three reports of a 300 s reporter',
  }),
});

type Config = z.output<typeof schema>;

/** A measured value and its moment, judged Unix milliseconds. */
interface Measured {
  readonly value: number;
  readonly atMs: number;
}

interface HeatState extends GradedState {
  readonly temperature: Measured | null;
  readonly humidity: Measured | null;
}

const START: HeatState = { ...UNGRADED, temperature: null, humidity: null };

interface Plan extends Grading<HeatState> {
  readonly staleMs: number;
}

const say = (scale: Scale, { phase, level }: Grade, exact: number, state: HeatState, config: Config): Condition => {
  const value = forPeople(exact);
  const params = {
    value,
    celsius: forPeople(state.temperature?.value ?? Number.NaN),
    humidity: forPeople(state.humidity?.value ?? Number.NaN),
  };
  if (level === undefined) return { phase, severity: undefined, reason: { code: 'heat-normal', params }, value, unit };
  const { severity, limit } = level;
  const figures = { ...params, limit, seconds: config.holdSeconds };
  const code = phase === 'pending' ? 'heat-rising' : isBeyond(scale, level, exact) ? 'heat' : 'heat-easing';
  return { phase, severity, reason: { code, params: figures }, value, unit, limit };
};

const planOf = (config: Config): Plan => {
  const scale: Scale = {
    direction: 'above',
    levels: levelsOf(config.celsius, config.holdSeconds * 1000),
    clearMs: config.clearSeconds * 1000,
    deadband: config.deadband,
  };
  return {
    scale,
    valueStep: Math.max(0.5, config.deadband),
    say: (grade, value, state) => say(scale, grade, value, state, config),
    staleMs: config.staleSeconds * 1000,
  };
};

interface Air {
  readonly temperature: Measured;
  readonly humidity: Measured;
}

/** Undefined: one of both is lacking. */
const airOf = ({ temperature, humidity }: HeatState): Air | undefined =>
  temperature === null || humidity === null ? undefined : { temperature, humidity };

/** When the older of both values no longer counts. */
const staleAtMs = ({ staleMs }: Plan, { temperature, humidity }: Air): number =>
  Math.min(temperature.atMs, humidity.atMs) + staleMs;

/** What the rule does comes with the moment at which its values will be too old. */
const untilStale = (plan: Plan, air: Air, { state, condition, wakeAtMs }: Step<HeatState>): Step<HeatState> => ({
  state,
  condition,
  wakeAtMs: earlier(wakeAtMs, staleAtMs(plan, air)),
});

const onSample = (plan: Plan, state: HeatState, { metrics, nowMs }: Sample): Step<HeatState> => {
  const { temperatureCelsius, humidityPercent } = metrics;
  if (temperatureCelsius === undefined && humidityPercent === undefined) return stay(state);
  const temperature = temperatureCelsius === undefined ? state.temperature : { value: temperatureCelsius, atMs: nowMs };
  const humidity = humidityPercent === undefined ? state.humidity : { value: humidityPercent, atMs: nowMs };
  const next: HeatState = { ...state, temperature, humidity };
  const air = airOf(next);
  if (air === undefined || nowMs >= staleAtMs(plan, air)) return { state: next };
  const value = heatIndexCelsius(air.temperature.value, air.humidity.value);
  return untilStale(plan, air, graded(plan, next, value, judgeLevels(plan.scale, state.marks, value, nowMs)));
};

const stale = (state: HeatState, air: Air, nowMs: number): Step<HeatState> => {
  const what = air.temperature.atMs <= air.humidity.atMs ? 'temperature' : 'humidity';
  const seconds = Math.round((nowMs - air[what].atMs) / 1000);
  return lapsed(state, { code: 'heat-stale', params: { what, seconds } });
};

/** Time has passed and the values held. */
const onWake = (plan: Plan, state: HeatState, nowMs: number): Step<HeatState> => {
  const air = airOf(state);
  if (air === undefined) return stay(state);
  if (nowMs >= staleAtMs(plan, air)) return stale(state, air, nowMs);
  if (state.value === null) return stay(state);
  return untilStale(plan, air, graded(plan, state, state.value, passTime(plan.scale, state.marks, nowMs)));
};

const step = (plan: Plan, state: HeatState, input: Input): Step<HeatState> => {
  switch (input.type) {
    case 'sample':
      return onSample(plan, state, input);
    case 'wake':
      return onWake(plan, state, input.nowMs);
    case 'silence':
      return lapsed({ ...state, temperature: null, humidity: null }, unheard(input));
    default:
      return stay(state);
  }
};

const GUIDANCE: Guidance = {
  consequence: {
    zh: '高温高湿，人员可能热衰竭或中暑。',
    en: 'Heat and humidity: people may suffer heat exhaustion or heat stroke.',
  },
  action: {
    zh: '加强通风与供水，安排轮换和阴凉休息，留意身体不适者。',
    en: 'Ventilate, hand out water, rotate staff, open shaded rest areas, watch for people who are unwell.',
  },
  owner: { zh: '安全经理', en: 'event safety manager' },
};

/**
 * Heat index of a device's temperature and humidity. Both must be fresh: with one of them stale or the device silent
 * nothing is known, and nothing clears.
 */
export const heatIndex = defineRuleKind({
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
      subjects: (device, channel) => (selects(config.for, device) ? [channelSubject(device, channel)] : NO_SUBJECTS),
      start: () => START,
      step: (state: HeatState, input) => step(plan, state, input),
    };
  },
});
