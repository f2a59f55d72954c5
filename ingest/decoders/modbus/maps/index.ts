import type { RegisterMap } from '../register-map.ts';
import { pzem004tV3 } from './pzem-004t-v3.ts';
import { sdm120 } from './sdm120.ts';
import { sdm230 } from './sdm230.ts';
import { sdm630 } from './sdm630.ts';
import { xyMd02 } from './xy-md02.ts';

/** Every kind of Modbus device that Muster reads. One more: a file here and a line. */
export const REGISTER_MAPS: readonly RegisterMap[] = [pzem004tV3, sdm120, sdm230, sdm630, xyMd02];

/** By every name. */
const BY_NAME: ReadonlyMap<string, RegisterMap> = new Map(
  REGISTER_MAPS.flatMap((map) => map.names.map((name) => [name, map])),
);

/** All names that a map goes by, as venue.yaml may write them. */
export const REGISTER_MAP_NAMES: readonly string[] = [...BY_NAME.keys()];

export const registerMap = (name: string): RegisterMap | undefined => BY_NAME.get(name);
