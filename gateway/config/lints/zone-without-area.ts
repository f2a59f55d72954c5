import type { Finding } from '../finding.ts';
import type { Lint, LintContext, LintRule } from './lint.ts';

const COUNTERS: ReadonlySet<string> = new Set(['people-counter', 'camera']);

const finding = (zone: string, { config }: LintRule): Finding => ({
  code: 'zone-without-area',
  severity: 'finding',
  path: ['zones', zone],
  message: {
    zh: `没有 areaM2：规则 ${config.id} 无法计算该区域的人群密度`,
    en: `no areaM2: rule ${config.id} cannot tell the density of this zone`,
  },
  advice: { zh: '写上可站人的净面积，平方米', en: 'Give the floor that people can stand on, square metres' },
});

/** Zones that the rule was told to judge; without a list, those that something counts people in. */
const meant = (rule: LintRule, { registry }: LintContext): readonly string[] => {
  const listed = rule.config.kind === 'crowd-density' ? rule.config.zones : undefined;
  const chosen = listed ?? rule.config.for?.zones;
  if (chosen !== undefined) return chosen;
  return [...registry.venue.devices.values()].flatMap(({ profile, zone }) =>
    zone !== undefined && profile !== undefined && COUNTERS.has(profile) ? [zone] : [],
  );
};

export const zoneWithoutArea: Lint = (context) =>
  context.rules
    .filter(({ config }) => config.kind === 'crowd-density')
    .flatMap((rule) =>
      [...new Set(meant(rule, context))]
        .filter((zone) => context.registry.venue.zones.get(zone)?.areaM2 === undefined)
        .map((zone) => finding(zone, rule)),
    );
