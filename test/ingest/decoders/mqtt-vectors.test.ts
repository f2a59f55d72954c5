import { describe, expect, it } from 'vitest';
import { isMetricName, type MetricName } from '../../../ingest/model/metrics.ts';
import { vectors } from '../../shared-vectors.ts';
import { codesOf, decode } from './decoding.ts';

const cases = vectors('mqtt_payloads.jsonl');

/** Names of the published facts: channel and metric here. */
const FACTS: Readonly<Record<string, readonly [channel: string, metric: MetricName]>> = {
  a_current: ['a', 'currentAmps'],
  b_current: ['b', 'currentAmps'],
  c_current: ['c', 'currentAmps'],
  n_current: ['n', 'currentAmps'],
  total_current: ['total', 'currentAmps'],
  total_act_power: ['total', 'powerWatts'],
  temperature: ['', 'temperatureCelsius'],
  humidity: ['', 'humidityPercent'],
  pressure: ['', 'pressurePascals'],
  rssi: ['', 'rssiDbm'],
  count: ['', 'occupancyPersons'],
  active_count: ['', 'activeObjects'],
};

describe.skipIf(cases === undefined)('shared MQTT vectors (needs ../shared/vectors)', () => {
  it('has cases', () => {
    expect(cases?.length).toBeGreaterThan(10);
  });

  for (const { id, family, topic, payload, facts, negative } of cases ?? []) {
    it(`${id}`, () => {
      const decoded = decode(`${topic}`, `${payload}`);
      if (family === 'chirpstack') {
        expect(codesOf(decoded)).toEqual(['unknown-topic']);
        return;
      }
      if (negative === true) {
        expect(decoded.failures.length).toBeGreaterThan(0);
        return;
      }
      expect(decoded.failures).toEqual([]);
      let checked = 0;
      for (const fact of Array.isArray(facts) ? facts : []) {
        const place = FACTS[`${fact[0]}`];
        if (place === undefined || !isMetricName(place[1])) continue;
        const sample = decoded.samples.find(({ channel }) => channel === place[0]);
        expect(sample?.metrics[place[1]] ?? null, `${fact[0]}`).toBe(fact[1]);
        checked += 1;
      }
      expect(checked + decoded.occurrences.length).toBeGreaterThan(0);
    });
  }
});
