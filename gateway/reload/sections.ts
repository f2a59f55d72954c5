import type { Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';

type Section = keyof VenueConfig;

/** What a running gateway takes over. All else counts from the next start on. */
export const RELOADED = [
  'zones',
  'profiles',
  'devices',
  'roles',
  'badges',
  'clients',
  'rules',
  'people',
  'roster',
  'plan',
] as const satisfies readonly Section[];

/** Why a section has to wait; sections that are not listed are said by their name alone. */
const WHY_LATER: Readonly<Partial<Record<string, Text>>> = {
  sources: { zh: '端口、串口和蓝牙在启动时打开', en: 'ports, lines and radios are opened at the start' },
  http: { zh: '端口在启动时打开', en: 'its port is opened at the start' },
  data: { zh: '数据目录在启动时打开', en: 'the data directory is opened at the start' },
  venue: { zh: '主题名和时区在启动时确定', en: 'topics and time zone are fixed at the start' },
  receivers: { zh: '接收器所在区域在启动时读取', en: 'where receivers stand is read at the start' },
  presence: { zh: '定位设置在启动时读取', en: 'how badges are placed is read at the start' },
  notifiers: { zh: '通知渠道在启动时打开', en: 'notifiers are opened at the start' },
  sinks: { zh: 'InfluxDB 连接在启动时打开', en: 'connections to InfluxDB are opened at the start' },
  security: { zh: '登录设置在启动时读取', en: 'how people log in is read at the start' },
  recorder: { zh: '记录器在启动时打开', en: 'the recorder is opened at the start' },
  flood: { zh: '报警负荷从启动起计数', en: 'alarms are counted by its limits from the start on' },
  retention: { zh: '保存期限在启动时读取', en: 'how long data is kept is read at the start' },
};

/** A change that the running gateway does not make. */
export interface Deferred {
  readonly section: string;
  readonly text: Text;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const isReloaded = (section: string): boolean => RELOADED.some((each) => each === section);

const deferredOf = (section: string): Deferred => {
  const why = WHY_LATER[section];
  return {
    section,
    text: {
      zh: `${section}：重启后生效${why === undefined ? '' : `（${why.zh}）`}`,
      en: `${section}: counts after a restart${why === undefined ? '' : ` (${why.en})`}`,
    },
  };
};

/** What of a new file has to wait for the next start. */
export const deferredIn = (now: VenueConfig, next: VenueConfig): readonly Deferred[] => {
  const written: Readonly<Record<string, unknown>> = next;
  return Object.entries(now)
    .filter(([section, value]) => !isReloaded(section) && !isSame(value, written[section]))
    .map(([section]) => deferredOf(section));
};

/** What the gateway will run by: the new file, with what has to wait as it is now. */
export const effective = (now: VenueConfig, next: VenueConfig): VenueConfig => {
  const { zones, profiles, devices, roles, badges, clients, rules, people, roster, plan } = next;
  return { ...now, zones, profiles, devices, roles, badges, clients, rules, people, roster, plan };
};
