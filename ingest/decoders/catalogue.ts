import type { CatalogueEntry } from './about.ts';
import { BLE_CATALOGUE } from './ble/catalogue.ts';
import { DECODERS } from './index.ts';
import { MODBUS_CATALOGUE } from './modbus/catalogue.ts';
import { SERIAL_CATALOGUE } from './serial/catalogue.ts';

const TOPIC_CATALOGUE: readonly CatalogueEntry[] = DECODERS.flatMap(({ kind, topics, about }) =>
  about === undefined ? [] : [{ kind, transport: 'mqtt' as const, topics, ...about }],
);

/** Every format of the device catalogue; a list of formats that come by another way than topics is a line here. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...TOPIC_CATALOGUE,
  ...BLE_CATALOGUE,
  ...SERIAL_CATALOGUE,
  ...MODBUS_CATALOGUE,
];
