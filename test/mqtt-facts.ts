import type { MetricName } from '../ingest/model/metrics.ts';
import type { Case } from './shared-vectors.ts';

/** Names of the published facts: channel and metric here. */
const PLACES: Readonly<Record<string, readonly [channel: string, metric: MetricName]>> = {
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
  snr: ['', 'snrDecibels'],
  count: ['', 'occupancyPersons'],
  active_count: ['', 'activeObjects'],
};

export interface Fact {
  readonly name: string;
  readonly channel: string;
  readonly metric: MetricName;
  /** null: it must not be there. */
  readonly value: unknown;
}

/** What a case of the public MQTT vectors says of values that are metrics here. */
export const factsOf = ({ facts }: Case): readonly Fact[] =>
  (Array.isArray(facts) ? facts : []).flatMap(([name, value]) => {
    const place = PLACES[`${name}`];
    if (place === undefined) return [];
    const [channel, metric] = place;
    return [{ name: `${name}`, channel, metric, value }];
  });
