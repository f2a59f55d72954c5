import { isDeepStrictEqual } from 'node:util';
import type { Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import { RELOADED } from './sections.ts';

/** One thing that a reload changes. Fields by their names only: a value may be a secret. */
export interface Change {
  readonly section: (typeof RELOADED)[number];
  readonly what: 'added' | 'removed' | 'changed';
  readonly id: string;
  readonly fields: readonly string[];
  readonly text: Text;
}

const NAMES: Readonly<Record<Change['section'], Text>> = {
  zones: { zh: '区域', en: 'zone' },
  profiles: { zh: '设备类型', en: 'profile' },
  devices: { zh: '设备', en: 'device' },
  roles: { zh: '角色', en: 'role' },
  badges: { zh: '胸牌', en: 'badge' },
  clients: { zh: '客户端', en: 'client' },
  rules: { zh: '规则', en: 'rule' },
  people: { zh: '人员', en: 'person' },
  roster: { zh: '值班表', en: 'roster' },
  plan: { zh: '响应预案', en: 'response plan' },
};

const WHAT: Readonly<Record<Change['what'], Text>> = {
  added: { zh: '新增', en: 'added' },
  removed: { zh: '删除', en: 'removed' },
  changed: { zh: '更改', en: 'changed' },
};

type Entries = ReadonlyMap<string, object>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What a section holds, by id; values that are no entries (a switch of the plan) count as one of their own name. */
const entriesOf = (config: VenueConfig, section: Change['section']): Entries =>
  section === 'rules'
    ? new Map(config.rules.map((rule) => [rule.id, rule]))
    : new Map(
        Object.entries(config[section]).flatMap(([id, value]: [string, unknown]) =>
          value === undefined ? [] : [[id, isObject(value) ? value : { [id]: value }]],
        ),
      );

const fieldsThatDiffer = (before: object, after: object): readonly string[] => {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => !isDeepStrictEqual(old.get(key), now.get(key)));
};

/** These change whom a rule concerns and what its alarms say, and leave how it judges as it was. */
const HARMLESS: ReadonlySet<string> = new Set([
  'for',
  'latching',
  'guidance',
  'realarmMinutes',
  'shelveMaxMinutes',
  'suppressedBy',
]);

const KEPT: Text = { zh: '：判断状态保留', en: ': what it has judged so far is kept' };
const ANEW: Text = {
  zh: '：按新参数重新判断；未结束的报警不会自行消失',
  en: ': it judges anew; open alarms do not vanish by themselves',
};
const GONE: Text = {
  zh: '：未结束的报警保留，直到有人确认',
  en: ': open alarms stay until somebody acknowledges them',
};
const NOTHING: Text = { zh: '', en: '' };

const consequence = ({ section, what, fields }: Omit<Change, 'text'>): Text => {
  if (section !== 'rules' || what === 'added') return NOTHING;
  if (what === 'removed') return GONE;
  return fields.every((field) => HARMLESS.has(field)) ? KEPT : ANEW;
};

const saying = (change: Omit<Change, 'text'>): Change => {
  const { section, what, id, fields } = change;
  const { zh, en } = consequence(change);
  const list = fields.length === 0 ? '' : fields.join(', ');
  return {
    ...change,
    text: {
      zh: `${NAMES[section].zh} ${id} ${WHAT[what].zh}${list === '' ? '' : `（${list}）`}${zh}`,
      en: `${NAMES[section].en} ${id} ${WHAT[what].en}${list === '' ? '' : ` (${list})`}${en}`,
    },
  };
};

const changesOf = (section: Change['section'], before: Entries, after: Entries): readonly Change[] => [
  ...[...before.keys()]
    .filter((id) => !after.has(id))
    .map((id) => saying({ section, what: 'removed', id, fields: [] })),
  ...[...after].flatMap(([id, value]) => {
    const known = before.get(id);
    if (known === undefined) return [saying({ section, what: 'added', id, fields: [] })];
    const fields = fieldsThatDiffer(known, value);
    return fields.length === 0 ? [] : [saying({ section, what: 'changed', id, fields })];
  }),
];

/** What differs, entry by entry, in the order of the sections. */
export const changesBetween = (now: VenueConfig, next: VenueConfig): readonly Change[] =>
  RELOADED.flatMap((section) => changesOf(section, entriesOf(now, section), entriesOf(next, section)));
