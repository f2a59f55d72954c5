import type { Device } from '../../../ingest/model/device.ts';
import type { RuleConfig } from '../../../rules/kinds/index.ts';
import type { Rule } from '../../../rules/rule.ts';
import type { Finding } from '../finding.ts';
import type { Registry } from '../registry.ts';
import type { VenueConfig } from '../schema.ts';

/** A rule as configured and as it runs. */
export interface LintRule {
  readonly index: number;
  readonly config: RuleConfig;
  readonly rule: Rule;
}

export interface LintContext {
  readonly config: VenueConfig;
  readonly registry: Registry;
  readonly rules: readonly LintRule[];
  /** Unix milliseconds; undefined: what depends on the day is not judged. */
  readonly nowMs: number | undefined;
}

/** Judges the meaning of a valid configuration. */
export type Lint = (context: LintContext) => readonly Finding[];

/** Channels of a device that the configuration names, and the default one. */
const channelsOf = (device: Device): readonly string[] => [...new Set(['', ...Object.keys(device.ratedAmps)])];

/** True where the rule judges something by what this device sends. */
export const isConcerned = ({ rule }: LintRule, device: Device): boolean =>
  channelsOf(device).some((channel) => rule.subjects(device, channel).length > 0);

/** Where a device is written in the file. */
export const pathOf = ({ config }: LintContext, device: Device): readonly PropertyKey[] => [
  Object.hasOwn(config.badges, device.id) ? 'badges' : 'devices',
  device.id,
];
