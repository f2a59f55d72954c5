import type { Register, RegisterMap } from '../register-map.ts';

/** A float of two registers, as all measurements of Eastron's meters are. */
export const float = (
  address: number,
  metric: Register['metric'],
  unit: string,
  channel = '',
  scale: Register['scale'] = 1,
): Register => ({ address, type: 'f32', metric, channel, unit, scale });

/**
 * What Eastron's SDM meters have in common: input registers, IEEE 754 floats with the high word first. Older firmware
 * refuses more than 30 quantities in a request, and any that would cut one in half. Registers that a model does not
 * have read as zero.
 */
export const EASTRON = {
  functionCode: 4,
  wordOrder: 'high-first',
  maxRegisters: 60,
  maxGapRegisters: 20,
} as const satisfies Partial<RegisterMap>;

/** The registers of the single-phase meters SDM120, SDM220 and SDM230. */
export const SINGLE_PHASE: readonly Register[] = [
  float(0x0000, 'voltageVolts', 'V'),
  float(0x0006, 'currentAmps', 'A'),
  float(0x000c, 'powerWatts', 'W'),
  float(0x0012, 'apparentPowerVoltAmps', 'VA'),
  float(0x0018, 'reactivePowerVars', 'var'),
  float(0x001e, 'powerFactor', '1'),
  float(0x0046, 'frequencyHertz', 'Hz'),
  float(0x0048, 'energyWattHours', 'kWh', '', 1000),
];
