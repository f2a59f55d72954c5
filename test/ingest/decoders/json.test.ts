import { describe, expect, it } from 'vitest';
import { MAX_DEPTH, MAX_JSON_BYTES, parseJson } from '../../../ingest/decoders/json.ts';
import type { DecodeFailure } from '../../../ingest/model/sample.ts';

const parse = (text: string) => {
  const failures: DecodeFailure[] = [];
  return { value: parseJson(Buffer.from(text), failures), codes: failures.map(({ code }) => code) };
};

const nested = (depth: number) => `${'['.repeat(depth)}"${' '.repeat(70)}"${']'.repeat(depth)}`;

describe('JSON payloads', () => {
  it('takes the deepest nesting allowed and refuses one more', () => {
    expect(parse(nested(MAX_DEPTH)).codes).toEqual([]);
    expect(parse(nested(MAX_DEPTH + 1)).codes).toEqual(['not-json']);
    expect(parse(nested(100_000)).codes).toEqual(['not-json']);
  });

  it('does not count brackets within texts', () => {
    const text = JSON.stringify({ note: `\\"${'[{'.repeat(60)}` });
    expect(parse(text)).toEqual({ value: JSON.parse(text), codes: [] });
  });

  it('refuses large payloads unread', () => {
    expect(parse(`"${'x'.repeat(MAX_JSON_BYTES)}"`).codes).toEqual(['too-large']);
  });

  it.each(['', '{', 'nope', '[1,]', '\u0000'])('refuses %j', (text) => {
    expect(parse(text)).toEqual({ value: undefined, codes: ['not-json'] });
  });

  it('reads a view into a larger buffer', () => {
    const bytes = new Uint8Array(Buffer.from('xx[7]xx')).subarray(2, 5);
    expect(parseJson(bytes, [])).toEqual([7]);
  });
});
