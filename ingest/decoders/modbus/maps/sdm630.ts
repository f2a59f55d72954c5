import { defineRegisterMap, type Register } from '../register-map.ts';
import { EASTRON, float } from './eastron.ts';

/** One quantity of the three phases: their registers follow one another. */
const phases = (address: number, metric: Register['metric'], unit: string): readonly Register[] =>
  ['a', 'b', 'c'].map((channel, index) => float(address + 2 * index, metric, unit, channel));

/** A three-phase meter: phases `a b c`, neutral `n`, and the `total`, whose current is the sum of the phases'. */
export const sdm630 = defineRegisterMap({
  ...EASTRON,
  names: ['sdm630', 'eastron-sdm630'],
  title: 'Eastron SDM630 Modbus',
  source: 'SDM630-Modbus V2 user manual 1.2, input registers; volkszaehler/mbmd meters/rs485/sdm.go (BSD-3-Clause)',
  registers: [
    ...phases(0x0000, 'voltageVolts', 'V'),
    ...phases(0x0006, 'currentAmps', 'A'),
    ...phases(0x000c, 'powerWatts', 'W'),
    ...phases(0x0012, 'apparentPowerVoltAmps', 'VA'),
    ...phases(0x0018, 'reactivePowerVars', 'var'),
    ...phases(0x001e, 'powerFactor', '1'),
    float(0x0030, 'currentAmps', 'A', 'total'),
    float(0x0034, 'powerWatts', 'W', 'total'),
    float(0x0038, 'apparentPowerVoltAmps', 'VA', 'total'),
    float(0x003c, 'reactivePowerVars', 'var', 'total'),
    float(0x003e, 'powerFactor', '1', 'total'),
    float(0x0046, 'frequencyHertz', 'Hz', 'total'),
    float(0x0048, 'energyWattHours', 'kWh', 'total', 1000),
    float(0x00e0, 'currentAmps', 'A', 'n'),
  ],
});
