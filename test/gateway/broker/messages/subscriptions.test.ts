import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filterMatches } from '../../../../gateway/broker/clients/access.ts';
import { subscriptionIndex } from '../../../../gateway/broker/messages/subscriptions.ts';

test('finds every topic that a filter matches, and forgets filters that were removed as often as added', () => {
  const filter = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', '', '+'), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([levels, rest]) => (rest ? [...levels, '#'] : levels).join('/'));
  const topic = fc
    .array(fc.constantFrom('a', 'b', ''), { minLength: 1, maxLength: 4 })
    .map((levels) => levels.join('/'));
  fc.assert(
    fc.property(fc.array(filter, { maxLength: 6 }), fc.array(filter, { maxLength: 6 }), topic, (stay, go, name) => {
      const index = subscriptionIndex();
      for (const each of [...stay, ...go]) index.add(each);
      index.matches(name);
      for (const each of go) index.remove(each);
      expect(index.matches(name)).toBe(stay.some((each) => filterMatches(each.split('/'), name)));
      expect(index.matches(name)).toBe(stay.some((each) => filterMatches(each.split('/'), name)));
    }),
    { numRuns: 2_000 },
  );
});
