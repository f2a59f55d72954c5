import { z } from 'zod';
import { ruleSchema } from '../../rules/kinds/index.ts';
import type { Text } from '../../rules/rule.ts';

/** A parameter of a rule as people read it. */
export interface Parameter extends Text {
  readonly name: string;
  readonly value: unknown;
  readonly unit?: string;
}

const notesSchema = z.looseObject({
  description: z.string().optional(),
  zh: z.string().optional(),
  unit: z.string().optional(),
});
const kindSchema = z.object({
  properties: z.looseObject({ kind: z.object({ const: z.string() }) }),
});
const unionSchema = z.object({ oneOf: z.array(kindSchema) });

type Notes = z.output<typeof notesSchema>;

/** What the schemas say of each parameter of each kind; read once. */
const readNotes = (): ReadonlyMap<string, ReadonlyMap<string, Notes>> => {
  const { oneOf } = unionSchema.parse(z.toJSONSchema(ruleSchema, { io: 'input', unrepresentable: 'any' }));
  return new Map(
    oneOf.map(({ properties }) => {
      const notes = Object.entries(properties).map(([name, about]) => {
        const read = notesSchema.safeParse(about);
        return [name, read.success ? read.data : {}] as const;
      });
      return [properties.kind.const, new Map(notes)] as const;
    }),
  );
};

let known: ReturnType<typeof readNotes> | undefined;

/** Of every rule alike, or shown elsewhere. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['id', 'kind', 'guidance']);

/** The parameters of a rule as it stood, with their notes. */
export const parametersOf = (kind: string, parameters: Readonly<Record<string, unknown>>): readonly Parameter[] => {
  known ??= readNotes();
  const notes = known.get(kind);
  return Object.entries(parameters)
    .filter(([name, value]) => !NOT_SHOWN.has(name) && value !== undefined)
    .map(([name, value]) => {
      const about = notes?.get(name);
      const en = about?.description ?? name;
      return {
        name,
        value,
        zh: about?.zh ?? en,
        en,
        ...(about?.unit === undefined ? {} : { unit: about.unit }),
      };
    });
};
