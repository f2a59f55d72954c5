import type { Collector } from '../problems/collector.ts';
import { formatPath } from '../problems/problem.ts';
import { isRecord } from '../problems/schema-walk.ts';
import { placesOf } from './places.ts';

const itemsOf = (value: unknown, key: string): readonly unknown[] => {
  const listed = isRecord(value) ? value[key] : undefined;
  return Array.isArray(listed) ? listed : [];
};

const isBus = (source: unknown): boolean =>
  isRecord(source) && (source.kind === 'modbus-rtu' || source.kind === 'modbus-tcp');

/** Two devices of one number answer at once, and nobody is understood. */
const checkNumbers = (source: unknown, index: number, collector: Collector): void => {
  const first = new Map<unknown, PropertyKey[]>();
  for (const [at, entry] of itemsOf(source, 'units').entries()) {
    if (!isRecord(entry) || typeof entry.unit !== 'number') continue;
    const path = ['sources', index, 'units', at, 'unit'];
    const earlier = first.get(entry.unit);
    if (earlier === undefined) {
      first.set(entry.unit, path);
      continue;
    }
    const where = formatPath(earlier);
    collector.add({
      code: 'duplicate',
      path,
      at: 'value',
      message: {
        zh: `总线上的站号重复（已用于 ${where}）`,
        en: `the number on the bus is taken (already used by ${where})`,
      },
      value: entry.unit,
      expected: { zh: '', en: '' },
    });
  }
};

const MODBUS = 'modbus:';
const SHOWN_MAX = 12;

/** Nothing would ever arrive under the address of a unit that no bus has. */
const checkAddresses = (value: unknown, collector: Collector): void => {
  const valid = new Set(
    itemsOf(value, 'sources').flatMap((source) =>
      isRecord(source) && isBus(source)
        ? itemsOf(source, 'units').map((entry) => `${MODBUS}${source.id}/${isRecord(entry) ? entry.unit : ''}`)
        : [],
    ),
  );
  const list = [...valid].slice(0, SHOWN_MAX).join(', ') || '-';
  const patterns = ['devices', 'badges'].flatMap((section) => [`${section}.*.address`, `${section}.*.address.*`]);
  for (const place of patterns.flatMap((pattern) => placesOf(value, pattern))) {
    if (!place.value.startsWith(MODBUS) || valid.has(place.value)) continue;
    collector.add({
      code: 'unknown-reference',
      path: place.path,
      at: 'value',
      message: { zh: 'sources 的总线上没有此设备', en: 'no bus under sources has this unit' },
      value: place.value,
      expected: { zh: `modbus:<来源>/<站号>，以下之一：${list}`, en: `modbus:<source id>/<unit>, one of ${list}` },
      spelled: { given: place.value, valid },
    });
  }
};

/** Reports numbers that two units of a bus share, and addresses of units that no bus has. */
export const checkModbusUnits = (value: unknown, collector: Collector): void => {
  for (const [index, source] of itemsOf(value, 'sources').entries()) {
    if (isBus(source)) checkNumbers(source, index, collector);
  }
  checkAddresses(value, collector);
};
