import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadVenue } from '../../../gateway/config/load.ts';
import { isRecord, schemasAt } from '../../../gateway/config/problems/schema-walk.ts';
import { venueJsonSchema } from '../../../gateway/config/schema.ts';

const doc = (name: string): string => readFileSync(new URL(`../../../gateway/docs/${name}`, import.meta.url), 'utf8');

const schema: unknown = JSON.parse(doc('venue.schema.json'));

/** Paths of a value that the schema says nothing of. */
const unknownPaths = (value: unknown, path: readonly PropertyKey[], whole: unknown): string[] => {
  if (!isRecord(schema)) return ['no schema'];
  if (schemasAt(schema, whole, path).length === 0) return [path.join('.')];
  const parts = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? Object.entries(value) : [];
  return parts.flatMap(([key, inner]) => unknownPaths(inner, [...path, key], whole));
};

const undescribed = (node: unknown, path: string): string[] => {
  if (!isRecord(node)) return [];
  const { properties, additionalProperties, items, oneOf, anyOf } = node;
  const own = isRecord(properties) ? Object.entries(properties) : [];
  const options = [oneOf, anyOf].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  return [
    ...own.flatMap(([key, inner]) => [
      ...(isRecord(inner) && inner.description === undefined && path !== 'rules' ? [`${path}.${key}`] : []),
      ...undescribed(inner, path === '' || path === 'rules' ? key : `${path}.${key}`),
    ]),
    ...[additionalProperties, items, ...options].flatMap((inner) => undescribed(inner, path)),
  ];
};

describe('venue.schema.json', () => {
  test('is that of the program: after a change, muster check --schema > gateway/docs/venue.schema.json', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(venueJsonSchema())));
  });

  test('knows every key of the example', () => {
    const example: unknown = parse(doc('venue.example.yaml'));
    expect(unknownPaths(example, [], example)).toEqual([]);
    const wrong = { venue: { id: 'x', colour: 1 } };
    expect(unknownPaths(wrong, [], wrong)).toEqual(['venue.colour']);
  });

  test('describes every setting', () => {
    const root = isRecord(schema) && isRecord(schema.properties) ? schema.properties : {};
    const { rules: _rules, ...ours } = root;
    expect(undescribed({ properties: ours }, '')).toEqual([]);
  });
});

describe('venue.example.yaml', () => {
  test('is valid and shows every section', () => {
    const loaded = loadVenue(doc('venue.example.yaml'), 'venue.example.yaml');
    expect(loaded.ok ? [] : loaded.errors).toEqual([]);
    const sections = isRecord(schema) && isRecord(schema.properties) ? Object.keys(schema.properties) : ['?'];
    const example: unknown = parse(doc('venue.example.yaml'));
    expect(isRecord(example) && Object.keys(example).toSorted()).toEqual(sections.toSorted());
  });
});
