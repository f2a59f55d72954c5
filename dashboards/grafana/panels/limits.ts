import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { crowdDensity } from '../../../rules/kinds/crowd-density.ts';
import { overcurrent, overloadSettings } from '../../../rules/kinds/overcurrent.ts';
import { silent } from '../../../rules/kinds/silent.ts';
import { stillness } from '../../../rules/kinds/stillness.ts';
import { tilt } from '../../../rules/kinds/tilt.ts';

/** Of Chinese emergency plans, as Grafana names colours. */
export const COLOURS = { none: 'green', blue: 'blue', yellow: 'yellow', orange: 'orange', red: 'red' } as const;

export interface Limit {
  readonly severity: keyof typeof COLOURS;
  readonly from: number;
}

/** Defaults of the rules, as their schemas have them: a venue may set others. */
export const DENSITY = crowdDensity.schema.parse({ id: 'density', kind: 'crowd-density' });
export const OVERCURRENT = overloadSettings(overcurrent.schema.parse({ id: 'overcurrent', kind: 'overcurrent' }));
export const TILT = tilt.schema.parse({ id: 'tilt', kind: 'tilt' });
export const STILLNESS = stillness.schema.parse({ id: 'stillness', kind: 'stillness' });
export const SILENT = silent.schema.parse({ id: 'silent', kind: 'silent' });

const densityLimits = ({ yellow, orange, red }: typeof DENSITY.limits.moving): readonly Limit[] => [
  { severity: 'yellow', from: yellow },
  { severity: 'orange', from: orange },
  { severity: 'red', from: red },
];

export const MOVING_LIMITS = densityLimits(DENSITY.limits.moving);
export const STANDING_LIMITS = densityLimits(DENSITY.limits.standing);

/** Percent of the capacity. */
export const FILL_LIMITS: readonly Limit[] = [
  { severity: 'yellow', from: DENSITY.capacityFractions.yellow * 100 },
  { severity: 'orange', from: DENSITY.capacityFractions.orange * 100 },
];

/** Percent of the rated current. */
export const LOAD_LIMITS: readonly Limit[] = [
  { severity: 'yellow', from: OVERCURRENT.continuousFraction * 100 },
  { severity: 'orange', from: OVERCURRENT.pickupMultiple * 100 },
  { severity: 'red', from: OVERCURRENT.instantaneousMultiple * 100 },
];

/** Degrees from upright. */
export const TILT_LIMITS: readonly Limit[] = [{ severity: 'orange', from: TILT.degrees }];

/** Alarms in ten minutes that one operator can handle, and a flood: ANSI/ISA-18.2, EEMUA 191. */
export const ALARM_RATE_LIMITS: readonly Limit[] = [
  { severity: 'yellow', from: 1 },
  { severity: 'red', from: 10 },
];

/** Anything at all calls for a look. */
export const NONE_EXPECTED: readonly Limit[] = [{ severity: 'orange', from: 1 }];

export const thresholds = (limits: readonly Limit[]): Builder<ThresholdsConfig> =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { value: null, color: COLOURS.none },
      ...limits.map(({ severity, from }): Threshold => ({ value: from, color: COLOURS[severity] })),
    ]);
