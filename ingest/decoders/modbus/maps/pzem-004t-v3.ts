import { defineRegisterMap, type Register } from '../register-map.ts';

const register = (
  address: number,
  type: Register['type'],
  metric: Register['metric'],
  unit: string,
  scale: number,
): Register => ({ address, type, metric, channel: '', unit, scale });

/**
 * A single-phase meter with a clamp. 32-bit values are low word first. Register 9, its own power alarm, is not read:
 * the venue's rules judge.
 */
export const pzem004tV3 = defineRegisterMap({
  names: ['pzem-004t-v3', 'pzem-004t'],
  title: 'Peacefair PZEM-004T v3',
  source: 'PZEM-004T V3.0 user manual, 2.3 (read the measurement result)',
  functionCode: 4,
  wordOrder: 'low-first',
  maxRegisters: 10,
  maxGapRegisters: 0,
  registers: [
    register(0x0000, 'u16', 'voltageVolts', 'V', 0.1),
    register(0x0001, 'u32', 'currentAmps', 'A', 0.001),
    register(0x0003, 'u32', 'powerWatts', 'W', 0.1),
    register(0x0005, 'u32', 'energyWattHours', 'Wh', 1),
    register(0x0007, 'u16', 'frequencyHertz', 'Hz', 0.1),
    register(0x0008, 'u16', 'powerFactor', '1', 0.01),
  ],
});
