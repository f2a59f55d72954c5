/**
 * Queries for which the evening need not give rows, by dashboard, English title and letter, and why. All others must.
 * `none`: there must be none, so that what is written here stays true.
 */
export const WITHOUT_ROWS: Readonly<Record<string, readonly ['none' | 'maybe', why: string]>> = {
  'muster-overview/Open alarms/D': ['none', 'no rule of the evening raises blue'],
  'muster-overview/Devices heard/B': ['none', 'no camera in the evening'],
  'muster-crowd/Persons seen by cameras/A': ['none', 'no camera in the evening'],
  'muster-power/Energy/A': ['none', 'the current clamps have no meter'],
  'muster-power/Power factor/A': ['none', 'the current clamps do not measure it'],
  'muster-climate/Dew point/A': ['none', 'no sensor of the evening reports it'],
  'muster-climate/Carbon dioxide/A': ['none', 'no sensor of the evening reports it'],
  'muster-climate/Pressure/A': ['none', 'no sensor of the evening reports it'],
  'muster-climate/Illuminance/A': ['none', 'no sensor of the evening reports it'],
  'muster-badges/Calls and check-ins/B': ['none', 'badges of the evening do not recognise falls'],
  'muster-badges/Calls and check-ins/C': ['maybe', 'one cancels its pre-alarm, if the machine keeps up'],
  'muster-badges/Tilt as reported/A': ['none', 'badges of the evening report acceleration'],
  'muster-badges/Battery voltage/A': ['none', 'badges of the evening report percent'],
  'muster-badges/Signal strength/A': ['none', 'badges of the evening come by MQTT, not by radio'],
  'muster-alarms/Open alarms/D': ['none', 'no rule of the evening raises blue'],
  'muster-alarms/Late calls for help/A': ['maybe', 'a call is late only if the machine does not keep up'],
  'muster-gateway/Not understood/B': ['none', 'everything that the evening sends is understood'],
};

/** Fields that dashboards ask for and the evening does not have: the gateway writes them where devices report them. */
export const NOT_IN_THE_EVENING: readonly string[] = [
  'badge.batteryVolts',
  'badge.fall',
  'badge.rssiDbm',
  'badge.tiltDegrees',
  'climate.co2Ppm',
  'climate.dewPointCelsius',
  'climate.illuminanceLux',
  'climate.pressurePascals',
  'crowd.occupancyPersons',
  'power.energyWattHours',
  'power.powerFactor',
];

/** Fields that are there only if the machine keeps up, or does not. */
export const MAYBE_IN_THE_EVENING: readonly string[] = ['badge.cancel', 'alarm.lateBySeconds'];

/** Patterns of field names that fit none of the evening's. */
export const PATTERNS_WITHOUT_FIELD: readonly string[] = ['/^rejected.+/'];
