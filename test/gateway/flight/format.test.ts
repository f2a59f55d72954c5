import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FlightEncoder } from '../../../gateway/flight/encoder.ts';
import { KIND } from '../../../gateway/flight/format.ts';
import { RecordingError, readFlightFile } from '../../../gateway/flight/reader.ts';
import type { FlightRecord } from '../../../gateway/flight/records.ts';
import { FlightWriter } from '../../../gateway/flight/writer.ts';
import type { Frame } from '../../../ingest/model/frame.ts';
import { pathsIn, START_MS, temporaryDirectory } from './fixture.ts';

const writerIn = (directory: string, bytesMax = 1024 * 1024) => {
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  return { writer: new FlightWriter({ directory, bytesMax, keepMs: Infinity, nowMs: () => 0, onFailure }), failures };
};

const all = (path: string): { records: readonly FlightRecord[]; tornBytes: number } => {
  const records: FlightRecord[] = [];
  const reading = readFlightFile(path);
  for (;;) {
    const next = reading.next();
    if (next.done) return { records, tornBytes: next.value.tornBytes };
    records.push(...next.value);
  }
};

const anyFrame: fc.Arbitrary<Frame> = fc.record(
  {
    source: fc.constantFrom('mqtt', 'radio'),
    transport: fc.constantFrom('mqtt', 'ble'),
    address: fc.string({ unit: 'grapheme', maxLength: 20 }),
    payload: fc.uint8Array({ maxLength: 300 }),
    place: fc.nat(5),
    arrivedMs: fc.oneof(
      fc.integer({ min: START_MS, max: START_MS + 1000 }),
      fc.double({ min: 0, max: 1e13, noNaN: true }),
    ),
    retained: fc.boolean(),
    client: fc.string(),
    profile: fc.string(),
    rssiDbm: fc.integer({ min: -127, max: 20 }),
  },
  { requiredKeys: ['source', 'transport', 'address', 'payload', 'arrivedMs', 'retained'] },
);

const shown = ({ place: _, payload, ...rest }: Frame) => ({ ...rest, payload: Buffer.from(payload).toString('hex') });

describe('the format of a recording', () => {
  test('what was written is read again, in its order, over blocks and files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.oneof(anyFrame, fc.nat()), { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        async (blocks) => {
          const directory = temporaryDirectory();
          const encoder = new FlightEncoder();
          const { writer } = writerIn(directory);
          for (const [index, block] of blocks.entries()) {
            if (index === 2) {
              writer.nextFile();
              encoder.forgetRoutes();
            }
            for (const each of block) {
              if (typeof each === 'number') encoder.wake(each, START_MS + each);
              else encoder.frame(each);
            }
            encoder.json(KIND.mark, { type: 'stop', atMs: index });
            writer.append(encoder.seal());
          }
          await writer.end();
          const read = pathsIn(directory).flatMap((path) => all(path).records);
          const expected = blocks.flatMap((block, index) => [
            ...block.map((each) =>
              typeof each === 'number'
                ? { type: 'wake', timer: each, atMs: START_MS + each }
                : { type: 'frame', frame: shown(each) },
            ),
            { type: 'mark', mark: { type: 'stop', atMs: index } },
          ]);
          expect(read.map((each) => (each.type === 'frame' ? { ...each, frame: shown(each.frame) } : each))).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  const threeBlocks = async (): Promise<string> => {
    const directory = temporaryDirectory();
    const { writer } = writerIn(directory);
    const encoder = new FlightEncoder();
    for (const atMs of [1, 2, 3]) {
      encoder.json(KIND.mark, { type: 'stop', atMs });
      writer.append(encoder.seal());
    }
    await writer.end();
    const [path = ''] = pathsIn(directory);
    return path;
  };

  test('cut off at any byte, it is read up to the last whole block, and says how much is torn', async () => {
    const path = await threeBlocks();
    const whole = readFileSync(path);
    const ends = [8];
    for (let at = 8; at < whole.length; ends.push(at)) at += 16 + whole.readUInt32LE(at + 4);
    for (let size = whole.length; size >= 0; size -= 1) {
      writeFileSync(path, whole);
      truncateSync(path, size);
      const { records, tornBytes } = all(path);
      const last = ends.findLast((end) => end <= size) ?? 8;
      expect([size, records.length]).toEqual([size, Math.max(0, ends.indexOf(last))]);
      expect(tornBytes).toBe(Math.max(0, size - last));
    }
  });

  test('a byte that has changed ends the reading there', async () => {
    const path = await threeBlocks();
    const bytes = readFileSync(path);
    const second = 8 + 16 + bytes.readUInt32LE(12);
    bytes.writeUInt8(bytes.readUInt8(second + 16) ^ 1, second + 16);
    writeFileSync(path, bytes);
    expect(all(path)).toMatchObject({ records: [{ mark: { atMs: 1 } }], tornBytes: bytes.length - second });
  });

  test('something else is no recording', () => {
    const path = join(temporaryDirectory(), 'x');
    writeFileSync(path, 'venue: { id: hall }');
    expect(() => all(path)).toThrow(RecordingError);
  });

  test('only its owner can read it', async () => {
    expect(statSync(await threeBlocks()).mode & 0o777).toBe(0o600);
  });
});

describe('the room for recordings', () => {
  const noise = (seed: number): Uint8Array => {
    let state = seed;
    return Uint8Array.from({ length: 40_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state >> 16;
    });
  };

  test('is never more than was given: the oldest files go first', async () => {
    const directory = temporaryDirectory();
    const bytesMax = 16 * 50_000;
    const { writer } = writerIn(directory, bytesMax);
    for (let round = 1; round <= 60; round += 1) {
      writer.append(noise(round));
      await writer.end();
      if (writer.isFull) writer.nextFile();
      const sizes = pathsIn(directory).map((path) => statSync(path).size);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(bytesMax);
    }
    expect(writer.counters.removedFiles).toBeGreaterThan(10);
    expect(pathsIn(directory).length).toBeGreaterThan(5);
  });

  test('a file that cannot be written is given up and counted, and the next one is tried', async () => {
    const directory = temporaryDirectory();
    const { writer, failures } = writerIn(directory);
    // Its name is taken: by another gateway, or by a clock that was set back.
    writeFileSync(join(directory, '00000001.flight'), '');
    writer.append(noise(1));
    writer.append(noise(2));
    await writer.end();
    expect([failures.length, writer.counters.lostBlocks, writer.isFailing, writer.isFull]).toEqual([1, 2, true, true]);
    writer.nextFile();
    writer.append(noise(3));
    await writer.end();
    expect([writer.isFailing, pathsIn(directory).length]).toEqual([false, 2]);
  });
});
