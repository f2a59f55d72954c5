import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECODERS } from '../../../ingest/decoders/index.ts';
import { isMetricName, METRICS } from '../../../ingest/model/metrics.ts';
import { type Decoded, FAILURE_CODES } from '../../../ingest/model/sample.ts';
import { corpus, type Known, topicOf } from './corpus.ts';
import { ARRIVED_MS, startSession } from './decoding.ts';

/** Longest that one small message may take, milliseconds: a thousand times what it does take. */
const PATIENCE_MS = 500;

const TEXT_MAX = 300;

const expectText = (value: unknown): void => {
  if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(TEXT_MAX);
  else if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  else expect(value === undefined || value === null || typeof value === 'boolean').toBe(true);
};

const expectStamp = ({ timeMs, arrivedMs }: { timeMs: number; arrivedMs: number }): void => {
  expect(arrivedMs).toBe(ARRIVED_MS);
  expect(timeMs >= 946_684_800_000 && timeMs <= ARRIVED_MS + 86_400_000).toBe(true);
};

/** What every decoder promises, whatever came in. */
const expectSound = ({ samples, occurrences, failures, hearings = [], requests = [] }: Decoded): void => {
  for (const sample of samples) {
    expectStamp(sample);
    expectText(sample.channel);
    const values = Object.entries(sample.metrics);
    expect(values.length).toBeGreaterThan(0);
    for (const [name, value] of values) {
      expect(isMetricName(name) && value >= METRICS[name].min && value <= METRICS[name].max, `${name} ${value}`).toBe(
        true,
      );
    }
    if (sample.sequence !== undefined) expect(Number.isFinite(sample.sequence)).toBe(true);
  }
  for (const occurrence of occurrences) {
    expectStamp(occurrence);
    for (const value of [occurrence.id, ...Object.values(occurrence.attributes)]) expectText(value);
  }
  for (const { code, where, expected } of failures) {
    expect(Object.hasOwn(FAILURE_CODES, code)).toBe(true);
    expectText(where);
    expectText(expected);
  }
  for (const { rssiDbm } of hearings) expectText(rssiDbm);
  for (const { topic, payload } of requests) expect(topic.length + payload.length).toBeLessThan(2000);
};

const session = startSession();

const check = (topic: string, bytes: Uint8Array, retained: boolean): void => {
  const started = performance.now();
  const decoded = session.decode(topic, bytes, { retained });
  expect(performance.now() - started, `time for ${topic}`).toBeLessThan(PATIENCE_MS);
  expectSound(decoded);
};

const STRANGE: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1e308, -1e308, 1e-308, 2 ** 53, 4_294_967_296, 0.1],
  ...['', 'x', 'NaN', '-1', '1e999', '2026-13-45T99:99:99Z', '\u0000', '\ud800', '__proto__', 'a'.repeat(2000)],
  ...[[], [[]], [null], {}, { __proto__: 1 }, { constructor: { prototype: 1 } }],
];

const strange = fc.oneof(fc.constantFrom(...STRANGE), fc.double(), fc.integer(), fc.string(), fc.jsonValue());

/** Where in a value to change something: numbers that choose a way down. */
type Way = readonly number[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with what stands at the end of the way replaced, taken out, doubled, renamed, or cut if it is a text. */
const bend = (value: unknown, way: Way, how: number, by: unknown): unknown => {
  const [turn, ...rest] = way;
  // By fours, so that base64 stays what it is.
  if (how === 3 && typeof value === 'string') return value.slice(0, 4 * (turn ?? 1));
  if (turn === undefined) return by;
  if (Array.isArray(value) && value.length > 0) {
    const at = turn % value.length;
    if (rest.length === 0 && how === 1) return value.toSpliced(at, 1);
    if (rest.length === 0 && how === 2) return [...value, ...value];
    return value.with(at, bend(value[at], rest, how, by));
  }
  if (!isObject(value)) return by;
  const keys = Object.keys(value);
  const key = keys[turn % keys.length];
  if (key === undefined) return by;
  const { [key]: bent, ...others } = value;
  if (rest.length === 0 && how === 1) return others;
  if (rest.length === 0 && how === 2) return { ...others, [`${key}_`]: bent };
  return { ...others, [key]: bend(bent, rest, how, by) };
};

const jsonOf = ({ bytes }: Known): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
};

const known = corpus();
const inJson = known.filter((frame) => typeof jsonOf(frame) === 'object');

describe('every decoder, on what it understands', () => {
  it.each(DECODERS.map(({ kind }) => kind))('%s has a frame to bend', (kind) => {
    expect(known.some(({ topic, bytes }) => startSession().frame(topic, bytes).kind === kind)).toBe(true);
  });

  it('stands valid messages with something in them replaced, missing, doubled, renamed or cut', () => {
    const way = fc.array(fc.nat(40), { minLength: 1, maxLength: 6 });
    const bending = fc.tuple(way, fc.nat(3), strange);
    fc.assert(
      fc.property(
        fc.constantFrom(...inJson),
        fc.array(bending, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (frame, bends, retained) => {
          const bent = bends.reduce((value: unknown, [at, how, by]) => bend(value, at, how, by), jsonOf(frame));
          check(frame.topic, Buffer.from(JSON.stringify(bent) ?? 'null'), retained);
        },
      ),
      { numRuns: 6000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('stands valid messages with bytes changed, cut off, joined', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.array(change, { maxLength: 6 }),
        fc.nat(2000),
        fc.constantFrom(...known),
        fc.boolean(),
        (frame, changes, length, other, isJoined) => {
          const bytes = Buffer.concat([frame.bytes, isJoined ? other.bytes : Buffer.alloc(0)]);
          for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          check(frame.topic, bytes.subarray(0, length), false);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('stands a valid message of one format on the topics of another', () => {
    const topics = [...DECODERS.flatMap((decoder) => decoder.topics.map(topicOf)), ...known.map(({ topic }) => topic)];
    fc.assert(
      fc.property(fc.constantFrom(...topics), fc.constantFrom(...known), fc.boolean(), (topic, { bytes }, retained) =>
        check(topic, bytes, retained),
      ),
      { numRuns: 2000 },
    );
  });

  it('stands arbitrary bytes and texts on every topic', () => {
    const topics = DECODERS.flatMap((decoder) => decoder.topics.map(topicOf));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ maxLength: 60 }).map((text) => Buffer.from(text)),
      strange.map((value) => Buffer.from(JSON.stringify(value) ?? 'null')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...topics), bytes, fc.boolean(), (topic, payload, retained) =>
        check(topic, payload, retained),
      ),
      { numRuns: 4000 },
    );
  });

  it('remembers in plain JSON, however it was bent', () => {
    const saved: unknown = session.memories.save();
    expect(JSON.parse(JSON.stringify(saved))).toEqual(saved);
  });
});
