import type { Device } from '../../../ingest/model/device.ts';
import { selects } from '../../../rules/common.ts';
import type { Finding } from '../finding.ts';
import type { Lint, LintContext } from './lint.ts';
import { isConcerned, pathOf } from './lint.ts';

const finding = (path: readonly PropertyKey[], zh: string, en: string): Finding => ({
  code: 'unwatched',
  severity: 'finding',
  path,
  message: { zh, en },
  advice: { zh: '加一条针对它的规则，或将其删除', en: 'Add a rule that concerns it, or take it out' },
});

/** It logs who reads what: `access-burst` judges the addresses that stand there, not the device. */
const isReader = ({ config }: LintContext, { id }: Device): boolean =>
  [config.devices[id]?.address ?? []].flat().some((address) => address.startsWith('access:'));

/** A call for help can come from anything, but a thermometer is not watched for that. */
const isWatched = (context: LintContext, device: Device): boolean =>
  context.rules.some(
    (rule) =>
      ((rule.config.kind !== 'sos' || device.role !== undefined) && isConcerned(rule, device)) ||
      (rule.config.kind === 'access-burst' && selects(rule.config.for, device) && isReader(context, device)),
  );

/** Zones with something in them that is watched, or that a rule names; and every zone that they are part of. */
const watchedZones = (context: LintContext): ReadonlySet<string> => {
  const { zones, devices } = context.registry.venue;
  const watched = new Set<string>();
  const add = (start: string | undefined): void => {
    for (let zone = start; zone !== undefined && !watched.has(zone); zone = zones.get(zone)?.within) watched.add(zone);
  };
  for (const device of devices.values()) {
    if (!isWatched(context, device)) continue;
    add(device.zone);
    add(device.fromZone);
  }
  for (const { config } of context.rules) {
    if (config.kind !== 'crowd-density') continue;
    for (const [id, { areaM2 }] of zones) if (config.zones?.includes(id) ?? areaM2 !== undefined) add(id);
  }
  return watched;
};

/** Devices and zones that no rule concerns. */
export const unwatched: Lint = (context) => {
  const { zones, devices } = context.registry.venue;
  const watched = watchedZones(context);
  return [
    ...[...devices.values()]
      .filter((device) => !isWatched(context, device))
      .map((device) => finding(pathOf(context, device), '没有规则针对该设备', 'no rule concerns this device')),
    ...[...zones.keys()]
      .filter((zone) => !watched.has(zone))
      .map((zone) => finding(['zones', zone], '没有规则针对该区域', 'no rule concerns this zone')),
  ];
};
