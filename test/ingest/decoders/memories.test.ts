import { describe, expect, it } from 'vitest';
import { createMemories } from '../../../ingest/decoders/memories.ts';

describe('memories', () => {
  it('gives up the least recently used one and counts it', () => {
    const memories = createMemories({ limit: 2 });
    const first = memories.of('a', () => ({ at: 'a' }));
    memories.of('b', () => ({ at: 'b' }));
    expect(memories.of('a', () => ({}))).toBe(first);
    memories.of('c', () => ({ at: 'c' }));
    expect(memories.evicted).toBe(1);
    expect(memories.size).toBe(2);
    expect(memories.save().map(([key]) => key)).toEqual(['a', 'c']);
  });

  it('survives being saved as JSON and restored', () => {
    const before = createMemories();
    before.of('shelly:em', () => ({ components: { 'em:0': { a_current: [1, 2] } } }));
    const after = createMemories();
    expect(after.restore(JSON.parse(JSON.stringify(before.save())))).toBe(1);
    expect(after.save()).toEqual(before.save());
  });

  it('leaves out what is of another shape', () => {
    const memories = createMemories();
    expect(memories.restore('nonsense')).toBe(0);
    expect(memories.restore([1, ['a'], ['b', null], [3, {}], ['__proto__', { polluted: true }]])).toBe(1);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('restores no more than fit', () => {
    const memories = createMemories({ limit: 2 });
    memories.restore([
      ['a', {}],
      ['b', {}],
      ['c', {}],
    ]);
    expect(memories.save().map(([key]) => key)).toEqual(['b', 'c']);
  });
});
