import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../../ingest/model/sample.ts';
import { type Case, vectors } from '../../../shared-vectors.ts';
import { ARRIVED_MS } from '../decoding.ts';
import { type Line, startLine } from './lines.ts';

const cases = vectors('nmea.jsonl') ?? [];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const sentencesOf = ({ cycle, sentence }: Case): readonly string[] =>
  Array.isArray(cycle) ? cycle.map(textOf) : [textOf(sentence)];

const fileOf = ({ id }: Case): string => textOf(id).split('/').slice(0, 2).join('/');

interface Expected {
  readonly lat: number;
  readonly lon: number;
  readonly time?: string;
  readonly altMSL?: number;
  readonly speed?: number;
  readonly track?: number;
  readonly eph?: number;
}

const expectedOf = ({ expected }: Case): Expected => JSON.parse(JSON.stringify(expected));

/** What a receiver's clock and the gateway's are apart. */
const LAG_MS = 120;

const arrivalOf = (each: Case): number => {
  const { time } = expectedOf(each) ?? {};
  return time === undefined ? ARRIVED_MS : Date.parse(time) + LAG_MS;
};

/** Where the receiver spoke another protocol, gpsd rounded its position to a tenth of a thousandth of a minute. */
const ROUNDING_DEGREES = 1e-6;

const expectFix = (sample: Sample | undefined, each: Case): void => {
  const expected = expectedOf(each);
  const sentences = sentencesOf(each);
  const last = (type: string): string[] | undefined =>
    sentences
      .filter((sentence) => sentence.slice(3, 6) === type)
      .at(-1)
      ?.split(',');
  const { latitudeDegrees = Number.NaN, longitudeDegrees = Number.NaN } = sample?.metrics ?? {};
  expect(Math.abs(latitudeDegrees - expected.lat)).toBeLessThan(ROUNDING_DEGREES);
  expect(Math.abs(longitudeDegrees - expected.lon)).toBeLessThan(ROUNDING_DEGREES);
  const rmc = last('RMC');
  const gga = last('GGA');
  // gpsd computes a speed where none was told, and keeps one from the fix before: of ours only what was told of this fix.
  const told = rmc?.[1] === (gga ?? rmc)?.[1] && rmc?.[2] === 'A';
  if (told && rmc[7] !== '') expect(sample?.metrics.speedMetersPerSecond).toBeCloseTo(expected.speed ?? Number.NaN, 2);
  if (told && rmc[8] !== '') expect(sample?.metrics.courseDegrees).toBeCloseTo(expected.track ?? Number.NaN, 2);
  if (gga?.[9]) expect(sample?.metrics.altitudeMeters).toBeCloseTo(expected.altMSL ?? Number.NaN, 1);
  if (gga?.[8] && expected.eph !== undefined) {
    expect((sample?.metrics.accuracyMeters ?? 0) / expected.eph).toBeCloseTo(1, 1);
  }
  if (expected.time !== undefined && sample?.timeFrom === 'device') {
    expect(new Date(sample.timeMs).toISOString()).toBe(expected.time);
  }
};

const decodeAll = (line: Line, payloads: readonly string[], arrivedMs: number): readonly Sample[] =>
  payloads.flatMap((payload) => {
    const { samples, failures } = line.decode(payload, { arrivedMs });
    expect(failures).toEqual([]);
    expect(line.kind).toBe('nmea');
    return samples;
  });

const positive = cases.filter(({ negative }) => negative !== true);
const negative = cases.filter((each) => each.negative === true);

describe.skipIf(cases.length === 0)('NMEA 0183 as gpsd understands it', () => {
  it('has the vectors', () => {
    expect(positive.length).toBeGreaterThan(60);
    expect(negative.length).toBeGreaterThan(3);
  });

  it.each([...new Set(positive.map(fileOf))])('%s, sentence by sentence, in the order of the log', (file) => {
    const line = startLine();
    let stamped = 0;
    for (const each of positive.filter((one) => fileOf(one) === file)) {
      const samples = decodeAll(line, sentencesOf(each), arrivalOf(each));
      // The same sentence a second time says nothing new.
      if (samples.length === 0) continue;
      expectFix(samples.at(-1), each);
      if (samples.at(-1)?.timeFrom === 'device') stamped += 1;
    }
    expect(stamped).toBeGreaterThan(0);
  });

  it.each(positive)('$id: all sentences of the cycle in one frame', (each) => {
    const samples = decodeAll(startLine(), [`${sentencesOf(each).join('\r\n')}\r\n`], arrivalOf(each));
    expectFix(samples.at(-1), each);
  });

  it.each(positive)('$id: after the remains of a broken sentence', (each) => {
    for (const sentence of sentencesOf(each)) {
      const whole = startLine().decode(sentence);
      const { samples, failures } = startLine().decode(`\u0000\u00ff${sentence.slice(0, 20)}${sentence}`);
      expect(samples).toEqual(whole.samples);
      expect(failures).toHaveLength(1);
    }
  });

  it.each(positive)('$id: no part of a sentence is a position', (each) => {
    for (const sentence of sentencesOf(each)) {
      for (let length = 0; length < sentence.length; length += 1) {
        const { samples, failures } = startLine().decode(sentence.slice(0, length), { profile: 'nmea' });
        expect(samples).toEqual([]);
        if (length > 0) expect(failures).toHaveLength(1);
      }
    }
  });

  it.each(positive)('$id: a flipped bit is noticed', (each) => {
    const bytes = Buffer.from(textOf(each.sentence), 'latin1');
    for (let index = 1; index < bytes.length - 3; index += 1) {
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ 0x01 : byte));
      expect(startLine().decode(flipped, { profile: 'nmea' }).samples).toEqual([]);
    }
  });

  it.each(negative)('$id: $note', (each) => {
    for (const sentence of sentencesOf(each)) {
      const line = startLine();
      expect(line.decode(sentence)).toMatchObject({ samples: [], failures: [] });
      expect(line.kind).toBe('nmea');
    }
  });
});
