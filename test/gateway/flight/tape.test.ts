import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KIND } from '../../../gateway/flight/format.ts';
import { Tape } from '../../../gateway/flight/tape.ts';
import { pathsIn, temporaryDirectory } from './fixture.ts';

test('a disk that failed once is written to again', async () => {
  const directory = join(temporaryDirectory(), 'f');
  let nowMs = 0;
  const tape = new Tape({
    directory,
    bytesMax: 1024 * 1024,
    keepMs: Infinity,
    pendingBytesMax: 1e6,
    nowMs: () => 0,
    onFailure: () => undefined,
    timers: { now: () => nowMs, after: () => () => undefined, soon: () => undefined },
    headOf: (file, run) => ({ format: 1, version: '0', venue: 'v', run, file }),
  });
  rmSync(directory, { recursive: true });
  tape.flush();
  await new Promise((r) => setTimeout(r, 50));
  expect(tape.writer.isFailing).toBe(true);
  mkdirSync(directory);
  for (let n = 1; n < 6; n += 1) {
    nowMs += 10_000;
    tape.put(KIND.mark, { type: 'gap', atMs: n, lost: 0 });
    tape.flush();
    await new Promise((r) => setTimeout(r, 50));
  }
  expect([tape.writer.pendingBytes, tape.writer.isFailing, pathsIn(directory).length]).toEqual([0, false, 1]);
});
