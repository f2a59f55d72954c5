import type { Device } from '../../../ingest/model/device.ts';
import type { Finding } from '../finding.ts';
import type { Lint, LintContext, LintRule } from './lint.ts';
import { isConcerned, pathOf } from './lint.ts';

/** Formats that say nothing of how a thing moves. */
const WITHOUT_MOTION: ReadonlySet<string> = new Set(['access', 'emontx', 'frigate', 'modbus', 'tasmota']);

/** Positions show that a wearer moves, and not how they lie. */
const WITHOUT_ACCELERATION: ReadonlySet<string> = new Set([...WITHOUT_MOTION, 'nmea', 'owntracks']);

/** What a kind needs that some formats never say. */
const LACKING: Readonly<Record<string, ReadonlySet<string>>> = {
  stillness: WITHOUT_MOTION,
  tilt: WITHOUT_ACCELERATION,
  'man-down': WITHOUT_ACCELERATION,
};

const formatsOf = ({ config }: LintContext, { id }: Device): readonly string[] => {
  const { address = [] } = config.badges[id] ?? config.devices[id] ?? {};
  return [address].flat().map((each) => each.slice(0, each.indexOf(':')));
};

const finding = (context: LintContext, device: Device, { config }: LintRule, formats: readonly string[]): Finding => ({
  code: 'no-motion',
  severity: 'finding',
  path: pathOf(context, device),
  message: {
    zh: `格式 ${formats.join(', ')} 不含${config.kind === 'stillness' ? '活动' : '加速度'}数据：规则 ${config.id} 对它永远不会报警`,
    en: `format ${formats.join(', ')} says nothing of ${config.kind === 'stillness' ? 'movement' : 'acceleration'}: rule ${config.id} will never raise an alarm for it`,
  },
  advice: {
    zh: '换用带加速度计的胸牌，或用 for 排除该设备',
    en: 'Give the wearer a badge with an accelerometer, or exclude this one with for',
  },
});

/** Badges under a rule of movement or posture whose every format is deaf to it. */
export const noMotion: Lint = (context) =>
  context.rules.flatMap((rule) => {
    const lacking = LACKING[rule.config.kind];
    if (lacking === undefined) return [];
    return [...context.registry.venue.devices.values()].flatMap((device) => {
      const formats = formatsOf(context, device);
      const isDeaf = formats.length > 0 && formats.every((format) => lacking.has(format));
      return isDeaf && isConcerned(rule, device) ? [finding(context, device, rule, formats)] : [];
    });
  });
