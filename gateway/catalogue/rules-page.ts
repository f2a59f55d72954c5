import { z } from 'zod';
import { commonShape } from '../../rules/common.ts';
import { LISTED_KINDS, type ListedKind } from '../../rules/kinds/catalogue.ts';
import { PURPOSES } from '../../rules/kinds/purposes.ts';
import { type Parameter, parametersOf } from './parameters.ts';

const kindSchema = z.looseObject({ properties: z.looseObject({ kind: z.looseObject({ const: z.string() }) }) });

/** The name under which a rule of this kind is configured. */
export const nameOf = ({ schema }: ListedKind): string =>
  kindSchema.parse(z.toJSONSchema(schema, { io: 'input' })).properties.kind.const;

const COMMON: ReadonlySet<string> = new Set([
  'kind',
  ...parametersOf(z.strictObject(commonShape)).map(({ name }) => name),
]);

/** Its own parameters: those that every rule has stand in the head of the page. */
export const ownParameters = ({ schema }: ListedKind): readonly Parameter[] =>
  parametersOf(schema).filter(({ name }) => !COMMON.has(name));

/** Plain text in a cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('\n', ' ');

const TABLE = [
  '| | 含义 · meaning | 单位 · unit | 默认 · default | 范围 · range | 默认值的来源 · source of the default |',
  '|---|---|---|---|---|---|',
];

const row = ({ name, zh = '', en = '', unit = '', fallback, range, source = '' }: Parameter): string => {
  const meaning = zh === '' ? cell(en) : `${cell(zh)}<br>${cell(en)}`;
  const value = fallback === undefined ? '' : `\`${cell(fallback)}\``;
  return `| \`${name}\` | ${meaning} | ${cell(unit)} | ${value} | ${cell(range)} | ${cell(source)} |`;
};

const table = (parameters: readonly Parameter[]): readonly string[] =>
  parameters.length === 0 ? [] : [...TABLE, ...parameters.map(row), ''];

const kindLines = (kind: ListedKind): readonly string[] => {
  const name = nameOf(kind);
  const purpose = PURPOSES[name];
  const { consequence, action, owner } = kind.guidance;
  return [
    `## \`${name}\``,
    '',
    ...(purpose === undefined
      ? []
      : [purpose.zh, '', purpose.en, '', `- 级别 · severity: ${purpose.severity.zh} · ${purpose.severity.en}`]),
    `- 后果 · consequence: ${consequence.zh} ${consequence.en}`,
    `- 措施 · action: ${action.zh} ${action.en}`,
    `- 负责 · owner: ${owner.zh} · ${owner.en}`,
    '',
    ...table(ownParameters(kind)),
  ];
};

const HEAD = [
  '# Rule catalogue · 规则目录',
  '',
  'Written by `npm run catalogue` from the schemas of the rules. A rule of `venue.yaml` has an `id`, a `kind` and what that kind',
  'takes; whatever is left out has its default. Durations are seconds where nothing else is said.',
  '',
  '由 `npm run catalogue` 从规则的定义生成。`venue.yaml` 中的每条规则有 `id`、`kind` 及该类型的参数；未写的参数取默认值。未注明单位的时间为秒。',
  '',
  '## 所有规则 · every rule',
  '',
  ...table(parametersOf(z.strictObject(commonShape))),
];

/** The catalogue of rules as a page. */
export const rulesPage = (): string => `${[...HEAD, ...LISTED_KINDS.flatMap(kindLines)].join('\n').trimEnd()}\n`;
