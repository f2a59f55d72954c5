import { z } from 'zod';
import {
  type FigurePlan,
  type FiguresState,
  figurePlan,
  isMeasure,
  MEASURES,
  type Measure,
  measured,
  START,
  timePassed,
} from '../box/figures.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, severitySchema } from '../common.ts';
import type { Guidance, Severity } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

const limit = z.number().positive().max(1e9);

const limits = (way: 'rise' | 'fall', worse: (a: number, b: number) => boolean) =>
  z
    .strictObject({ yellow: limit.optional(), orange: limit.optional(), red: limit.optional() })
    .refine(({ yellow, orange, red }) => {
      const numbers = [yellow, orange, red].filter((number) => number !== undefined);
      return numbers.every((number, index) => index === 0 || worse(numbers[index - 1] ?? 0, number));
    }, `the limits must ${way}: yellow, orange, red`);

const above = limits('rise', (a, b) => b > a);
const secondsNumber = z.number().min(0).max(86_400);

const schema = z.strictObject({
  ...commonShape,
  kind: z
    .literal('gateway-health')
    .describe('the box watches itself; on, with its defaults, also where no rule says so'),
  loopLagMilliseconds: param(above.default({ yellow: 1000, orange: 3000 }), {
    en: 'how late the event loop is: so late is an alarm at least',
    zh: '主循环滞后：报警至少晚这么久',
    unit: 'milliseconds',
    source: 'an alarm is to be out within milliseconds; a second is a thousand times as much',
  }),
  diskFreeMegabytes: param(limits('fall', (a, b) => b < a).default({ yellow: 1024, orange: 256, red: 64 }), {
    en: 'free room on the disk of the data directory',
    zh: '数据目录所在磁盘的剩余空间',
    unit: 'megabytes',
    source: 'a day of a venue of 1,000 devices at 1 Hz takes some 250 MB packed',
  }),
  writerStillSeconds: param(above.default({ yellow: 15, orange: 45 }), {
    en: 'how long nothing was written though something waits',
    zh: '有数据待写而未写入的时间',
    unit: 'seconds',
    source: 'a commit takes milliseconds; after 60 s the watchdog restarts the gateway',
  }),
  queueAgeSeconds: param(above.default({ yellow: 900, orange: 14_400 }), {
    en: 'how far a sink (InfluxDB) is behind',
    zh: '数据出口（InfluxDB）滞后的时间',
    unit: 'seconds',
    source: 'a choice: dashboards of the last quarter of an hour are empty; nothing is lost yet',
  }),
  sinkDownSeconds: param(above.default({ yellow: 120 }), {
    en: 'how long a sink has taken nothing',
    zh: '数据出口拒绝或无法连接的时间',
    unit: 'seconds',
    source: 'a choice: longer than a restart of the database',
  }),
  noticeAgeSeconds: param(above.default({ yellow: 60, orange: 180 }), {
    en: 'how long a notice waits for its channel: somebody is not told',
    zh: '通知等待送达的时间：有人尚未得到通知',
    unit: 'seconds',
    source: 'red alarms are to be acknowledged within 30 s',
  }),
  clockOffsetSeconds: param(above.default({ yellow: 5, orange: 60 }), {
    en: 'how far the clock of the box has been set since the start: stamps are off by that until a restart',
    zh: '启动后系统时钟被调整的幅度：重启前时间戳相差这么多',
    unit: 'seconds',
    source: 'a choice: far beyond what NTP slews',
  }),
  holdSeconds: param(secondsNumber.default(10), {
    en: 'a value must have been beyond its limit for',
    zh: '须超限持续',
    unit: 'seconds',
    source: 'a choice: ten looks in a row',
  }),
  clearSeconds: param(secondsNumber.default(60), {
    en: 'a level is left after a value has been back for',
    zh: '恢复多久后解除',
    unit: 'seconds',
    source: 'ISA-18.2 off-delay of slow signals',
  }),
  sourceSeverity: param(severitySchema.default('yellow'), {
    en: 'a source that is lost or silent',
    zh: '数据来源中断或没有数据',
    source: 'its devices have silence alarms of their own',
  }),
  receiverSeverity: param(severitySchema.default('yellow'), {
    en: 'a receiver that is deaf, in a zone where others hear',
    zh: '接收器失聪，同区域还有其他接收器',
    source: 'nobody is unheard yet',
  }),
  deafZoneSeverity: param(severitySchema.default('orange'), {
    en: 'a zone in which no receiver hears',
    zh: '区域内没有能用的接收器',
    source: 'no badge there can be heard',
  }),
  actuatorSeverity: param(severitySchema.default('orange'), {
    en: 'an actuator that does not confirm what the response plan tells it',
    zh: '执行器未确认响应预案的命令',
    source: 'a protective measure may not have been taken',
  }),
  storeSeverity: param(severitySchema.default('orange'), {
    en: 'a store that fails, drops or was damaged',
    zh: '存储失败、丢弃数据或损坏',
    source: 'what is not kept cannot be proven',
  }),
  faultSeverity: param(severitySchema.default('orange'), {
    en: 'a rule that failed and no longer judges a subject',
    zh: '规则出错，对某对象停止判断',
    source: 'somebody relies on it',
  }),
});

type Config = z.output<typeof schema>;

/** At what severity a part of the gateway reports, by the code of its reason. */
const severityOf = (config: Config, code: string): Severity | undefined => {
  if (code === 'zone-deaf') return config.deafZoneSeverity;
  if (code === 'rule-fault') return config.faultSeverity;
  if (code.startsWith('actuator-')) return config.actuatorSeverity;
  if (code.startsWith('receiver-')) return config.receiverSeverity;
  if (code.startsWith('store-')) return config.storeSeverity;
  return code.startsWith('source-') ? config.sourceSeverity : undefined;
};

const GUIDANCE: Guidance = {
  consequence: { zh: '网关的一部分保护已失效。', en: 'Part of the gateway’s protection has stopped.' },
  action: {
    zh: '请通知系统工程师，并派人现场值守。',
    en: 'Tell the system engineer and post somebody on site.',
  },
  owner: { zh: '场馆工程师', en: 'venue engineer' },
};

/** `<measure>`, or `<measure>:<part>` where there are several. */
export const splitSubject = (id: string): readonly [measure: string, part: string] => {
  const [measure = '', ...parts] = id.split(':');
  return [measure, parts.join(':')];
};

/**
 * The gateway itself: figures that it takes of itself each second, against limits, and what its parts report (a source, a
 * receiver, the store, a rule that failed).
 */
export const gatewayHealth = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => {
    const planFor = (measure: Measure): FigurePlan =>
      figurePlan(measure, config[measure], config.holdSeconds, config.clearSeconds);
    const plans = new Map<string, FigurePlan>(
      Object.keys(MEASURES)
        .filter(isMeasure)
        .map((each) => [each, planFor(each)]),
    );
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? true,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: () => true,
      reads: () => false,
      subjects: () => NO_SUBJECTS,
      freeSubject: (input) => {
        if (input.type !== 'figure' || !plans.has(input.measure)) return undefined;
        return input.part === '' ? input.measure : `${input.measure}:${input.part}`;
      },
      reported: (condition) => {
        const severity = condition.severity === undefined ? undefined : severityOf(config, condition.reason.code);
        return severity === undefined ? condition : { ...condition, severity };
      },
      start: () => START,
      step: (state: FiguresState, input, subject) => {
        const [measure, part] = splitSubject(subject.id);
        const plan = plans.get(measure);
        if (plan === undefined) return stay(state);
        if (input.type === 'figure') return measured(plan, state, input);
        return input.type === 'wake' ? timePassed(plan, state, input.nowMs, part) : stay(state);
      },
    };
  },
});
