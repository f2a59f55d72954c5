import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isText, isTopicFilter } from '../../../../gateway/broker/front/text.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The platform's decoder and a list of what is not allowed, in place of our scanner. */
const reference = (bytes: Uint8Array): boolean => {
  try {
    return !/\p{Cc}|\p{Noncharacter_Code_Point}/u.test(strict.decode(bytes));
  } catch {
    return false;
  }
};

const check = (bytes: Uint8Array): void => {
  expect([Buffer.from(bytes).toString('hex'), isText(bytes, 0, bytes.length)]).toEqual([
    Buffer.from(bytes).toString('hex'),
    reference(bytes),
  ]);
};

test('agrees with the platform’s decoder on texts, and on bytes near the borders', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => check(Buffer.from(text))),
    { numRuns: 1_000 },
  );
  const edge = fc.constantFrom(
    ...[0x00, 0x1f, 0x20, 0x7e, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xb7, 0xbe, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf],
    ...[0xe0, 0xed, 0xee, 0xef, 0xf0, 0xf4, 0xf5, 0xff],
  );
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 5 }), (bytes) => check(Uint8Array.from(bytes))),
    { numRuns: 5_000 },
  );
});

test.each([
  ['#', true],
  ['+', true],
  ['a/+/b', true],
  ['+/+/#', true],
  ['/', true],
  ['', false],
  ['a+', false],
  ['+a', false],
  ['a/#/b', false],
  ['a#', false],
  ['##', false],
])('filter %s: %s', (filter, expected) => {
  const bytes = Buffer.from(filter);
  expect(isTopicFilter(bytes, 0, bytes.length)).toBe(expected);
});
