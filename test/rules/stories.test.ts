import { describe, expect, test } from 'vitest';
import type { EngineInput } from '../../rules/engine.ts';
import { runs } from '../runs.ts';
import { inputOf, type Said } from './properties/act.ts';
import { CASTS } from './properties/casts.ts';
import { type Given, TIMELINES } from './properties/timelines.ts';
import { EPOCH, type Stage, stage } from './stage.ts';

/** What each timeline tells, worked out from the limits and delays of its rule: second, event, severity. */
const STORIES: Readonly<Record<string, string>> = {
  // 16 + 5 s; silent 30 s after 24; known again at 70; back at 82 + 5 s.
  threshold: `21 raised orange | 54 unknown orange | 70 changed orange | 82 changed orange | 87 cleared orange | 87 closed orange`,
  // Five points at 40, a further one agrees 8 s later; 90 + 30 s; five points again at 190; slow enough at 240 + 15 s.
  'rate-of-change': `50 raised orange | 120 unknown orange | 190 changed orange | 230 changed orange | 240 changed orange | 250 changed orange | 255 cleared orange | 255 closed orange`,
  // 16 + 5 s; both values too old 25 s after 24; 92 + 5 s.
  'heat-index': `21 raised orange | 49 unknown orange | 80 changed orange | 92 changed orange | 97 cleared orange | 97 closed orange`,
  // 16 + 5 s; 24 + 30 s; 82 + 5 s.
  'battery-low': `21 raised blue | 54 unknown blue | 70 changed blue | 82 changed blue | 87 cleared blue | 87 closed blue`,
  // 16 + 5 s; 24 + 30 s; VI at 1.28 In is full after 48 s, of which 16 stood still; 82 + 10 s.
  overcurrent: `21 raised orange | 54 unknown orange | 70 changed orange | 80 escalated red | 82 changed red | 92 cleared red | 92 closed red`,
  // 16 + 5 s; 24 + 30 s; two of three phases are back, then all; 82 + 5 s.
  'phase-imbalance': `21 raised orange | 54 unknown orange | 70 changed orange | 82 changed orange | 82 changed orange | 87 cleared orange | 87 closed orange`,
  // 10 + 4 s; not measured from 20 on; 30 + 6 s.
  'gateway-health': `14 raised yellow | 20 unknown yellow | 26 changed yellow | 30 changed yellow | 36 cleared yellow | 36 closed yellow`,
  // Asked at 14 for 5 s, which the badge confirms; 18 + 15 s; 48 + 3 s; latched, and silent once more.
  tilt: `19 raised orange | 33 unknown orange | 40 changed orange | 51 cleared orange`,
  // 24 s after 12; 40 + 15 s; moves from 76 on for 3 s; silent once more.
  stillness: `36 raised orange | 55 unknown orange | 70 changed orange | 79 cleared orange`,
  // Asked 6 s after 10, not confirmed for 3; 24 + 15 s; 56 + 4 s; silent once more.
  'man-down': `19 raised red | 39 unknown red | 50 changed red | 60 cleared red`,
  // Due a minute after the first sign of life, or the last check-in, and missed 10 s later; silent 30 s after 96 and
  // 170; the second in a row is graver.
  'missed-check-in': `70 raised orange | 84 cleared orange | 154 repeated orange | 170 cleared orange | 240 repeated orange | 300 escalated red`,
  // 0.02 h; 80 + 15 s; half a minute off duty after 118.
  'on-duty-too-long': `72 raised blue | 95 unknown blue | 110 changed blue | 148 cleared blue | 148 closed blue`,
  // 12 + 6 s; 20 + 15 s; 58 + 6 s.
  geofence: `18 raised yellow | 35 unknown yellow | 50 changed yellow | 58 changed yellow | 64 cleared yellow | 64 closed yellow`,
  // 12 s after 4; not mentioned for 30 s; 64 + 5 s.
  'object-left': `16 raised yellow | 50 unknown yellow | 60 changed yellow | 69 cleared yellow | 69 closed yellow`,
  // Both counters 30 s after 0, of a zone with people; heard at 40 for 5 s; 48 + 30 s; the badge after 90.
  silent: `30 raised orange | 30 raised orange | 45 cleared orange | 45 closed orange | 78 raised orange | 90 raised yellow`,
  // At once, each press.
  sos: `4 raised red | 12 repeated red | 20 cleared red`,
  // The fourth at 33 and the sixth at 35, + 2 s; four are left at 51 and two at 53, + 8 s.
  'access-burst': `35 raised orange | 37 escalated red | 59 changed orange | 61 cleared orange`,
  // 6 + 2 s; what is unknown counts; 20 + 5 s.
  'incident-class': `8 raised orange | 20 changed orange | 24 changed orange | 25 cleared orange | 25 closed orange`,
  // 3.2 per m² at 20 + 10 s; a gate is silent at 66 and back at 84; 84 + 30 s.
  'crowd-density': `30 raised yellow | 66 changed yellow | 84 changed yellow | 84 changed yellow | 114 cleared yellow | 114 closed yellow`,
};

const END_SECONDS = 300;

type Make = (said: Said, nowMs: number) => readonly EngineInput[];
const asItIs: Make = (said, nowMs) => [inputOf(said, nowMs)];

/** Everything after `from` and until `to`, seconds. */
const play = (s: Stage, given: readonly Given[], make: Make = asItIs, from = -1, to = END_SECONDS): Stage => {
  for (const [at, said] of given)
    if (at > from && at <= to) for (const input of make(said, EPOCH + at * 1000)) s.at(at).put(input);
  return s.at(to);
};

const briefly = (...parts: readonly Stage[]): string =>
  parts
    .flatMap((s) => s.story())
    .map(([at, type, , severity]) => `${at} ${type} ${severity}`)
    .join(' | ');

test('every kind has a timeline and a story', () => {
  expect(Object.keys(TIMELINES).sort()).toEqual(Object.keys(CASTS).sort());
  expect(Object.keys(STORIES).sort()).toEqual(Object.keys(CASTS).sort());
});

describe.each(Object.entries(CASTS))('%s', (kind, cast) => {
  const given = (TIMELINES[kind] ?? []).toSorted(([a], [b]) => a - b);
  const story = STORIES[kind] ?? '';

  test('goes through all of its phases, each at its instant', () => {
    expect(briefly(play(stage(cast), given))).toEqual(story);
  });

  test('restarted at any moment, the story is the same', () => {
    const times = [...given.map(([at]) => at), ...story.split(' | ').map(Number.parseFloat)];
    const cuts = [...new Set(times.flatMap((at) => [at, at + 0.001, at + 0.5, at - 0.001]))];
    for (const cut of cuts.slice(0, runs(cuts.length))) {
      if (cut < 0) continue;
      const first = play(stage(cast), given, asItIs, -1, cut);
      const second = stage({ ...cast, startSeconds: cut, snapshot: first.save(), alarms: first.open() });
      expect([cut, briefly(first, play(second, given, asItIs, cut))]).toEqual([cut, story]);
    }
  });

  test('what is sent later satisfies no duration and clears nothing', () => {
    const isCall = (said: Said): boolean => 'occurs' in said && said.occurs === 'sos';
    const backFill = given
      .map(([, said]) => said)
      .filter((said) => ('sample' in said || 'occurs' in said) && !isCall(said));
    const late: Make = (said, nowMs) => [
      inputOf(said, nowMs),
      ...backFill.map((each) => inputOf(each, nowMs, nowMs, true)),
    ];
    expect(briefly(play(stage(cast), given, late))).toEqual(story);
  });

  test('a clock of a device that is set back and forth means nothing', () => {
    const offByMs = [0, -3_600_000, 7_200_000, 1_000_000_000, -5];
    let turn = 0;
    const odd: Make = (said, nowMs) => {
      turn += 1;
      const input = inputOf(said, nowMs);
      const timeMs = nowMs + (offByMs[turn % offByMs.length] ?? 0);
      return input.type === 'sample' ? [{ ...input, timeMs, timeFrom: 'device' }] : [input];
    };
    expect(briefly(play(stage(cast), given, odd))).toEqual(story);
  });

  test('what comes twice, at once or later, tells the same', () => {
    let last: EngineInput | undefined;
    const again: Make = (said, nowMs) => {
      const input = inputOf(said, nowMs);
      // As the intake has it: one from before the last that was judged is historical.
      const before = last?.type === 'sample' ? [{ ...last, arrivedMs: nowMs, historical: true }] : [];
      last = input;
      return [input, ...before, input];
    };
    expect(briefly(play(stage(cast), given, again))).toEqual(story);
  });

  test('what comes a moment late under its own stamp counts from that', () => {
    const s = stage(cast);
    for (const [at, said] of given) {
      // What the gateway says of itself is never late.
      const lateBy = 'sample' in said || 'occurs' in said ? 0.4 : 0;
      s.at(at + lateBy).put(inputOf(said, EPOCH + at * 1000, EPOCH + (at + lateBy) * 1000));
    }
    expect(briefly(s.at(END_SECONDS))).toEqual(story);
  });
});
