import type { z } from 'zod';
import type { Guidance } from '../rule.ts';
import { accessBurst } from './access-burst.ts';
import { batteryLow } from './battery-low.ts';
import { crowdDensity } from './crowd-density.ts';
import { gatewayHealth } from './gateway-health.ts';
import { geofence } from './geofence.ts';
import { heatIndex } from './heat-index.ts';
import { incidentClass } from './incident-class.ts';
import { manDown } from './man-down.ts';
import { missedCheckIn } from './missed-check-in.ts';
import { objectLeft } from './object-left.ts';
import { onDutyTooLong } from './on-duty-too-long.ts';
import { overcurrent } from './overcurrent.ts';
import { phaseImbalance } from './phase-imbalance.ts';
import { rateOfChange } from './rate-of-change.ts';
import { silent } from './silent.ts';
import { sos } from './sos.ts';
import { stillness } from './stillness.ts';
import { threshold } from './threshold.ts';
import { tilt } from './tilt.ts';

/** What of a kind people read. */
export interface ListedKind {
  readonly schema: z.ZodType;
  readonly guidance: Guidance;
}

/** Every kind, for the catalogue of rules, in its order. */
export const LISTED_KINDS: readonly ListedKind[] = [
  crowdDensity,
  overcurrent,
  phaseImbalance,
  tilt,
  stillness,
  manDown,
  sos,
  threshold,
  silent,
  accessBurst,
  incidentClass,
  gatewayHealth,
  rateOfChange,
  heatIndex,
  missedCheckIn,
  onDutyTooLong,
  geofence,
  objectLeft,
  batteryLow,
];
