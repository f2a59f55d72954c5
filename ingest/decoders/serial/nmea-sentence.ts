import type { DecodeFailure } from '../../model/sample.ts';

/** One sentence, its checksum found right. */
export interface Sentence {
  /** `GGA`: without the talker that says which satellites were used (GP, GL, GA, GB, GN for several). */
  readonly type: string;
  readonly fields: readonly string[];
}

/** NMEA 0183 allows 82; receivers with more decimals exceed it. */
const MAX_CHARACTERS = 200;

const checksumOf = (text: string): number => {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum ^= text.charCodeAt(index);
  return sum;
};

/**
 * Reads the last sentence of a line: what stands before it are the remains of one that was broken off. Undefined for
 * proprietary sentences (`$P…`) and AIS (`!…`), too, which are none of ours.
 */
export const readSentence = (line: string, failures: DecodeFailure[]): Sentence | undefined => {
  const start = Math.max(line.lastIndexOf('$'), line.lastIndexOf('!'));
  if (start !== 0) failures.push({ code: 'wrong-shape', where: 'line', expected: 'a sentence that begins with $' });
  if (start === -1) return undefined;
  const sentence = line.slice(start).trimEnd();
  if (sentence.length > MAX_CHARACTERS) {
    failures.push({ code: 'too-large', where: 'line', expected: `a sentence of at most ${MAX_CHARACTERS} characters` });
    return undefined;
  }
  const [, body = '', digits = ''] = /^[$!]([^*]+)\*([0-9A-Fa-f]{2})$/.exec(sentence) ?? [];
  if (body === '' || Number.parseInt(digits, 16) !== checksumOf(body)) {
    failures.push({
      code: 'wrong-checksum',
      where: sentence.slice(0, 6),
      expected: '*hh, the exclusive or of the sentence',
    });
    return undefined;
  }
  const [address = '', ...fields] = body.split(',');
  if (sentence.startsWith('!') || !/^[A-OQ-Z][A-Z][A-Z]{3}$/.test(address)) return undefined;
  return { type: address.slice(2), fields };
};
