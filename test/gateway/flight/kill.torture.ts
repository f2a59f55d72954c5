import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalLine } from '../../../gateway/flight/canonical.ts';
import { differences, raises } from '../survival/differences.ts';
import { ACKNOWLEDGED, CAUSES, EVENING_SECONDS, SPEED } from '../survival/evening.ts';
import type { Played } from '../survival/play.ts';
import { recordingOf, replayed } from './fixture.ts';
import { killPlan, moments, NEAR_SECONDS } from './stepped/plan.ts';
import { playStepped } from './stepped/play.ts';

const KILLS = 100;
/** Judged seconds beyond the time down; `differences` counts in real ones of an evening at speed. */
const LATE_SECONDS = 1 / SPEED;

const directories = ['whole', 'killed'].map((name) => mkdtempSync(join(tmpdir(), `muster-${name}-`)));
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

describe('an evening in judged time, with 100 kills', () => {
  let whole: Played;
  let killed: Played;
  const [wholeDirectory = '', killedDirectory = ''] = directories;

  beforeAll(async () => {
    whole = await playStepped(wholeDirectory, [], EVENING_SECONDS);
    killed = await playStepped(killedDirectory, killPlan(whole, KILLS, EVENING_SECONDS), EVENING_SECONDS);
  }, 1_500_000);

  test('half of them within a second of a raise, a rise, an acknowledgement or a deadline', () => {
    expect([...raises(whole).keys()].toSorted()).toEqual([...CAUSES.keys()].toSorted());
    expect(killed.downs).toHaveLength(KILLS);
    const told = [...moments(whole), ...moments(killed)];
    const near = killed.downs.filter(([from]) => told.some((at) => Math.abs(at - from) <= NEAR_SECONDS));
    expect(near.length).toBeGreaterThanOrEqual(KILLS / 2);
  });

  test('people are told of the same alarms, none twice, each at most a second later than for the time down', () => {
    expect(differences(whole, killed, LATE_SECONDS)).toEqual([]);
    const taken = killed.events.filter(({ type }) => type === 'acknowledged').map(({ alarm }) => alarm.id);
    expect(taken).toHaveLength(ACKNOWLEDGED.length);
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('the recording says again, byte for byte, what each of the 101 lives said, and holds what was committed', () => {
    const paths = recordingOf(killedDirectory);
    const { result, lines } = replayed(paths);
    expect(result).toMatchObject({ runs: KILLS + 1, lost: 0, skipped: 0, difference: undefined });
    expect(replayed(paths).lines).toEqual(lines);
    const said = new Set(lines);
    const missed = killed.events.filter((event) => !said.has(canonicalLine(event)));
    // The store commits in a thread of its own, and may be quicker by a moment: that of a kill.
    const killsMs = killed.downs.map(([from]) => killed.epochMs + from * 1000);
    expect(missed.filter(({ atMs }) => !killsMs.some((killMs) => Math.abs(atMs - killMs) < 1))).toEqual([]);
    expect(missed.length).toBeLessThanOrEqual(KILLS / 50);
  });
});
