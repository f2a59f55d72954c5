import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { POINTS_MAX } from '../../../../gateway/store/history/query.ts';
import type { Sample } from '../../../../ingest/model/sample.ts';
import { START_MS, sampleAt, temporaryDirectory } from '../fixture.ts';
import { openKeeper, type TestKeeper } from '../keeper.ts';

const FOREVER = { fromMs: 0, toMs: 4 * START_MS };

const packAll = (test: TestKeeper): void => {
  test.packDue();
  while (test.upkeep());
};

type Act =
  | { readonly do: 'commit'; readonly samples: readonly Sample[] }
  | { readonly do: 'upkeep'; readonly times: number }
  | { readonly do: 'pack' | 'reopen' };

const DAY_MS = 86_400_000;

const sample = fc
  .record({
    device: fc.constantFrom('kitchen', 'stage', 'foyer'),
    afterMs: fc.oneof(fc.nat(5_000), fc.nat(3 * DAY_MS)),
    lateMs: fc.option(fc.nat(4 * DAY_MS), { nil: undefined, freq: 5 }),
    value: fc.oneof(
      fc.integer({ min: -400, max: 1200 }).map((tenths) => tenths / 10),
      fc.double({ noNaN: true }),
    ),
    both: fc.boolean(),
  })
  .map(({ device, afterMs, lateMs, value, both }): Sample => {
    const nowMs = START_MS + afterMs;
    const made = sampleAt(nowMs, { temperatureCelsius: value, ...(both ? { humidityPercent: value } : {}) }, device);
    return lateMs === undefined ? made : { ...made, timeMs: nowMs - lateMs, timeFrom: 'device', historical: true };
  });

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.array(sample, { minLength: 1, maxLength: 40 }).map((samples): Act => ({ do: 'commit', samples })),
    fc.nat(4).map((times): Act => ({ do: 'upkeep', times })),
    fc.constantFrom<Act>({ do: 'pack' }, { do: 'reopen' }),
  ),
  { maxLength: 25 },
);

/** Values of a device in the order of their times, without its stored times, which the encoder gives. */
const expected = (samples: readonly Sample[], device: string): readonly number[] =>
  samples
    .filter((one) => one.device === device)
    .map(({ metrics }) => metrics.temperatureCelsius ?? Number.NaN)
    .toSorted((a, b) => a - b);

describe('history', () => {
  test('answers every committed reading once, however it was packed and reopened', () => {
    fc.assert(
      fc.property(acts, (list) => {
        const directory = temporaryDirectory();
        let test = openKeeper(directory);
        const committed: Sample[] = [];
        for (const act of list) {
          if (act.do === 'commit') {
            test.commit(act.samples);
            committed.push(...act.samples);
          } else if (act.do === 'upkeep') for (let times = act.times; times > 0; times -= 1) test.upkeep();
          else if (act.do === 'pack') test.packDue();
          else {
            test.close();
            test = openKeeper(directory);
          }
          for (const device of ['kitchen', 'stage', 'foyer']) {
            const { rows } = test.query(device, 'temperatureCelsius', FOREVER);
            const times = rows.map(([time]) => time ?? 0);
            expect(times).toEqual(times.toSorted((a, b) => a - b));
            expect(rows.map(([, value]) => value ?? 0).toSorted((a, b) => a - b)).toEqual(expected(committed, device));
          }
        }
        test.close();
        rmSync(directory, { recursive: true, force: true });
      }),
      { numRuns: 20 },
    );
  });

  test('pages meet without a gap and without a repetition', () => {
    const test = openKeeper(temporaryDirectory());
    const count = POINTS_MAX * 2 + 17;
    for (let start = 0; start < count; start += 5000) {
      const part = Array.from({ length: Math.min(5000, count - start) }, (_, index) =>
        sampleAt(START_MS + (start + index) * 250, { temperatureCelsius: start + index }),
      );
      test.commit(part);
      if (start === 10_000) packAll(test);
    }
    const seen: number[] = [];
    let fromMs: number | undefined = START_MS;
    while (fromMs !== undefined) {
      const { rows, nextMs } = test.query('kitchen', 'temperatureCelsius', { fromMs, toMs: 4 * START_MS });
      expect(rows.length).toBeLessThanOrEqual(POINTS_MAX);
      for (const [, value] of rows) seen.push(value ?? -1);
      fromMs = nextMs;
    }
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index));
    test.close();
  });

  test('steps come in pages too, and a page of readings ends with a whole millisecond', () => {
    const test = openKeeper(temporaryDirectory());
    const start = Math.ceil(START_MS / 1000) * 1000;
    test.commit(Array.from({ length: 90 }, (_, index) => sampleAt(start + Math.floor(index / 3) * 1000)));
    const range = { fromMs: start, toMs: start + 30_000 };
    const paged = (fromMs: number, limit: number, stepMs?: number) =>
      test.query('kitchen', 'temperatureCelsius', { ...range, fromMs, limit, stepMs });
    const steps = paged(start, 20, 1000);
    expect([steps.rows.length, steps.nextMs]).toEqual([20, start + 20_000]);
    const rest = paged(steps.nextMs ?? 0, 20, 1000);
    expect([rest.rows.length, rest.nextMs]).toEqual([10, undefined]);
    const readings = paged(start, 20);
    expect([readings.rows.length, readings.nextMs]).toEqual([18, start + 6000]);
    expect(paged(start, 1).rows).toHaveLength(3);
    test.close();
  });

  test('a step holds minimum, mean and maximum of what lies in it, packed or not', () => {
    const test = openKeeper(temporaryDirectory());
    const minute = 60_000;
    const start = Math.ceil(START_MS / minute) * minute;
    const samples = Array.from({ length: 7200 }, (_, index) =>
      sampleAt(start + index * 1000, { temperatureCelsius: ((index * 7919) % 300) / 10 }),
    );
    test.commit(samples.slice(0, 4000));
    packAll(test);
    test.commit(samples.slice(4000));
    for (const stepMs of [minute, 17_000, 3_600_000]) {
      const { rows } = test.query('kitchen', 'temperatureCelsius', { fromMs: start, toMs: start + 7_200_000, stepMs });
      const steps = new Map<number, number[]>();
      for (const { nowMs, metrics } of samples) {
        const step = Math.floor(nowMs / stepMs) * stepMs;
        const values = steps.get(step) ?? [];
        values.push(metrics.temperatureCelsius ?? 0);
        steps.set(step, values);
      }
      expect(rows.map(([time]) => time)).toEqual([...steps.keys()]);
      for (const [time, min, mean, max] of rows) {
        const values = steps.get(time ?? 0) ?? [];
        expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 9);
      }
    }
    test.close();
  });

  test('a range ends before its last moment and begins with its first', () => {
    const test = openKeeper(temporaryDirectory());
    test.commit([0, 1, 2, 3].map((ms) => sampleAt(START_MS + ms, { temperatureCelsius: ms })));
    const values = (): unknown =>
      test.query('kitchen', 'temperatureCelsius', { fromMs: START_MS + 1, toMs: START_MS + 3 }).rows.map(([, v]) => v);
    expect(values()).toEqual([1, 2]);
    packAll(test);
    expect(values()).toEqual([1, 2]);
    test.close();
  });

  test('slow series do not end in a block for every few readings', () => {
    const test = openKeeper(temporaryDirectory());
    for (let index = 0; index < 100; index += 1) {
      test.commit([sampleAt(START_MS + index * 1000)]);
      packAll(test);
    }
    expect(test.keeper.connection.prepare('SELECT count(*), sum(count) FROM blocks').rows()).toEqual([[1, 100]]);
    test.close();
  });

  test('what all readers have gone past leaves the log, and the file shrinks', () => {
    const test = openKeeper(temporaryDirectory(), { logBytesMax: Infinity });
    const large = Array.from({ length: 20_000 }, (_, index) =>
      sampleAt(START_MS + index, { temperatureCelsius: index }),
    );
    for (let round = 0; round < 40; round += 1) test.commit(large);
    packAll(test);
    expect(test.keeper.log.bytes).toBeGreaterThan(10_000_000);
    test.keeper.commit([{ type: 'complete', sequence: test.keeper.log.lastSequence }]);
    packAll(test);
    expect(test.keeper.log.bytes).toBe(0);
    expect(Number(test.keeper.connection.pragma('freelist_count')) * 8192).toBeLessThan(9_000_000);
    expect(test.gauges.get('logRowsOverrun')).toBe(0);
    test.close();
  });

  test('packing without end does not keep the log from being cut', () => {
    const test = openKeeper(temporaryDirectory(), { packReadings: 10 });
    for (let round = 0; round < 200; round += 1) {
      test.commit(Array.from({ length: 20 }, (_, i) => sampleAt(START_MS + round * 20 + i, {}, `device-${i}`)));
      test.commit(Array.from({ length: 20 }, (_, i) => sampleAt(START_MS + round * 20 + i, undefined, `device-${i}`)));
      test.keeper.commit([{ type: 'complete', sequence: test.keeper.log.lastSequence }]);
      for (let slice = 0; slice < 4; slice += 1) test.upkeep();
    }
    expect(test.keeper.log.after(0, 1000).length).toBeLessThan(100);
    test.close();
  });

  test('a log that is too long is cut, and that is counted', () => {
    const test = openKeeper(temporaryDirectory(), { logBytesMax: 1000 });
    for (let round = 0; round < 5; round += 1)
      test.commit(Array.from({ length: 20 }, (_, i) => sampleAt(START_MS + i)));
    packAll(test);
    expect(test.keeper.log.bytes).toBeLessThanOrEqual(1000);
    expect(test.gauges.get('logRowsOverrun')).toBeGreaterThan(0);
    expect(test.query('kitchen', 'temperatureCelsius', FOREVER).rows).toHaveLength(100);
    test.close();
  });

  test('a damaged block is counted; the others are answered', () => {
    const test = openKeeper(temporaryDirectory());
    for (const day of [0, 2]) {
      test.commit(Array.from({ length: 300 }, (_, i) => sampleAt(START_MS + day * DAY_MS + i * 1000)));
      packAll(test);
    }
    test.keeper.connection.exec("UPDATE blocks SET bytes = x'0100ffff' WHERE id = 1");
    expect(test.query('kitchen', 'temperatureCelsius', FOREVER).rows).toHaveLength(300);
    expect(test.gauges.get('damagedBlocks')).toBe(1);
    test.close();
  });
});
