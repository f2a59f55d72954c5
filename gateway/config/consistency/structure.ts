import type { Collector } from '../problems/collector.ts';
import { isRecord } from '../problems/schema-walk.ts';
import { placesOf } from './places.ts';

/** Reports each ring of zones once, at the zone of it that stands first. */
const checkNesting = (value: unknown, collector: Collector): void => {
  const parents = new Map(placesOf(value, 'zones.*.within').map((place) => [String(place.path[1]), place.value]));
  const settled = new Set<string>();
  for (const start of parents.keys()) {
    const way: string[] = [];
    let zone: string | undefined = start;
    while (zone !== undefined && !settled.has(zone) && !way.includes(zone)) {
      way.push(zone);
      zone = parents.get(zone);
    }
    if (zone !== undefined && way.includes(zone)) {
      const ring = [...way.slice(way.indexOf(zone)), zone].join(' → ');
      collector.add({
        code: 'contradiction',
        path: ['zones', zone, 'within'],
        at: 'value',
        message: { zh: `区域互相包含：${ring}`, en: `zones lie within one another: ${ring}` },
        expected: { zh: '', en: '' },
      });
    }
    for (const seen of way) settled.add(seen);
  }
};

/** A gate counts people from one zone into another one. */
const checkGates = (value: unknown, collector: Collector): void => {
  const devices = isRecord(value) && isRecord(value.devices) ? value.devices : {};
  for (const [id, device] of Object.entries(devices)) {
    if (!isRecord(device) || typeof device.fromZone !== 'string' || device.fromZone !== device.zone) continue;
    collector.add({
      code: 'contradiction',
      path: ['devices', id, 'fromZone'],
      at: 'value',
      message: { zh: '与 zone 相同', en: 'the same as zone' },
      value: device.fromZone,
      expected: { zh: '另一个区域', en: 'another zone' },
    });
  }
};

const LISTENERS = ['tcp', 'tls', 'websocket'] as const;

const checkListeners = (value: unknown, collector: Collector): void => {
  const sources = isRecord(value) && Array.isArray(value.sources) ? value.sources : [];
  for (const [index, source] of sources.entries()) {
    if (!isRecord(source) || source.kind !== 'mqtt-broker' || LISTENERS.some((name) => source[name] !== undefined))
      continue;
    collector.add({
      code: 'contradiction',
      path: ['sources', index],
      at: 'value',
      message: { zh: '该服务器没有监听任何端口', en: 'this broker listens nowhere' },
      expected: { zh: 'tcp、tls 或 websocket 至少一项', en: 'at least one of tcp, tls, websocket' },
    });
  }
};

/** Reports what each part allows and the whole forbids. */
export const checkStructure = (value: unknown, collector: Collector): void => {
  checkNesting(value, collector);
  checkGates(value, collector);
  checkListeners(value, collector);
};
