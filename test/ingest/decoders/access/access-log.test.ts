import { describe, expect, it } from 'vitest';
import { ARRIVED_MS, codesOf, decode } from '../decoding.ts';

const TOPIC = 'muster/riverside/access/records';
const RECORD = { address: '10.0.0.7', account: 'li.wei', recordId: 'R-20931' };

describe('access logs', () => {
  it('make an occurrence whose identity is the record', () => {
    const { samples, occurrences, failures } = decode(TOPIC, RECORD);
    expect(samples).toEqual([]);
    expect(failures).toEqual([]);
    expect(occurrences).toMatchObject([
      { device: 'records', kind: 'access', id: 'R-20931', timeFrom: 'arrival', timeMs: ARRIVED_MS, attributes: RECORD },
    ]);
  });

  it('take a number for a record, and the time of the reading', () => {
    const { occurrences } = decode(TOPIC, { ...RECORD, recordId: 20931, time: '2025-12-31T23:59:00Z' });
    expect(occurrences).toMatchObject([{ id: '20931', timeFrom: 'device', timeMs: ARRIVED_MS - 60_000 }]);
  });

  it('stand with a time that cannot be right', () => {
    const decoded = decode(TOPIC, { ...RECORD, time: 'yesterday' });
    expect(codesOf(decoded)).toEqual(['wrong-time']);
    expect(decoded.occurrences).toMatchObject([{ id: 'R-20931', timeFrom: 'arrival' }]);
  });

  it.each([
    ['nothing', {}, ['address', 'account', 'recordId'], 'wrong-shape'],
    ['no account', { address: 'a', recordId: 'r' }, ['account'], 'wrong-shape'],
    ['an empty address', { ...RECORD, address: '' }, ['address'], 'wrong-type'],
    ['an account that is no text', { ...RECORD, account: ['li'] }, ['account'], 'wrong-type'],
    ['a record that is a fraction', { ...RECORD, recordId: 1.5 }, ['recordId'], 'wrong-type'],
    ['a record that would have to be cut', { ...RECORD, recordId: 'r'.repeat(257) }, ['recordId'], 'wrong-type'],
  ])('refuse %s', (_name, message, where, code) => {
    const decoded = decode(TOPIC, message);
    expect(decoded.occurrences).toEqual([]);
    expect(decoded.failures.map((failure) => [failure.where, failure.code])).toEqual(where.map((key) => [key, code]));
  });

  it.each(['[]', '"x"', 'null', '{"address":"a"', ''])('refuse %j', (text) => {
    const decoded = decode(TOPIC, text);
    expect(decoded.failures).toHaveLength(1);
    expect(decoded.occurrences).toEqual([]);
  });
});
