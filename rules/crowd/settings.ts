import { z } from 'zod';
import { commonShape, param } from '../common.ts';

/** Static crowds: 5 persons/m² is the maximum, above it the risk is high (Still, gkstill.com, static crowd density). */
const NEVER_ABOVE = 5;

const LEVEL = {
  yellow: { en: 'yellow from here on', zh: '黄色限值' },
  orange: { en: 'orange from here on', zh: '橙色限值' },
  red: { en: 'red from here on', zh: '红色限值' },
} as const;

const MOVING = 'flow falls from 2-3 persons/m² (Fruin, gkstill.com); 4 is critical (Still)';
const STANDING = '4.7: Green Guide, 47 persons per 10 m² (Taylor inquiry); 4: typical critical density (Still)';

const limitsSchema = (yellow: number, orange: number, red: number, source: string) => {
  const limit = (colour: keyof typeof LEVEL, value: number) =>
    param(z.number().positive().max(NEVER_ABOVE).default(value), { ...LEVEL[colour], unit: 'persons/m²', source });
  return z
    .strictObject({ yellow: limit('yellow', yellow), orange: limit('orange', orange), red: limit('red', red) })
    .refine(
      (limits) => limits.yellow < limits.orange && limits.orange < limits.red,
      'the limits must rise: yellow, orange, red',
    )
    .prefault({});
};

/** Accuracies are what makers and people declare: the bound that holds in 19 of 20 cases, two standard deviations. */
const accuracy = (value: number, notes: { readonly en: string; readonly zh: string; readonly source: string }) =>
  param(z.number().min(0).max(1).default(value), notes);

const duration = (value: number, notes: { readonly en: string; readonly zh: string; readonly source: string }) =>
  param(z.number().min(0).max(604_800).default(value), { ...notes, unit: 'seconds' });

const capacitySchema = z
  .strictObject({
    yellow: param(z.number().positive().max(2).default(0.9), {
      en: 'yellow from this share of the capacity on',
      zh: '达到核定人数的此比例为黄色',
      source: 'choice: time to stop admission before the capacity is reached',
    }),
    orange: param(z.number().positive().max(2).default(1), {
      en: 'orange from this share of the capacity on',
      zh: '达到核定人数的此比例为橙色',
      source: 'the capacity is what was approved for the zone',
    }),
  })
  .refine((share) => share.yellow < share.orange, 'the shares must rise: yellow, orange')
  .prefault({});

const camerasSchema = z
  .strictObject({
    errorFraction: accuracy(0.15, {
      en: 'how far their count may be off, as a share of the persons',
      zh: '摄像头计数误差，占人数的比例',
      source: 'choice: occlusion hides people in dense crowds; take what the maker declares for yours',
    }),
    seesFraction: param(z.number().positive().max(1).default(1), {
      en: 'share of the people whom they see, where they are known to miss some',
      zh: '摄像头能看到的人数比例',
      source: 'no correction unless somebody has measured one',
    }),
  })
  .prefault({});

const badgesSchema = z.strictObject({
  share: param(z.number().positive().max(1), {
    en: 'share of the people who wear a badge that receivers hear',
    zh: '佩戴胸牌（可被接收器收到）的人所占比例',
    source: 'has no default: it is counted at the gates, or known from what was handed out',
  }),
  errorFraction: accuracy(0.3, {
    en: 'how far that share may be off',
    zh: '该比例的误差',
    source: 'choice: wearers do not spread like everybody else',
  }),
  roles: param(z.array(z.string()).min(1).optional(), {
    en: 'roles of wearers who count; every badge where absent',
    zh: '计入的佩戴者角色；省略则全部计入',
  }),
});

const forecastSchema = z
  .strictObject({
    severity: param(z.enum(['blue', 'yellow', 'none']).default('blue'), {
      en: 'what a limit that will soon be reached raises',
      zh: '预计即将达到限值时的报警级别',
      source: 'blue: nothing is wrong yet; only who plans admission has to know',
    }),
    horizonMinutes: param(z.number().positive().max(120).default(10), {
      en: 'a limit is ahead when it will be reached within',
      zh: '预计在此时间内达到限值即预警',
      unit: 'minutes',
      source: 'choice: stopping admission and opening an exit takes some minutes',
    }),
    windowMinutes: param(z.number().min(1).max(60).default(5), {
      en: 'how far back the trend looks',
      zh: '趋势的观察时间',
      unit: 'minutes',
      source: 'choice: 30 points of 10 s; one arriving train does not make a trend',
    }),
  })
  .prefault({});

const exitFlowSchema = z
  .strictObject({
    level: param(z.number().positive().max(200).default(82), {
      en: 'what an exit lets through on the level',
      zh: '平地出口的通行能力',
      unit: 'persons/m/min',
      source: 'Green Guide; upper end of level of service E (Fruin 1971)',
    }),
    steps: param(z.number().positive().max(200).default(66), {
      en: 'what an exit lets through on steps',
      zh: '台阶出口的通行能力',
      unit: 'persons/m/min',
      source: 'Green Guide',
    }),
    yellow: param(z.number().positive().max(2).default(0.8), {
      en: 'yellow from this share on',
      zh: '达到通行能力的此比例为黄色',
      source: 'level of service E begins at 66 of 82 persons/m/min (Fruin 1971)',
    }),
    orange: param(z.number().positive().max(2).default(1), {
      en: 'orange from this share on: more than that queue behind it',
      zh: '达到通行能力的此比例为橙色：出口后方将拥堵',
      source: 'the exit is full',
    }),
  })
  .refine((share) => share.yellow < share.orange, 'the shares must rise: yellow, orange')
  .prefault({});

/** Settings of `crowd-density`. */
export const crowdSchema = z.strictObject({
  ...commonShape,
  kind: z.literal('crowd-density').describe('persons per square metre of a zone'),
  zones: param(z.array(z.string()).min(1).optional(), {
    en: 'ids of zones; every zone that has areaM2 where absent',
    zh: '区域 id；省略则为所有填写了 areaM2 的区域',
  }),
  limits: z
    .strictObject({
      moving: limitsSchema(2, 3, 4, MOVING),
      standing: limitsSchema(3, 4, 4.7, STANDING),
    })
    .prefault({})
    .describe('persons/m² by use of the zone; never above 5'),
  capacityFractions: capacitySchema.describe('of the capacity of a zone that has one'),
  holdSeconds: duration(10, {
    en: 'a level counts after',
    zh: '持续多久才报警',
    source: 'choice: one report of a counter',
  }),
  clearSeconds: duration(30, {
    en: 'a level is left after',
    zh: '恢复多久才解除',
    source: 'choice: three reports of a counter',
  }),
  deadband: param(z.number().min(0).max(2).default(0.2), {
    en: 'a level is left this far below its limit',
    zh: '低于限值多少才算恢复',
    unit: 'persons/m²',
    source: 'choice: 5 % of a limit of 4',
  }),
  initialPersons: param(z.record(z.string(), z.number().int().min(0)).default({}), {
    en: 'persons in a zone when counting starts, by zone id',
    zh: '开始计数时各区域已有人数',
    source: 'nobody',
  }),
  counters: param(z.enum(['since-zero', 'lifetime']).default('since-zero'), {
    en: 'since-zero: totals were reset for the event; lifetime: a first total is only the starting point',
    zh: 'since-zero：活动开始前计数器已清零；lifetime：首个累计值只作为起点',
    source: 'the safe one: nobody who came before the gateway is missed',
  }),
  errorFraction: accuracy(0.02, {
    en: 'counting error of a gate, as a share of the persons who pass',
    zh: '门禁计数误差，占通过人数的比例',
    source: 'makers of stereo and time-of-flight counters declare 98 % and more',
  }),
  gateErrors: param(z.record(z.string(), z.number().min(0).max(1)).default({}), {
    en: 'the same of single gates, by device id',
    zh: '个别门禁的计数误差，按设备 id',
    source: 'as errorFraction',
  }),
  driftPersonsPerHour: param(z.number().min(0).max(10_000).default(2), {
    en: 'persons who come or go by no gate within an hour; grows with the square root of time',
    zh: '每小时不经门禁进出的人数；按时间平方根增长',
    unit: 'persons',
    source: 'choice: a door that is meant to be closed',
  }),
  manualErrorFraction: accuracy(0.05, {
    en: 'how far a count by a person may be off, where they do not say',
    zh: '人工清点的误差（未说明时）',
    source: 'choice: two people with hand counters',
  }),
  cameras: camerasSchema,
  badges: badgesSchema.optional(),
  bandSeverity: param(z.enum(['blue', 'yellow', 'none']).default('yellow'), {
    en: 'what it raises when the upper edge of the band is at the orange limit while the estimate is below every limit',
    zh: '估计值未超限、但误差上限达到橙色限值时的报警级别',
    source: 'fail-safe: what may well be orange is at least yellow, until somebody counts',
  }),
  forecast: forecastSchema,
  exitFlow: exitFlowSchema.describe('persons who leave by a gate that has widthMetres, per minute and metre'),
  zeroAt: param(
    z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day, as in 04:30')
      .optional(),
    {
      en: 'when the venue is known to be empty every day, in its own time zone; counts then start from nobody',
      zh: '每天此时（场馆时区）场内确定无人，计数归零',
    },
  ),
});

export type CrowdConfig = ReturnType<typeof crowdSchema.parse>;
