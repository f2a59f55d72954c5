import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences, raises } from '../survival/differences.ts';
import { SPEED } from '../survival/evening.ts';
import type { Played } from '../survival/play.ts';
import { recordingOf, replayed } from './fixture.ts';
import { killPlan } from './stepped/plan.ts';
import { playStepped } from './stepped/play.ts';

/** The short form of kill.torture.ts. */
const UNTIL_SECONDS = 100;
const KILLS = 5;
/** Judged seconds beyond the time down; `differences` counts in real ones of an evening at speed. */
const LATE_SECONDS = 1 / SPEED;

const directories = ['whole', 'killed'].map((name) => mkdtempSync(join(tmpdir(), `muster-${name}-`)));
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

describe('a gateway that is killed', () => {
  let whole: Played;
  let killed: Played;
  const [wholeDirectory = '', killedDirectory = ''] = directories;

  beforeAll(async () => {
    whole = await playStepped(wholeDirectory, [], UNTIL_SECONDS);
    killed = await playStepped(killedDirectory, killPlan(whole, KILLS, UNTIL_SECONDS), UNTIL_SECONDS);
  }, 240_000);

  test('tells people of the same alarms, each once, at most a second later than for the time down', () => {
    expect(differences(whole, killed, LATE_SECONDS)).toEqual([]);
    expect(raises(whole).size).toBeGreaterThanOrEqual(3);
    expect(killed.downs).toHaveLength(KILLS);
  });

  test('has a recording that says again what every one of its lives said', () => {
    const { result, lines } = replayed(recordingOf(killedDirectory));
    expect(result).toMatchObject({ runs: KILLS + 1, lost: 0, skipped: 0, difference: undefined });
    expect(replayed(recordingOf(killedDirectory)).lines).toEqual(lines);
    expect(replayed(recordingOf(wholeDirectory)).result).toMatchObject({ runs: 1, difference: undefined });
  });
});
