import type { Text } from '../../../rules/rule.ts';

type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const records = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const property = (schema: Json, name: string): Json | undefined => {
  const { properties, additionalProperties } = schema;
  if (isRecord(properties) && Object.hasOwn(properties, name)) {
    const found = properties[name];
    return isRecord(found) ? found : undefined;
  }
  return isRecord(additionalProperties) ? additionalProperties : undefined;
};

const element = (schema: Json, index: number): Json | undefined => {
  const inTuple = records(schema.prefixItems)[index];
  return inTuple ?? (isRecord(schema.items) ? schema.items : undefined);
};

/** What tells the variants of a union apart, outer ones first. */
const TAGS = ['kind', 'version'] as const;

/** True where the value names this variant, or leaves the tag out and this variant is the default. */
const isNamed = (option: Json, value: Json, tag: string): boolean => {
  const constant = property(option, tag)?.const;
  return constant !== undefined && constant === (value[tag] ?? property(option, tag)?.default);
};

const narrowed = (options: readonly Json[], value: unknown): readonly Json[] => {
  if (!isRecord(value)) return options;
  return TAGS.reduce((left, tag) => {
    const named = left.filter((option) => isNamed(option, value, tag));
    return named.length > 0 ? named : left;
  }, options);
};

/** Of a union told apart by tags the variant that the value names; else all of them. */
const variants = (schema: Json, value: unknown): readonly Json[] => {
  const options = [...records(schema.oneOf), ...records(schema.anyOf)];
  if (options.length === 0) return [schema];
  return narrowed(options, value).flatMap((option) => variants(option, value));
};

const child = (value: unknown, part: PropertyKey): unknown => {
  if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined;
  return isRecord(value) && Object.hasOwn(value, part) ? value[String(part)] : undefined;
};

/** The value at a path; undefined where there is none. */
export const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown => path.reduce(child, root);

/** The parts of a JSON Schema that speak of the value at a path. */
export const schemasAt = (root: Json, value: unknown, path: readonly PropertyKey[]): readonly Json[] => {
  let schemas = variants(root, value);
  let here = value;
  for (const part of path) {
    here = child(here, part);
    const next = here;
    schemas = schemas
      .map((schema) => (typeof part === 'number' ? element(schema, part) : property(schema, String(part))))
      .filter((schema) => schema !== undefined)
      .flatMap((schema) => variants(schema, next));
  }
  return schemas;
};

/** Keys that may be written in the mapping that these schemas describe. */
export const keysOf = (schemas: readonly Json[]): readonly string[] => [
  ...new Set(schemas.flatMap(({ properties }) => (isRecord(properties) ? Object.keys(properties) : []))),
];

const TYPES: Readonly<Record<string, Text>> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '数字', en: 'a number' },
  integer: { zh: '整数', en: 'a whole number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  object: { zh: '映射（键: 值）', en: 'a mapping of keys and values' },
  record: { zh: '映射（键: 值）', en: 'a mapping of keys and values' },
  array: { zh: '列表', en: 'a list' },
  tuple: { zh: '列表', en: 'a list' },
};

/** Words for a type as zod and JSON Schema name it. */
export const typeText = (type: string): Text => TYPES[type] ?? { zh: type, en: type };

const limit = (value: unknown): number | undefined =>
  // Bounds that only say "a safe integer" would confuse.
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

/** Words for the range of a number, from its schema: `0 to 100`, `above 0, at most 5`. */
export const rangeText = (schema: Json): Text | undefined => {
  const [min, over] = [limit(schema.minimum), limit(schema.exclusiveMinimum)];
  const max = limit(schema.maximum);
  if (min !== undefined && max !== undefined) return { zh: `${min} 至 ${max}`, en: `${min} to ${max}` };
  const low =
    min === undefined
      ? over === undefined
        ? undefined
        : [`大于 ${over}`, `above ${over}`]
      : [`至少 ${min}`, `at least ${min}`];
  const high = max === undefined ? undefined : [`最多 ${max}`, `at most ${max}`];
  const parts = [low, high].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return { zh: parts.map(([zh]) => zh).join('，'), en: parts.map(([, en]) => en).join(', ') };
};

/** The documentation of a value, from its schema. */
export const describedAs = (schemas: readonly Json[]): string | undefined => {
  const text = schemas[0]?.description;
  return typeof text === 'string' ? text : undefined;
};
