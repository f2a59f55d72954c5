import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteTable } from '../../ingest/byte-table.ts';

const find = (table: ByteTable, word: Uint8Array): number => table.find(word, 0, word.length);

test('numbers words in order of adding, whatever they are, and finds no others', () => {
  const words = fc.uniqueArray(fc.uint8Array({ maxLength: 12 }), { selector: (word) => word.join(), maxLength: 900 });
  fc.assert(
    fc.property(words, fc.uint8Array({ maxLength: 12 }), (list, other) => {
      const table = new ByteTable(12);
      for (const [at, word] of list.entries()) {
        expect(find(table, word)).toBe(-1);
        expect(table.add(word, 0, word.length)).toBe(at);
      }
      expect(list.map((word) => find(table, word))).toEqual(list.map((_, at) => at));
      expect(find(table, other)).toBe(list.findIndex((word) => word.join() === other.join()));
    }),
    { numRuns: 50 },
  );
});

test('a word within other bytes; one too long is not taken; cleared, it is empty', () => {
  const table = new ByteTable(4);
  const bytes = Buffer.from('gate-a');
  expect(table.add(bytes, 0, 4)).toBe(0);
  expect(table.find(Buffer.from('xxgatexx'), 2, 6)).toBe(0);
  expect(table.add(bytes, 0, 5)).toBe(-1);
  expect(find(table, bytes)).toBe(-1);
  table.clear();
  expect(table.find(bytes, 0, 4)).toBe(-1);
  expect(table.add(bytes, 1, 4)).toBe(0);
});

test('grows far beyond its first size', () => {
  const table = new ByteTable(8);
  const words = Array.from({ length: 20_000 }, (_, at) => Buffer.from(`d${at}`));
  for (const word of words) table.add(word, 0, word.length);
  expect(words.every((word, at) => find(table, word) === at)).toBe(true);
  expect(table.size).toBe(20_000);
});
