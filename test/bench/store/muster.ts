import { openStore } from '../../../gateway/store/open-store.ts';
import { createSample } from '../../../ingest/model/stamp.ts';
import { sleep } from '../measure.ts';
import { type Contestant, MINUTE_MS } from './contestant.ts';
import { SERIES } from './readings.ts';

const BEHIND_BYTES = 4 * 1024 * 1024;
const FREE_BYTES = 9 * 1024 * 1024;
/** As often as the gateway takes a snapshot, by readings: what is older leaves the log. */
const SNAPSHOT_EVERY = 1_000_000;

const silent = (): void => undefined;

/** Samples of one metric each through the store as the hot path uses it. */
export const musterStore = async (directory: string): Promise<Contestant> => {
  const store = await openStore({
    directory,
    log: { info: silent, warn: silent, error: silent },
    nowMs: Date.now,
    packEverySeconds: 2,
  });
  const devices = Array.from({ length: SERIES }, (_, series) => `climate-${series}`);
  let count = 0;
  const ask = async (series: number, fromMs: number, toMs: number, stepMs?: number): Promise<number> => {
    const query = { device: devices[series] ?? '', channel: '', metric: 'temperatureCelsius', fromMs, toMs, stepMs };
    return (await store.history(query)).values.length / (stepMs === undefined ? 2 : 4);
  };
  const committed = (): Promise<void> => new Promise((resolve) => store.commit(resolve));
  const isPacked = (): boolean => {
    const { openReadings, logBytes = 0, freeBytes = 0 } = store.health().gauges;
    return openReadings === 0 && logBytes < 1000 && freeBytes < FREE_BYTES;
  };
  return {
    add: (series, timeMs, value) => {
      const device = devices[series] ?? '';
      store.sample(createSample(device, '', timeMs, 'arrival', timeMs, undefined, { temperatureCelsius: value }));
      count += 1;
      if (count % SNAPSHOT_EVERY === 0) void store.beginSnapshot().complete();
    },
    isBehind: () => store.health().pendingBytes > BEHIND_BYTES,
    committed,
    settled: async () => {
      await committed();
      await store.beginSnapshot().complete();
      // What the log has freed is given back in slices; it was last looked at before it was freed, perhaps.
      for (let still = 0; still < 10; still = isPacked() ? still + 1 : 0) await sleep(20);
    },
    readings: ask,
    minutes: (series, fromMs, toMs) => ask(series, fromMs, toMs, MINUTE_MS),
    close: () => store.stop(),
  };
};
