import { Duplex } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bleSource } from '../../../../ingest/sources/ble.ts';
import { fakeClock } from '../../../firmware-sim/stage/fake-clock.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const STRANGERS = 1_000_000;
const PER_CHUNK = 500;
const REPORT_BYTES = 24;

/** So many reports in a row, each from an address that was never heard before: phones change theirs every few minutes. */
const fill = (chunk: Buffer, first: number): void => {
  for (let index = 0; index < PER_CHUNK; index += 1) chunk.writeUInt32LE(first + index, index * REPORT_BYTES + 7);
};

const heapMb = (): number => {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};

test('a million strangers leave nothing behind', async () => {
  const report = '043e15020100014f884c33b8cb0902010605ff99040501c3';
  const chunk = Buffer.from(report.repeat(PER_CHUNK), 'hex');
  expect(chunk).toHaveLength(PER_CHUNK * REPORT_BYTES);
  let last = '';
  const stream = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() });
  const source = bleSource({
    id: 'hall',
    where: 'hci0',
    line: ({ onOpen }) => ({
      start: () => onOpen(stream),
      reopen: () => undefined,
      proveLife: () => undefined,
      stop: async () => undefined,
    }),
    rhythm: { intervalMs: 100, windowMs: 100 },
    silenceSeconds: 60,
    timers: fakeClock(),
    log: { warn: () => undefined, info: () => undefined },
    nowMs: () => 0,
  });
  await source.start(({ address }) => {
    last = address;
  });
  const push = (bytes: Buffer): boolean => stream.emit('data', bytes);
  const hear = (from: number, to: number): void => {
    for (let first = from; first < to; first += PER_CHUNK) {
      fill(chunk, first);
      // In two pieces, so that the end of an event is always waited for.
      push(chunk.subarray(0, 1_003));
      push(chunk.subarray(1_003));
    }
  };
  hear(0, 50_000);
  const beforeMb = heapMb();
  hear(50_000, STRANGERS);
  const afterMb = heapMb();
  expect(source.status?.().counters).toMatchObject({ frames: STRANGERS, garbageBytes: 0, malformedEvents: 0 });
  expect(last).toBe('CB:B8:00:0F:42:3F');
  // One word for each of them would be 8 MB.
  expect(afterMb - beforeMb).toBeLessThan(1);
});
