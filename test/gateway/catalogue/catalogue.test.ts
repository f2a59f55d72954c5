import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cataloguePage, shownOf } from '../../../gateway/catalogue/page.ts';
import { CATALOGUE } from '../../../ingest/decoders/catalogue.ts';
import { DECODERS } from '../../../ingest/decoders/index.ts';

const page = (name: string): string => readFileSync(new URL(`../../../gateway/docs/${name}`, import.meta.url), 'utf8');

test('the page is that of the decoders: after a change, npm run catalogue', () => {
  expect(page('devices.md')).toBe(cataloguePage());
});

test.each(DECODERS.map(({ kind, about }) => [kind, about]))('%s says what it is about', (_kind, about) => {
  expect(about).toBeDefined();
});

describe.each(CATALOGUE.map((entry) => [`${entry.kind}: ${entry.devices.en}`, entry] as const))(
  '%s',
  (_name, entry) => {
    test('has examples of which something comes, and no failure', () => {
      const shown = shownOf(entry);
      for (const { kind, decoded } of shown) {
        expect(decoded.failures).toEqual([]);
        expect(kind).toBeDefined();
      }
      const found = shown.flatMap(({ decoded }) => [...decoded.samples, ...decoded.occurrences]);
      expect(found.length).toBeGreaterThanOrEqual(1);
    });

    test('is told in both languages, with the address of a specification', () => {
      expect(new URL(entry.specification).protocol).toBe('https:');
      for (const { zh, en } of [entry.devices, ...(entry.notes === undefined ? [] : [entry.notes])]) {
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(en).not.toMatch(/\p{Script=Han}/u);
      }
    });
  },
);
