import type { Finding } from '../finding.ts';
import type { Lint, LintRule } from './lint.ts';
import { isConcerned } from './lint.ts';

/** Their subjects are no devices; and anybody may call for help, by a badge that is not registered too. */
const OF_NO_DEVICE: ReadonlySet<string> = new Set(['access-burst', 'incident-class', 'gateway-health']);
const isOfNoDevice = ({ config }: LintRule): boolean =>
  OF_NO_DEVICE.has(config.kind) || (config.kind === 'sos' && config.for === undefined);

const finding = ({ index, config }: LintRule): Finding => ({
  code: 'selects-nothing',
  severity: 'finding',
  path: ['rules', index],
  message: {
    zh: `规则 ${config.id} 不针对任何设备，永远不会报警`,
    en: `rule ${config.id} concerns no device, and will never raise an alarm`,
  },
  advice: {
    zh: '检查 for 中的各项（须同时满足），或登记设备',
    en: 'Look at what stands under for (all of it must match), or register devices',
  },
});

/** Rules that no registered device gives anything to judge. */
export const selectsNothing: Lint = ({ registry, rules }) =>
  rules
    .filter((rule) => !isOfNoDevice(rule))
    .filter((rule) => [...registry.venue.devices.values()].every((device) => !isConcerned(rule, device)))
    .map(finding);
