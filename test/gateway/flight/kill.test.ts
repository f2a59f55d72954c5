import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalLine } from '../../../gateway/flight/canonical.ts';
import { differences, raises } from '../survival/differences.ts';
import { type Kill, type Played, playEvening } from '../survival/play.ts';
import { recordingOf, replayed } from './fixture.ts';

/** The short form of survival.torture.ts: the beginning of its evening. */
const UNTIL_SECONDS = 80;
/** A call for help, an alarm of heat and an acknowledgement come in this time: each kill but the first waits for one. */
const PLAN: readonly Kill[] = [
  { atSeconds: 20, armedSeconds: 0, downSeconds: 0 },
  { atSeconds: 58, armedSeconds: 8, downSeconds: 3 },
  { atSeconds: 72, armedSeconds: 8, downSeconds: 0 },
];
/** Others run beside it; the torture set, which has the machine for itself, allows one second. */
const LATE_SECONDS = 10;

const directories = ['whole', 'killed'].map((name) => mkdtempSync(join(tmpdir(), `muster-${name}-`)));
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

describe('a gateway that is killed', () => {
  let whole: Played;
  let killed: Played;
  const [wholeDirectory = '', killedDirectory = ''] = directories;

  beforeAll(async () => {
    [whole, killed] = await Promise.all([
      playEvening(wholeDirectory, [], UNTIL_SECONDS),
      playEvening(killedDirectory, PLAN, UNTIL_SECONDS),
    ]);
  }, 240_000);

  test('tells people of the same alarms, each once', () => {
    expect(differences(whole, killed, LATE_SECONDS)).toEqual([]);
    expect(raises(whole).size).toBeGreaterThanOrEqual(3);
    expect(killed.downs).toHaveLength(PLAN.length);
  });

  test('has a recording that says again what every one of its lives said', () => {
    const paths = recordingOf(killedDirectory);
    const { result, lines } = replayed(paths);
    expect(result).toMatchObject({ runs: PLAN.length + 1, lost: 0, skipped: 0, difference: undefined });
    expect(replayed(paths).lines).toEqual(lines);
    // What was committed in the store was recorded by then: it comes, in its order, among what was said.
    let at = -1;
    for (const event of killed.events) {
      at = lines.indexOf(canonicalLine(event), at + 1);
      expect(at, canonicalLine(event)).toBeGreaterThanOrEqual(0);
    }
    expect(killed.events.length).toBeGreaterThan(3);
  });

  test('and so does one that is not', () => {
    const { result, lines } = replayed(recordingOf(wholeDirectory));
    expect(result).toMatchObject({ runs: 1, difference: undefined });
    expect(lines.filter((line) => line.startsWith('{"alarm"'))).toEqual(whole.events.map(canonicalLine));
  });
});
