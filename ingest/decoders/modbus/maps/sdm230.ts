import { defineRegisterMap } from '../register-map.ts';
import { EASTRON, SINGLE_PHASE } from './eastron.ts';

/** A single-phase meter of two modules. Energy is what was imported. */
export const sdm230 = defineRegisterMap({
  ...EASTRON,
  names: ['sdm230', 'eastron-sdm230'],
  title: 'Eastron SDM230 Modbus',
  source: 'SDM230-Modbus protocol, input registers; volkszaehler/mbmd meters/rs485/sdm230.go (BSD-3-Clause)',
  registers: SINGLE_PHASE,
});
