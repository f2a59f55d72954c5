import type { Device } from '../../../ingest/model/device.ts';
import type { MetricSpec } from '../../../ingest/model/metrics.ts';
import { METRICS } from '../../../ingest/model/metrics.ts';
import type { RuleConfig } from '../../../rules/kinds/index.ts';
import { curveSetting, overloadSettings } from '../../../rules/power/breaker.ts';
import { operatingMs } from '../../../rules/power/inverse-time.ts';
import type { Text } from '../../../rules/rule.ts';
import { POINTS_MIN } from '../../../rules/signal/slope.ts';
import type { Finding } from '../finding.ts';
import type { Lint, LintContext, LintRule } from './lint.ts';
import { isConcerned, pathOf } from './lint.ts';

type Family = MetricSpec['family'];

/** What the built-in profiles measure: a rule without `for` means only those that can have its metric. */
const FAMILIES: Readonly<Record<string, readonly Family[]>> = {
  'people-counter': ['crowd'],
  camera: ['crowd'],
  'current-clamp': ['power'],
  plug: ['power'],
  climate: ['climate'],
  badge: ['badge', 'climate'],
  tracker: ['badge'],
};

const mayMeasure = (config: RuleConfig, device: Device, family: Family): boolean => {
  if (config.for !== undefined) return true;
  if (family === 'power' && Object.keys(device.ratedAmps).length > 0) return true;
  const families = device.profile === undefined ? undefined : FAMILIES[device.profile];
  return families?.includes(family) ?? false;
};

interface Need {
  /** The device must report at least this often, seconds. */
  readonly seconds: number;
  readonly family: Family;
  readonly why: Text;
}

const hold = (seconds: number, family: Family): Need | undefined =>
  seconds === 0
    ? undefined
    : { seconds, family, why: { zh: `holdSeconds 为 ${seconds} s`, en: `holdSeconds is ${seconds} s` } };

/** A curve is judged at twice the pick-up: the overload that a venue can see coming (FACTS: 10 to 27 s). */
const needOf = (config: RuleConfig): Need | undefined => {
  switch (config.kind) {
    case 'overcurrent': {
      const setting = curveSetting(overloadSettings(config));
      const seconds = Math.round(operatingMs(setting, 2) / 100) / 10;
      const why = {
        zh: `曲线 ${setting.curve} 在 2 倍启动电流下 ${seconds} s 动作`,
        en: `curve ${setting.curve} acts in ${seconds} s at twice the pick-up`,
      };
      return { seconds, family: 'power', why };
    }
    case 'phase-imbalance':
      return hold(config.holdSeconds, 'power');
    case 'tilt':
      return hold(config.holdSeconds, 'badge');
    case 'threshold':
      return hold(config.holdSeconds, METRICS[config.metric].family);
    case 'rate-of-change': {
      const seconds = config.windowSeconds / POINTS_MIN;
      const why = {
        zh: `${config.windowSeconds} s 内至少需要 ${POINTS_MIN} 个读数`,
        en: `it takes ${POINTS_MIN} readings within ${config.windowSeconds} s`,
      };
      return { seconds, family: METRICS[config.metric].family, why };
    }
    case 'heat-index': {
      const why = { zh: `staleSeconds 为 ${config.staleSeconds} s`, en: `staleSeconds is ${config.staleSeconds} s` };
      return { seconds: config.staleSeconds, family: 'climate', why };
    }
    default:
      return undefined;
  }
};

const finding = (context: LintContext, device: Device, every: number, rule: LintRule, need: Need): Finding => ({
  code: 'slow-source',
  severity: 'finding',
  path: pathOf(context, device),
  message: {
    zh: `每 ${every} s 上报一次，对规则 ${rule.config.id} 太慢：${need.why.zh}`,
    en: `reports every ${every} s, too slowly for rule ${rule.config.id}: ${need.why.en}`,
  },
  advice: {
    zh: `让设备至少每 ${need.seconds} s 上报并写入 reports，或放宽规则，或用 for 排除该设备`,
    en: `Make it report at least every ${need.seconds} s and say so in reports, slow the rule down, or exclude the device with for`,
  },
});

/** Rules that a device reports too slowly to satisfy: one sample alone would decide, or none in time. */
export const slowSource: Lint = (context) =>
  context.rules.flatMap((rule) => {
    const need = needOf(rule.config);
    if (need === undefined) return [];
    return [...context.registry.venue.devices.values()].flatMap((device) => {
      const { reports } = device;
      if (reports === undefined || !('everySeconds' in reports) || reports.everySeconds <= need.seconds) return [];
      if (!isConcerned(rule, device) || !(rule.config.kind === 'tilt' || mayMeasure(rule.config, device, need.family)))
        return [];
      return [finding(context, device, reports.everySeconds, rule, need)];
    });
  });
