import type { CatalogueEntry } from '../about.ts';
import { emontxFormat } from './emontx.ts';
import { nmeaFormat } from './nmea.ts';

/** Formats of lines. The name of a device is that of its port's source in venue.yaml. */
export const SERIAL_CATALOGUE: readonly CatalogueEntry[] = [
  {
    kind: emontxFormat.kind,
    transport: 'serial',
    devices: {
      zh: 'emonTx、emonPi 电流互感器（OpenEnergyMonitor）',
      en: 'emonTx and emonPi current clamps (OpenEnergyMonitor)',
    },
    specification: 'https://docs.openenergymonitor.org/electricity-monitoring/index.html',
    examples: [{ address: 'panel', payload: 'MSG:12,Vrms:230.5,P1:512,P2:-20,P3:0,E1:42,pulse:7' }],
  },
  {
    kind: nmeaFormat.kind,
    transport: 'serial',
    devices: { zh: 'GNSS 接收机（NMEA 0183）', en: 'GNSS receivers (NMEA 0183)' },
    specification: 'https://gpsd.gitlab.io/gpsd/NMEA.html',
    examples: [
      { address: 'van', payload: '$GPRMC,000000.00,A,4807.038,N,01131.000,E,022.4,084.4,010126,003.1,W*42' },
      { address: 'van', payload: '$GPGGA,000001.00,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*65' },
    ],
  },
];
