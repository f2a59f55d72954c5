import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences, raises } from './survival/differences.ts';
import { ACKNOWLEDGED, CAUSES, SPEED } from './survival/evening.ts';
import { type Fault, type Kill, type Played, playEvening } from './survival/play.ts';

const KILLS = 30;
const FIRST_SECONDS = 8;
const EVERY_SECONDS = 17;
const ARMED_SECONDS = 8;
const DOWN_SECONDS_MAX = 3;
const NEAR_SECONDS = 1;

/** Every other kill waits for an alarm or an answer, the others come at no moment in particular. */
const PLAN: readonly Kill[] = Array.from({ length: KILLS }, (_, index) => ({
  atSeconds: FIRST_SECONDS + EVERY_SECONDS * index + (index % 2 === 0 ? (index * 7) % 5 : 0),
  armedSeconds: index % 2 === 0 ? 0 : ARMED_SECONDS,
  downSeconds: (index % 6) * 2,
}));

/** Few, for what is broken shows at once; those that follow the calls for help are among them. */
const FEW: readonly Kill[] = [3, 7, 11].flatMap((index) => PLAN[index] ?? []);

const directories: string[] = [];

const play = (kills: readonly Kill[], lateMs: number, fault?: Fault): Promise<Played> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-survival-'));
  directories.push(directory);
  return playEvening(directory, kills, fault, lateMs);
};

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

const MUST_NOT_BE_LOST: ReadonlySet<string> = new Set(['raised', 'escalated', 'acknowledged']);

/** How many kills came within a second of a raise or an acknowledgement, or of the deadline of one as planned. */
const near = (killed: Played, whole: Played): number => {
  const moments = [killed, whole].flatMap(({ events, epochMs }) =>
    events.filter(({ type }) => MUST_NOT_BE_LOST.has(type)).map(({ atMs }) => (atMs - epochMs) / 1000),
  );
  return killed.downs.filter(([from]) => moments.some((at) => Math.abs(at - from) <= NEAR_SECONDS)).length;
};

describe('an evening of alarms', () => {
  let whole: Played;
  let killed: Played;
  let hasty: Played;
  let forgetful: Played;

  // Side by side, a little apart: the machine starts one gateway at a time.
  beforeAll(async () => {
    [whole, killed, hasty, forgetful] = await Promise.all([
      play([], 0),
      play(PLAN, 0),
      play(FEW, 500, 'commit'),
      play(FEW, 1_000, 'snapshot'),
    ]);
  }, 150_000);

  test('has at least 12 alarms of 6 kinds, each told as it should be', () => {
    expect([...raises(whole).keys()].toSorted()).toEqual([...CAUSES.keys()].toSorted());
    const raised = whole.events.filter(({ type }) => type === 'raised');
    expect(raised.length).toBeGreaterThanOrEqual(12);
    expect(new Set(raised.map(({ alarm }) => alarm.kind)).size).toBeGreaterThanOrEqual(6);
    expect(whole.events.filter(({ type }) => type === 'acknowledged')).toHaveLength(ACKNOWLEDGED.length);
  });

  test('is the same with 30 kills, half of them within a second of something that must not be lost', () => {
    expect(differences(whole, killed)).toEqual([]);
    expect(killed.downs).toHaveLength(KILLS);
    const downSeconds = killed.downs.map(([from, to]) => (to - from) / SPEED);
    expect(Math.max(...downSeconds)).toBeLessThan(DOWN_SECONDS_MAX);
    expect(near(killed, whole)).toBeGreaterThanOrEqual(KILLS / 2);
  });

  test('takes on every alarm once, and what was taken on stays so', () => {
    const taken = killed.events.filter(({ type }) => type === 'acknowledged').map(({ alarm }) => alarm.id);
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken).toHaveLength(ACKNOWLEDGED.length);
  });

  test('names in the reason of an alarm how long nothing was observed', () => {
    expect(killed.events.filter(({ alarm }) => /not observed/.test(alarm.reason.en)).length).toBeGreaterThan(0);
    expect(whole.events.filter(({ alarm }) => /not observed/.test(alarm.reason.en))).toEqual([]);
  });

  test('is another one where senders are told before the commit', () => {
    expect(differences(whole, hasty)).not.toEqual([]);
  });

  test('is another one where the snapshot is not brought back', () => {
    expect(differences(whole, forgetful)).not.toEqual([]);
  });
});
