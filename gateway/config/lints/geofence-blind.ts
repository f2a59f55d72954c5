import type { Finding } from '../finding.ts';
import type { Lint, LintContext, LintRule } from './lint.ts';

const finding = (index: number, id: string, zones: readonly string[]): Finding => ({
  code: 'geofence-blind',
  severity: 'finding',
  path: ['rules', index, 'zones'],
  message: {
    zh: `规则 ${id} 无从判断谁在 ${zones.join(', ')}：没有可与定位比较的轮廓，也没有接收器`,
    en: `rule ${id} has no way to tell who is in ${zones.join(', ')}: no outline to compare a position with, no receiver`,
  },
  advice: {
    zh: '为区域写上 polygon 并写上 venue.reference，或在该区域设置接收器，或在规则中写上 polygon',
    en: 'Give the zone a polygon and the plan its venue.reference, set up a receiver there, or give the rule a polygon',
  },
});

/** The zone, and all that it is part of. */
const chain = ({ registry }: LintContext, zone: string): readonly string[] => {
  const found: string[] = [];
  for (let id: string | undefined = zone; id !== undefined && !found.includes(id); ) {
    found.push(id);
    id = registry.venue.zones.get(id)?.within;
  }
  return found;
};

const isBlind = (context: LintContext, zone: string): boolean => {
  const { venue, receivers } = context.registry;
  if (venue.reference !== undefined && venue.zones.get(zone)?.polygon !== undefined) return false;
  return !receivers.some((receiver) => chain(context, receiver.zone).includes(zone));
};

const blindZones = (context: LintContext, { config }: LintRule): readonly string[] =>
  config.kind === 'geofence' && config.polygon === undefined
    ? config.zones.filter((zone) => isBlind(context, zone))
    : [];

/** A geofence over zones that nothing can place anybody in. */
export const geofenceBlind: Lint = (context) =>
  context.rules.flatMap((rule) => {
    const zones = blindZones(context, rule);
    return zones.length === 0 ? [] : [finding(rule.index, rule.config.id, zones)];
  });
