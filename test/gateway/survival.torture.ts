import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences, raises } from './survival/differences.ts';
import { ACKNOWLEDGED, CAUSES, EVENING_SECONDS, SPEED } from './survival/evening.ts';
import { type Fault, type Kill, type Played, playEvening } from './survival/play.ts';

const KILLS = 30;
const FIRST_SECONDS = 50;
const EVERY_SECONDS = 17;
/** How long a kill waits for people to learn something; then it comes at no moment in particular. */
const ARMED_SECONDS = 12;
const DOWN_SECONDS_MAX = 3;
const NEAR_SECONDS = 1;

const PLAN: readonly Kill[] = Array.from({ length: KILLS }, (_, index) => ({
  atSeconds: FIRST_SECONDS + EVERY_SECONDS * index,
  armedSeconds: ARMED_SECONDS,
  downSeconds: (index % 4) * 2,
}));

/** Few, for what is broken shows at once: they wait for three calls for help, and for an acknowledgement. */
const FEW: readonly Kill[] = [62, 131, 198, 228].map((atSeconds) => ({
  atSeconds,
  armedSeconds: ARMED_SECONDS,
  downSeconds: 4,
}));
/** When the evenings with few end. */
const EARLY_SECONDS = 270;

const directories: string[] = [];

const play = (kills: readonly Kill[], untilSeconds = EVENING_SECONDS, fault?: Fault): Promise<Played> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-survival-'));
  directories.push(directory);
  return playEvening(directory, kills, untilSeconds, fault);
};

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

const MUST_NOT_BE_LOST: ReadonlySet<string> = new Set(['raised', 'escalated', 'acknowledged']);

/** How many kills came within a second of a raise or an acknowledgement, or of the deadline of one as planned. */
const near = (killed: Played, whole: Played): number => {
  const planned = whole.events.filter(({ type }) => MUST_NOT_BE_LOST.has(type));
  const moments = [...killed.seen, ...planned.map(({ atMs }) => (atMs - whole.epochMs) / 1000)];
  return killed.downs.filter(([from]) => moments.some((at) => Math.abs(at - from) <= NEAR_SECONDS)).length;
};

describe('an evening of alarms', () => {
  let whole: Played;
  let killed: Played;
  let early: Played;
  let sound: Played;
  let hasty: Played;
  let forgetful: Played;

  // Two at a time where it matters: more of them would keep a start waiting for longer than a gateway may be down here.
  beforeAll(async () => {
    [whole, killed] = await Promise.all([play([]), play(PLAN)]);
    const few = (fault?: Fault) => play(FEW, EARLY_SECONDS, fault);
    [early, sound, hasty, forgetful] = await Promise.all([
      play([], EARLY_SECONDS),
      few(),
      few('commit'),
      few('snapshot'),
    ]);
  }, 400_000);

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

  test('is the same with few kills, but not where senders are told before the commit', () => {
    expect(differences(early, sound)).toEqual([]);
    expect(differences(early, hasty)).not.toEqual([]);
  });

  test('…nor where the snapshot is not brought back', () => {
    expect(differences(early, forgetful)).not.toEqual([]);
  });
});
