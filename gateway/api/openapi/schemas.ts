import { z } from 'zod';

export type Json = Readonly<Record<string, unknown>>;

const jsonObject = z.record(z.string(), z.unknown());

/** Reads a part of what was made as an object; empty where there is none. */
export const objectOf = (value: unknown): Json => (value === undefined ? {} : jsonObject.parse(value));

/** Schemas with an id, each once: the `components` of the document. */
export interface Components {
  readonly schemas: ReadonlyMap<string, Json>;
  /** A zod schema as JSON Schema, 2020-12. What has an id moves to the components, and is pointed at. */
  schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json;
}

export const createComponents = (): Components => {
  const schemas = new Map<string, Json>();
  return {
    schemas,
    schemaOf: (schema, io) => {
      const made = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          // The format says it; the expression for it is a screen long.
          if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
        },
      });
      const text = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
      const { $schema: _, $defs, ...rest } = objectOf(JSON.parse(text));
      for (const [id, definition] of Object.entries(objectOf($defs))) {
        const { $schema: __, ...own } = objectOf(definition);
        schemas.set(id, own);
      }
      return rest;
    },
  };
};
