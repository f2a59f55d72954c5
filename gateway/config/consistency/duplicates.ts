import { ADVERT_KINDS } from '../../../ingest/decoders/ble/kinds.ts';
import { canonicalMac } from '../../../ingest/decoders/ble/mac.ts';
import type { Text } from '../../../rules/rule.ts';
import type { Collector } from '../problems/collector.ts';
import { formatPath } from '../problems/problem.ts';
import { isRecord } from '../problems/schema-walk.ts';
import type { Place } from './places.ts';
import { placesOf } from './places.ts';

const NOTHING: Text = { zh: '', en: '' };

const checkUnique = (places: readonly Place[], zh: string, en: string, collector: Collector): void => {
  const first = new Map<string, Place>();
  for (const place of places) {
    const earlier = first.get(place.value);
    if (earlier === undefined) {
      first.set(place.value, place);
      continue;
    }
    const where = formatPath(earlier.path);
    collector.add({
      code: 'duplicate',
      path: place.path,
      at: place.isKey ? 'key' : 'value',
      message: { zh: `${zh}（已用于 ${where}）`, en: `${en} (already used by ${where})` },
      value: place.value,
      expected: NOTHING,
    });
  }
};

const member = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((here, key) => (isRecord(here) && Object.hasOwn(here, key) ? here[key] : undefined), value);

/** A MAC address is the same however it is spelled. */
const inOneSpelling = (place: Place): Place => {
  const [kind = ''] = place.value.split(':', 1);
  const mac = ADVERT_KINDS.has(kind) ? canonicalMac(place.value.slice(kind.length + 1)) : undefined;
  return mac === undefined ? place : { ...place, value: `${kind}:${mac}` };
};

/** Addresses as written, and the default one of each device that has none. */
const addresses = (value: unknown): readonly Place[] => {
  const isDefault = ({ path, value: id }: Place): boolean => {
    const section = String(path[0]);
    const isTaken = section === 'badges' && member(value, 'devices', id) !== undefined;
    return !isTaken && member(value, section, id, 'address') === undefined;
  };
  return ['devices', 'badges'].flatMap((section) => [
    ...placesOf(value, `${section}.*.address`),
    ...placesOf(value, `${section}.*.address.*`),
    ...placesOf(value, `${section}.~`)
      .filter(isDefault)
      .map(({ path, value: id }) => ({ path, value: `senml:${id}`, isKey: true })),
  ]);
};

/** An entry without an id has that of its kind's default. */
const idsIn = (value: unknown, section: string, kind: string, defaultId: string): readonly Place[] => {
  const listed = member(value, section);
  const entries: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const unnamed = entries.flatMap((entry, index) =>
    isRecord(entry) && entry.kind === kind && entry.id === undefined
      ? [{ path: [section, index], value: defaultId, isKey: false }]
      : [],
  );
  return [...placesOf(value, `${section}.*.id`), ...unnamed];
};

/** Reports names and addresses that two things share. */
export const checkDuplicates = (value: unknown, collector: Collector): void => {
  const loginNames = ['devices.~', 'badges.~', 'clients.~'].flatMap((pattern) => placesOf(value, pattern));
  checkUnique(loginNames, '名称重复', 'the name is taken', collector);
  checkUnique(placesOf(value, 'rules.*.id'), '规则名称重复', 'the id of the rule is taken', collector);
  const sources = idsIn(value, 'sources', 'mqtt-broker', 'mqtt');
  checkUnique(sources, '来源名称重复', 'the id of the source is taken', collector);
  checkUnique(placesOf(value, 'sources.*.path'), '串口重复', 'the serial port is taken', collector);
  const sinks = idsIn(value, 'sinks', 'influxdb', 'influxdb');
  checkUnique(sinks, '数据出口名称重复', 'the id of the sink is taken', collector);
  checkUnique(placesOf(value, 'notifiers.*.id'), '通知渠道名称重复', 'the id of the notifier is taken', collector);
  const told = ['roles.~', 'people.~'].flatMap((pattern) => placesOf(value, pattern));
  checkUnique(told, '名称已用于角色', 'the plan could mean the role of that name', collector);
  checkUnique(addresses(value).map(inOneSpelling), '地址重复', 'the address is taken', collector);
};
