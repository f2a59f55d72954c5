import type { Frame } from '../../model/frame.ts';
import type { DecodedFrame } from '../decode-frame.ts';
import { cutText, refused } from '../findings.ts';
import { REGISTER_MAPS, registerMap } from './maps/index.ts';
import { decodeRegisters } from './registers.ts';

/** The `kind` that a unit of a bus is addressed with: `modbus:<source id>/<unit>`. */
export const MODBUS_KIND = 'modbus';

/** `<source id>/<unit>/<first register>`. */
const ADDRESS = /^(.+\/\d{1,3})\/(\d{1,5})$/;

/** A shown list of what there is, one name a map. */
const KNOWN = REGISTER_MAPS.map(({ names }) => names[0]).join(', ');

/** The address of a frame, as the sources write it. */
export const registerAddress = (source: string, unit: number, start: number): string => `${source}/${unit}/${start}`;

/**
 * A block of registers that a source has read: `profile` names its map. An address without a first register means the
 * map's first one.
 */
export const decodeModbusFrame = ({ source, address, profile, payload, arrivedMs }: Frame): DecodedFrame => {
  const map = profile === undefined ? undefined : registerMap(profile.toLowerCase());
  if (map === undefined) {
    const where = profile === undefined ? 'profile' : `profile ${cutText(profile)}`;
    return { kind: undefined, decoded: refused('unknown-name', where, `a register map: ${KNOWN}`) };
  }
  const [, unit, start] = ADDRESS.exec(address) ?? [];
  const device = unit ?? (address === '' ? source : address);
  const first = start === undefined ? (map.registers[0]?.address ?? 0) : Number(start);
  return { kind: MODBUS_KIND, decoded: decodeRegisters({ map, start: first, bytes: payload }, device, arrivedMs) };
};
