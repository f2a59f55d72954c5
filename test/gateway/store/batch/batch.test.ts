import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BatchEncoder } from '../../../../gateway/store/batch/encoder.ts';
import { RECORD } from '../../../../gateway/store/batch/format.ts';
import { BatchFormatError, BatchReader, type Names } from '../../../../gateway/store/batch/reader.ts';
import { Sources } from '../../../../gateway/store/batch/sources.ts';
import { METRIC_NAMES, type Metrics } from '../../../../ingest/model/metrics.ts';
import type { Occurrence, Sample } from '../../../../ingest/model/sample.ts';
import { createOccurrence, createSample } from '../../../../ingest/model/stamp.ts';

const NUMBERS: ReadonlyMap<string, number> = new Map(METRIC_NAMES.map((name, number) => [name, number]));

const namesOf = (sources: Sources): Names => ({ sources: sources.names, metrics: METRIC_NAMES });

const sampleAt = (nowMs: number, metrics: Metrics = { temperatureCelsius: 21.5 }, device = 'kitchen'): Sample =>
  createSample(device, '', nowMs, 'arrival', nowMs, undefined, metrics);

const timeMs = fc.oneof(
  fc.integer({ min: 946_684_800_000, max: 2_000_000_000_000 }),
  fc.double({ min: 1, max: 2e12, noNaN: true }),
);

const name = fc.oneof(fc.constantFrom('gate-a', 'kitchen', '__proto__', ''), fc.string({ unit: 'grapheme' }));

const metrics = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...METRIC_NAMES), fc.double({ noNaN: true })), {
    selector: ([metric]) => metric,
  })
  .map((entries): Metrics => Object.fromEntries(entries));

const samples: fc.Arbitrary<Sample> = fc
  .record({
    device: name,
    channel: name,
    timeMs,
    timeFrom: fc.constantFrom('device' as const, 'arrival' as const),
    arrivedMs: timeMs,
    nowMs: timeMs,
    historical: fc.boolean(),
    sequence: fc.option(fc.oneof(fc.nat(), fc.double({ noNaN: true })), { nil: undefined }),
    metrics,
  })
  .map((fields) => ({ type: 'sample' as const, seat: -1, ...fields }));

const occurrences: fc.Arbitrary<Occurrence> = fc
  .record({
    device: name,
    id: fc.option(fc.string(), { nil: undefined }),
    timeMs,
    attributes: fc.dictionary(name, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))),
  })
  .map(({ device, id, timeMs, attributes }) =>
    createOccurrence(
      device,
      'sos',
      id,
      { timeMs, timeFrom: 'device' },
      { arrivedMs: timeMs, retained: false },
      { ...attributes },
    ),
  );

const readBack = (bytes: Uint8Array, names: Names): readonly (Sample | Occurrence)[] => {
  const reader = new BatchReader(bytes);
  const found: (Sample | Occurrence)[] = [];
  while (reader.next()) {
    if (reader.kind === RECORD.sample) found.push(reader.sample(names));
    if (reader.kind === RECORD.occurrence) found.push(reader.occurrence());
  }
  return found;
};

describe('a batch', () => {
  test('gives back what was handed over, exactly and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(samples, occurrences), { maxLength: 60 }), (items) => {
        const sources = new Sources();
        const encoder = new BatchEncoder(sources, NUMBERS);
        for (const item of items) {
          if (item.type === 'sample') encoder.sample(item);
          else encoder.occurrence(item);
        }
        const batch = encoder.seal();
        expect(readBack(batch.bytes, namesOf(sources))).toEqual(items);
        expect(batch.samples).toBe(items.filter(({ type }) => type === 'sample').length);
        expect(batch.records).toBe(items.length + sources.names.length);
      }),
    );
  });

  test('names its sources before their first sample, once', () => {
    const sources = new Sources([{ number: 0, device: 'kitchen', channel: '', lastUs: 0 }]);
    const encoder = new BatchEncoder(sources, NUMBERS);
    for (const device of ['gate-a', 'kitchen', 'gate-a']) encoder.sample(sampleAt(1_000_000, {}, device));
    const reader = new BatchReader(encoder.seal().bytes);
    const seen: unknown[] = [];
    while (reader.next())
      seen.push(reader.kind === RECORD.source ? [reader.source, reader.sourceName.device] : reader.source);
    expect(seen).toEqual([[1, 'gate-a'], 1, 0, 1]);
  });

  test('keeps events and acknowledgements between the samples', () => {
    const encoder = new BatchEncoder(new Sources(), NUMBERS);
    const event = {
      type: 'pre-alarm',
      atMs: 5,
      rule: 'still',
      kind: 'stillness',
      subject: 'badge-7',
      device: 'badge-7',
      untilMs: 9,
    } as const;
    const acknowledgement = { type: 'acknowledge', nowMs: 6, rule: 'still', subject: 'badge-7' } as const;
    encoder.event(event);
    encoder.acknowledgement(acknowledgement);
    const reader = new BatchReader(encoder.seal().bytes);
    expect(reader.next() && reader.event()).toEqual(event);
    expect(reader.next() && reader.acknowledgement()).toEqual(acknowledgement);
    expect(reader.next()).toBe(false);
  });

  test('grows for a record larger than its buffer, and starts anew after it is sealed', () => {
    const sources = new Sources();
    const encoder = new BatchEncoder(sources, NUMBERS);
    const large = createOccurrence(
      'camera',
      'log',
      undefined,
      { timeMs: 1, timeFrom: 'arrival' },
      { arrivedMs: 1, retained: false },
      { text: '人'.repeat(100_000) },
    );
    encoder.occurrence(large);
    expect(readBack(encoder.seal().bytes, namesOf(sources))).toEqual([large]);
    expect(encoder.isEmpty).toBe(true);
    encoder.sample(sampleAt(1000));
    expect(readBack(encoder.seal().bytes, namesOf(sources))).toEqual([sampleAt(1000)]);
  });

  test('cut, lengthened or foreign bytes are told, never read as something else', () => {
    const encoder = new BatchEncoder(new Sources(), NUMBERS);
    for (let index = 0; index < 3; index += 1) encoder.sample(sampleAt(1000 + index));
    const { bytes } = encoder.seal();
    const read = (wrong: Uint8Array): unknown => readBack(wrong, { sources: [], metrics: METRIC_NAMES });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => read(bytes.slice(0, length))).toThrow(BatchFormatError);
      const cutAndPatched = bytes.slice(0, length);
      if (length >= 12) new DataView(cutAndPatched.buffer).setUint32(8, length, true);
      expect(() => read(cutAndPatched)).toThrow(BatchFormatError);
    }
    expect(() => read(new Uint8Array(64))).toThrow(BatchFormatError);
    expect(() => read(new Uint8Array([...bytes, 0]))).toThrow(BatchFormatError);
  });
});

describe('stored time', () => {
  const storedOf = (items: readonly Sample[], sources = new Sources()): readonly number[] => {
    const encoder = new BatchEncoder(sources, NUMBERS);
    for (const item of items) encoder.sample(item);
    const reader = new BatchReader(encoder.seal().bytes);
    const found: number[] = [];
    while (reader.next()) if (reader.kind === RECORD.sample) found.push(reader.storedUs);
    return found;
  };

  test('rises per source, by a microsecond within one millisecond', () => {
    expect(
      storedOf([sampleAt(1000), sampleAt(1000), sampleAt(1000, {}, 'other'), sampleAt(1001), sampleAt(999)]),
    ).toEqual([1_000_000, 1_000_001, 1_000_000, 1_001_000, 1_001_001]);
  });

  test('goes on where an earlier run stopped', () => {
    const sources = new Sources([{ number: 0, device: 'kitchen', channel: '', lastUs: 1_000_004 }]);
    expect(storedOf([sampleAt(1000)], sources)).toEqual([1_000_005]);
  });

  test('late samples keep their own time and leave the others alone', () => {
    const late = { ...sampleAt(9000), timeMs: 2000, timeFrom: 'device', historical: true } as const;
    expect(storedOf([sampleAt(8000), late, late, sampleAt(8000)])).toEqual([
      8_000_000, 2_000_000, 2_000_001, 8_000_001,
    ]);
  });

  test('a clock set back by an hour does not crowd an hour into microseconds', () => {
    expect(storedOf([sampleAt(7_200_000), sampleAt(3_600_000), sampleAt(3_600_000)])).toEqual([
      7_200_000_000, 3_600_000_000, 3_600_000_001,
    ]);
  });
});
