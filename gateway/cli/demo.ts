import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALERTS, type AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { App } from '../app.ts';
import type { Registry } from '../config/registry.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import type { Write } from './check.ts';
import type { Paint } from './paint.ts';
import type { ScenarioFile } from './scenario/file.ts';
import { play } from './scenario/play.ts';

export interface DemoOptions {
  readonly scenario: ScenarioFile;
  readonly config: VenueConfig;
  readonly speed: number;
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly locale: Locale;
  readonly paint: Paint;
  readonly signal: AbortSignal;
}

const SEVERITY_NAMES = {
  'zh-CN': { blue: '蓝色', yellow: '黄色', orange: '橙色', red: '红色' },
  en: { blue: 'blue', yellow: 'yellow', orange: 'orange', red: 'red' },
} as const;

const EVENT_NAMES = {
  'zh-CN': {
    raised: '报警',
    escalated: '升级',
    repeated: '再次报警',
    changed: '变化',
    unknown: '情况不明',
    acknowledged: '已接警',
    cleared: '恢复正常',
    closed: '关闭',
    shelved: '搁置',
    unshelved: '搁置结束',
    suppressed: '抑制',
    unsuppressed: '抑制结束',
    'out-of-service': '停用',
    returned: '恢复使用',
    reminded: '仍未结束',
    commented: '备注',
    assigned: '指派',
  },
  en: {
    raised: 'ALARM',
    escalated: 'ESCALATED',
    repeated: 'AGAIN',
    changed: 'changed',
    unknown: 'unknown',
    acknowledged: 'acknowledged',
    cleared: 'back to normal',
    closed: 'closed',
    shelved: 'shelved',
    unshelved: 'no longer shelved',
    suppressed: 'suppressed',
    unsuppressed: 'no longer suppressed',
    'out-of-service': 'out of service',
    returned: 'back in service',
    reminded: 'STILL GOING ON',
    commented: 'comment',
    assigned: 'assigned',
  },
} as const;

const CALLS: ReadonlySet<string> = ALERTS;

const clockTime = (ms: number, config: VenueConfig): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: config.venue.timezone, timeStyle: 'medium' }).format(ms);

/** A zone or device by its name and id, with the channel where there is one. */
const subjectName = (subject: string, registry: Registry, lang: 'zh' | 'en'): string => {
  const [id = subject, channel] = subject.split('/', 2);
  const name = registry.venue.zones.has(id) ? registry.zoneName(id)[lang] : registry.deviceName(id)[lang];
  const place = channel === undefined ? id : `${id}/${channel}`;
  return name === id ? place : `${name} (${place})`;
};

/** One alarm event as lines for people: when, how grave, which rule, where, why, and what to do. */
export const alarmLines = (event: AlarmEvent, registry: Registry, options: DemoOptions): string => {
  const { config, locale, paint } = options;
  const { alarm, type, atMs } = event;
  const lang = locale === 'zh-CN' ? 'zh' : 'en';
  const calls = CALLS.has(type) && alarm.human === 'unacknowledged';
  const style = calls ? alarm.severity : type === 'cleared' ? 'green' : 'dim';
  const head = `${clockTime(atMs, config)}  ${EVENT_NAMES[locale][type]} ${SEVERITY_NAMES[locale][alarm.severity]}`;
  const what = `${alarm.kind}  ${subjectName(alarm.subject, registry, lang)}`;
  const first = `${paint(style, head)}  ${paint('bold', what)}  ${alarm.reason[lang]}`;
  return calls ? `${first}\n          ${paint('dim', `→ ${alarm.guidance[lang]}`)}\n` : `${first}\n`;
};

const welcome = (app: App, options: DemoOptions): string => {
  const { scenario, speed, locale, paint } = options;
  const mqtt = app.mqtt[0]?.port;
  const { port } = app.http;
  const minutes = Math.round(scenario.durationSeconds / 60);
  const lines =
    locale === 'zh-CN'
      ? [
          `${scenario.title.zh}：${minutes} 分钟的模拟夜晚，以 ${speed} 倍速度进行。按 Ctrl-C 结束。`,
          `MQTT  mqtt://127.0.0.1:${mqtt}  （仅限本机，免登录）`,
          `控制台  http://127.0.0.1:${port}/  （在浏览器中观看整个夜晚）`,
          `状态  http://127.0.0.1:${port}/healthz  接口  http://127.0.0.1:${port}/api/v1/openapi.json`,
        ]
      : [
          `${scenario.title.en}: a simulated evening of ${minutes} minutes at ${speed} times its speed. Ctrl-C ends it.`,
          `MQTT    mqtt://127.0.0.1:${mqtt}  (this machine only, no log-in)`,
          `Console http://127.0.0.1:${port}/  (watch the evening there)`,
          `Health  http://127.0.0.1:${port}/healthz  API  http://127.0.0.1:${port}/api/v1/openapi.json`,
        ];
  const [first = '', ...rest] = lines;
  return `${paint('bold', first)}\n${rest.join('\n')}\n\n`;
};

const farewell = (counts: ReadonlyMap<string, number>, { locale, paint }: DemoOptions): string => {
  const list = [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ');
  const text = locale === 'zh-CN' ? `夜晚结束。报警次数：${list}` : `The evening is over. Alarms: ${list}`;
  return `\n${paint('bold', text)}\n`;
};

/** `muster demo`: a gateway, its broker and a simulated evening, each alarm printed as it happens. */
export const runDemo = async (options: DemoOptions, out: Write, err: Write): Promise<number> => {
  const { scenario, config, speed, mqttPort, httpPort, signal } = options;
  const counts = new Map<string, number>();
  let registry: Registry | undefined;
  const storeDirectory = await mkdtemp(join(tmpdir(), 'muster-demo-'));
  const played = await play({
    storeDirectory,
    scenario,
    config,
    speed,
    mqttPort,
    httpPort,
    signal,
    onStart: (app) => {
      registry = app.registry;
      out(welcome(app, options));
    },
    onEvent: (event) => {
      if (registry === undefined || event.type === 'changed') return;
      if (CALLS.has(event.type)) counts.set(event.alarm.kind, (counts.get(event.alarm.kind) ?? 0) + 1);
      out(alarmLines(event, registry, options));
    },
    onProblem: (line) => err(`${line}\n`),
  }).finally(() => rm(storeDirectory, { recursive: true, force: true }));
  if (played.failure !== undefined) {
    err(`${played.failure.message}\n`);
    return played.failure.exitCode;
  }
  if (!played.stopped) out(farewell(counts, options));
  return 0;
};
