import { defineRegisterMap } from '../register-map.ts';
import { EASTRON, SINGLE_PHASE } from './eastron.ts';

/** A single-phase meter. Energy is what was imported. */
export const sdm120 = defineRegisterMap({
  ...EASTRON,
  names: ['sdm120', 'eastron-sdm120'],
  title: 'Eastron SDM120 Modbus',
  source: 'SDM120-Modbus protocol, input registers; volkszaehler/mbmd meters/rs485/sdm120.go (BSD-3-Clause)',
  registers: SINGLE_PHASE,
});
