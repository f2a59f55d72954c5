import { z } from 'zod';

/** One parameter of a rule, as its schema says. */
export interface Parameter {
  /** `limits.moving.red` */
  readonly name: string;
  readonly en: string | undefined;
  readonly zh: string | undefined;
  readonly unit: string | undefined;
  /** As in JSON; undefined: there is none. */
  readonly fallback: string | undefined;
  readonly range: string;
  /** Where the default comes from. */
  readonly source: string | undefined;
}

/** What is read of a JSON Schema; notes of `param` stand beside its own words. */
const nodeSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  zh: z.string().optional(),
  unit: z.string().optional(),
  source: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  prefixItems: z.array(z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

type Node = z.output<typeof nodeSchema>;

/** A JSON Schema may also be true or false: anything, or nothing more. */
const nodeOf = (json: unknown): Node => nodeSchema.parse(typeof json === 'object' ? json : {});

/** zod bounds whole numbers by what JavaScript can hold. */
const isBound = (limit: number | undefined): limit is number =>
  limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;

const NAMED_MAX = 8;

const rangeOf = (node: Node): string => {
  if (node.enum !== undefined) {
    const named = node.enum.slice(0, NAMED_MAX).map((value) => `\`${String(value)}\``);
    return named.join(', ') + (node.enum.length > NAMED_MAX ? ', …' : '');
  }
  if (node.anyOf !== undefined) return node.anyOf.map((each) => rangeOf(nodeOf(each))).join(' | ');
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = node;
  const from = isBound(minimum) ? `≥ ${minimum}` : isBound(exclusiveMinimum) ? `> ${exclusiveMinimum}` : '';
  const to = isBound(maximum) ? `≤ ${maximum}` : isBound(exclusiveMaximum) ? `< ${exclusiveMaximum}` : '';
  if (from !== '' || to !== '') return [from, to].filter((part) => part !== '').join(', ');
  if (node.prefixItems !== undefined) return `[${node.prefixItems.map((each) => rangeOf(nodeOf(each))).join('; ')}]`;
  if (node.type === 'array') return `[${rangeOf(nodeOf(node.items))}]`;
  if (node.properties !== undefined) return `{ ${Object.keys(node.properties).join(', ')} }`;
  if (node.type === 'object') return `{ …: ${rangeOf(nodeOf(node.additionalProperties))} }`;
  return typeof node.type === 'string' ? node.type : '';
};

/** Notes of a group hold for its members, where these have none of their own. */
type Inherited = Pick<Parameter, 'en' | 'zh' | 'unit' | 'source'>;

const NO_NOTES: Inherited = { en: undefined, zh: undefined, unit: undefined, source: undefined };

const parametersIn = (json: unknown, name: string, above: Inherited): readonly Parameter[] => {
  const node = nodeOf(json);
  const notes: Inherited = {
    en: node.description ?? above.en,
    zh: node.zh ?? above.zh,
    unit: node.unit ?? above.unit,
    source: node.source ?? above.source,
  };
  if (node.properties !== undefined && Object.keys(node.properties).length > 0) {
    const prefix = name === '' ? '' : `${name}.`;
    return Object.entries(node.properties).flatMap(([key, inner]) =>
      parametersIn(inner, prefix + key, name === '' ? NO_NOTES : notes),
    );
  }
  const fallback = node.default === undefined ? undefined : JSON.stringify(node.default);
  return [{ name, ...notes, fallback, range: rangeOf(node) }];
};

/** Parameters of a schema in its order; groups are taken apart. */
export const parametersOf = (schema: z.ZodType): readonly Parameter[] =>
  parametersIn(z.toJSONSchema(schema, { io: 'input' }), '', NO_NOTES);
