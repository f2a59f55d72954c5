import type { Cast } from './cast.ts';
import { accessBurst, crowdDensity, incidentClass, objectLeft, silent } from './places.ts';
import {
  batteryLow,
  gatewayHealth,
  heatIndex,
  overcurrent,
  phaseImbalance,
  rateOfChange,
  threshold,
} from './values.ts';
import { geofence, manDown, missedCheckIn, onDutyTooLong, sos, stillness, tilt } from './wearers.ts';

/** Every kind of rule and who plays it: a new kind without an entry fails. */
export const CASTS: Readonly<Record<string, Cast>> = {
  'crowd-density': crowdDensity,
  overcurrent,
  'phase-imbalance': phaseImbalance,
  tilt,
  stillness,
  'man-down': manDown,
  sos,
  threshold,
  silent,
  'access-burst': accessBurst,
  'incident-class': incidentClass,
  'gateway-health': gatewayHealth,
  'rate-of-change': rateOfChange,
  'heat-index': heatIndex,
  'missed-check-in': missedCheckIn,
  'on-duty-too-long': onDutyTooLong,
  geofence,
  'object-left': objectLeft,
  'battery-low': batteryLow,
};
