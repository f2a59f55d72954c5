import { registerMap } from '../../../ingest/decoders/modbus/maps/index.ts';
import { blocksOf } from '../../../ingest/sources/modbus/blocks.ts';
import { frameGapMs, type SerialFormat, wireMs } from '../../../ingest/sources/modbus/wire-time.ts';
import type { Finding } from '../finding.ts';
import type { VenueConfig } from '../schema.ts';
import type { Lint } from './lint.ts';

type RtuSource = Extract<VenueConfig['sources'][number], { kind: 'modbus-rtu' }>;

/** Part of the time that the line is busy: both frames of every request, and the silence after each. */
const loadOf = (source: RtuSource): number => {
  const format: SerialFormat = { ...source, dataBits: 8 };
  const ofUnit = ({ profile, everySeconds }: RtuSource['units'][number]): number => {
    const map = registerMap(profile);
    const blocks = map === undefined ? [] : blocksOf(map);
    const ms = blocks.reduce((sum, { counts }) => sum + wireMs(format, counts[0] ?? 0) + 2 * frameGapMs(format), 0);
    return ms / (everySeconds * 1000);
  };
  return source.units.reduce((sum, unit) => sum + ofUnit(unit), 0);
};

const finding = (index: number, { id, baudRate }: RtuSource, load: number): Finding => {
  const percent = Math.ceil(load * 100);
  return {
    code: 'bus-overloaded',
    severity: 'finding',
    path: ['sources', index],
    message: {
      zh: `总线 ${id} 在 ${baudRate} 波特下来不及：所需线路时间为可用时间的 ${percent} %`,
      en: `bus ${id} cannot keep its schedule at ${baudRate} baud: it would need ${percent} % of the time on the line`,
    },
    advice: {
      zh: '提高 baudRate，加大 everySeconds，或把设备分到两条总线',
      en: 'Raise baudRate, read less often with everySeconds, or split the devices over two buses',
    },
  };
};

/** A bus whose requests and answers take longer than the time between them: everything on it comes late. */
export const modbusLoad: Lint = ({ config }) =>
  config.sources.flatMap((source, index) => {
    if (source.kind !== 'modbus-rtu') return [];
    const load = loadOf(source);
    return load > 1 ? [finding(index, source, load)] : [];
  });
