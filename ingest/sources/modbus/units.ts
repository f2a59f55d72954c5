import { registerMap } from '../../decoders/modbus/maps/index.ts';
import type { ScheduledUnit } from './schedule.ts';

/** A device on a bus, as it is configured. */
export interface UnitOptions {
  /** Its number on the bus, 1 to 247. */
  readonly unit: number;
  /** Name of its register map. */
  readonly profile: string;
  readonly everySeconds: number;
  readonly timeoutMs: number;
}

/** What the schedule needs of a unit, on a clock that runs `speed` times as fast. Throws on an unknown profile. */
export const scheduledUnit = (
  { unit, profile, everySeconds, timeoutMs }: UnitOptions,
  speed: number,
): ScheduledUnit => {
  const map = registerMap(profile);
  if (map === undefined) throw new TypeError(`no register map is called ${profile}`);
  return { unit, map, everyMs: (everySeconds * 1000) / speed, timeoutMs };
};
