import { defineRegisterMap } from '../register-map.ts';

/** A thermometer and hygrometer on an SHT20, sold under many names. */
export const xyMd02 = defineRegisterMap({
  names: ['xy-md02', 'sht20'],
  title: 'XY-MD02 (SHT20)',
  source: 'XY-MD02 Modbus RTU temperature and humidity transmitter, manual: input registers 1 and 2',
  functionCode: 4,
  wordOrder: 'high-first',
  maxRegisters: 2,
  maxGapRegisters: 0,
  registers: [
    { address: 1, type: 'i16', metric: 'temperatureCelsius', channel: '', unit: '°C', scale: 0.1 },
    { address: 2, type: 'u16', metric: 'humidityPercent', channel: '', unit: '%', scale: 0.1 },
  ],
});
