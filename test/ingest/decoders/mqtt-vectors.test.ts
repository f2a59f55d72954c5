import { describe, expect, it } from 'vitest';
import { factsOf } from '../../mqtt-facts.ts';
import { vectors } from '../../shared-vectors.ts';
import { decode } from './decoding.ts';

const cases = vectors('mqtt_payloads.jsonl');

describe.skipIf(cases === undefined)('shared MQTT vectors (needs ../shared/vectors)', () => {
  it('has cases', () => {
    expect(cases?.length).toBeGreaterThan(10);
  });

  for (const each of cases ?? []) {
    const { id, topic, payload, negative } = each;
    it(`${id}`, () => {
      const decoded = decode(`${topic}`, `${payload}`);
      if (negative === true) {
        expect(decoded.failures.length).toBeGreaterThan(0);
        return;
      }
      expect(decoded.failures).toEqual([]);
      let checked = 0;
      for (const { name, channel, metric, value } of factsOf(each)) {
        const sample = decoded.samples.find((one) => one.channel === channel);
        expect(sample?.metrics[metric] ?? null, name).toBe(value);
        checked += 1;
      }
      expect(checked + decoded.occurrences.length).toBeGreaterThan(0);
    });
  }
});
