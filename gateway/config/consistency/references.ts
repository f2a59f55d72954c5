import { canonicalMac } from '../../../ingest/decoders/ble/mac.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import type { Text } from '../../../rules/rule.ts';
import type { Collector } from '../problems/collector.ts';
import { BUILT_IN_ROLES } from '../sections/devices.ts';
import { BUILT_IN_CHANNELS } from '../sections/plan.ts';
import { BUILT_IN_PROFILES, FRIGATE } from '../sections/profiles.ts';
import { placesOf } from './places.ts';

type Target =
  | 'zone'
  | 'device'
  | 'alive'
  | 'profile'
  | 'role'
  | 'channel'
  | 'canary'
  | 'told'
  | 'person'
  | 'notifier'
  | 'rule'
  | 'kind'
  | 'operation';

/** Where the file names something that must be defined elsewhere in it. */
const REFERENCES: readonly (readonly [pattern: string, target: Target])[] = [
  ['zones.*.within', 'zone'],
  ['devices.*.zone', 'zone'],
  ['devices.*.fromZone', 'zone'],
  ['badges.*.zone', 'zone'],
  ['rules.*.for.zones.*', 'zone'],
  ['rules.*.zones.*', 'zone'],
  ['rules.*.initialPersons.~', 'zone'],
  ['devices.*.profile', 'profile'],
  ['badges.*.profile', 'profile'],
  ['rules.*.for.profiles.*', 'profile'],
  ['badges.*.role', 'role'],
  ['clients.*.role', 'role'],
  ['rules.*.for.roles.*', 'role'],
  ['rules.*.suppressedBy.*.rule', 'rule'],
  ['rules.*.roles.~', 'role'],
  ...['plan.*', 'plan.rules.*.*', 'plan.kinds.*.*'].flatMap((response): readonly (readonly [string, Target])[] => [
    [`${response}.notify.*`, 'told'],
    [`${response}.escalate.*.notify.*`, 'told'],
    [`${response}.channels.*`, 'channel'],
    [`${response}.escalate.*.channels.*`, 'channel'],
    [`${response}.commands.*.device`, 'device'],
    [`${response}.releasedBy`, 'role'],
    [`${response}.freezes`, 'operation'],
  ]),
  ['plan.rules.~', 'rule'],
  ['plan.kinds.~', 'kind'],
  ['people.*.roles.*', 'role'],
  ['people.*.addresses.~', 'notifier'],
  ['roster.shifts.*.role', 'role'],
  ['roster.shifts.*.people.*', 'person'],
  ['roster.exceptions.*.role', 'role'],
  ['roster.exceptions.*.shifts.*.people.*', 'person'],
  ['rules.*.for.devices.*', 'device'],
  ['profiles.*.reports.aliveBy.device', 'alive'],
  ['devices.*.reports.aliveBy.device', 'alive'],
  ['badges.*.reports.aliveBy.device', 'alive'],
  ['receivers.*.zone', 'zone'],
  ['receivers.*.canary', 'canary'],
];

const NAMES: Readonly<Record<Target, Text>> = {
  zone: { zh: 'zones 中没有此区域', en: 'no such zone under zones' },
  device: { zh: 'devices 和 badges 中没有此设备', en: 'no such device under devices or badges' },
  alive: { zh: 'devices 和 badges 中没有此设备', en: 'no such device under devices or badges' },
  canary: {
    zh: '既不是 MAC 地址，devices 和 badges 中也没有此设备',
    en: 'neither a MAC address nor a device under devices or badges',
  },
  profile: { zh: '没有此设备类型', en: 'no such profile, built in or under profiles' },
  role: { zh: 'roles 中没有此角色', en: 'no such role under roles' },
  channel: { zh: '没有此通知渠道', en: 'no such channel, built in or under notifiers' },
  told: { zh: 'roles 和 people 中没有此角色或人员', en: 'no such role or person under roles or people' },
  person: { zh: 'people 中没有此人员', en: 'no such person under people' },
  notifier: { zh: 'notifiers 中没有此通知渠道', en: 'no such notifier under notifiers' },
  rule: { zh: 'rules 中没有此规则', en: 'no such rule under rules' },
  kind: { zh: '没有此规则类型', en: 'no such kind of rule' },
  operation: { zh: 'plan.operations 中没有此作业', en: 'no such operation under plan.operations' },
};

/** Those that can be configured, and that of the gateway's own alarms. */
const KINDS: ReadonlySet<string> = new Set([
  ...ruleSchema.options.flatMap(({ shape }) => [...shape.kind.values]),
  'gateway-health',
]);

const SHOWN_MAX = 12;

const known = (names: ReadonlySet<string>): Text => {
  if (names.size === 0) return { zh: '（尚未定义任何一个）', en: 'one that is defined (there is none)' };
  const list = [...names].slice(0, SHOWN_MAX).join(', ') + (names.size > SHOWN_MAX ? ', …' : '');
  return { zh: `以下之一：${list}`, en: `one of ${list}` };
};

const definitions = (value: unknown): Readonly<Record<Target, ReadonlySet<string>>> => {
  const keys = (...patterns: string[]) =>
    patterns.flatMap((pattern) => placesOf(value, pattern)).map((place) => place.value);
  const devices = keys('devices.~', 'badges.~');
  const roles = [...BUILT_IN_ROLES, ...keys('roles.~')];
  const notifiers = keys('notifiers.*.id');
  return {
    zone: new Set(keys('zones.~')),
    device: new Set(devices),
    alive: new Set([...devices, FRIGATE]),
    canary: new Set(devices),
    profile: new Set([...Object.keys(BUILT_IN_PROFILES), ...keys('profiles.~')]),
    role: new Set(roles),
    channel: new Set([...BUILT_IN_CHANNELS, ...notifiers]),
    told: new Set([...roles, ...keys('people.~')]),
    person: new Set(keys('people.~')),
    notifier: new Set(notifiers),
    // The gateway's own alarms are of this rule.
    rule: new Set([...keys('rules.*.id'), 'gateway']),
    kind: KINDS,
    operation: new Set(keys('plan.operations.~')),
  };
};

/** Reports names that nothing in the file defines. Works on a file that the schema has refused, too. */
export const checkReferences = (value: unknown, collector: Collector): void => {
  const defined = definitions(value);
  for (const [pattern, target] of REFERENCES) {
    const names = defined[target];
    for (const place of placesOf(value, pattern)) {
      if (names.has(place.value) || (target === 'canary' && canonicalMac(place.value) !== undefined)) continue;
      collector.add({
        code: 'unknown-reference',
        path: place.path,
        at: place.isKey ? 'key' : 'value',
        message: NAMES[target],
        value: place.value,
        expected: known(names),
        spelled: { given: place.value, valid: names },
      });
    }
  }
};
