import type { CatalogueEntry } from '../about.ts';
import { REGISTER_MAPS } from './maps/index.ts';
import { MODBUS_KIND } from './modbus-frame.ts';
import { type Register, type RegisterMap, widthOf } from './register-map.ts';

/** The registers of a quantity that reads 230.5, or 21.5 where that is likelier. */
const registersOf = ({ metric, scale, type }: Register, { wordOrder }: RegisterMap): string => {
  const value = metric === 'voltageVolts' ? 230.5 : 21.5;
  const bytes = Buffer.alloc(2 * widthOf(type));
  if (type === 'f32') bytes.writeFloatBE(value / scale);
  else bytes.writeIntBE(Math.round(value / scale), 0, bytes.length);
  const words = wordOrder === 'low-first' ? Buffer.concat([bytes.subarray(2), bytes.subarray(0, 2)]) : bytes;
  return words.toString('hex');
};

const entryOf = (map: RegisterMap): CatalogueEntry => {
  const [name] = map.names;
  const [first] = map.registers;
  const metrics = [...new Set(map.registers.map(({ metric }) => metric))].join(', ');
  return {
    kind: MODBUS_KIND,
    transport: 'modbus',
    devices: { zh: `${map.title}（寄存器表 ${name}）`, en: `${map.title} (register map ${name})` },
    specification: 'https://www.modbus.org/modbus-specifications',
    examples: [
      {
        address: `bus/1/${first?.address ?? 0}`,
        payloadHex: first === undefined ? '' : registersOf(first, map),
        profile: name,
      },
    ],
    notes: { zh: `读取 ${metrics}。出处：${map.source}。`, en: `Reads ${metrics}. Source: ${map.source}.` },
  };
};

/** Register maps, each with its first register as an example. The name of a device is `<source>/<unit>`. */
export const MODBUS_CATALOGUE: readonly CatalogueEntry[] = REGISTER_MAPS.map(entryOf);
