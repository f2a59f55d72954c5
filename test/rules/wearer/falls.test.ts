import { afterAll, describe, expect, test } from 'vitest';
import type { Random } from '../../../firmware-sim/random.ts';
import { BADGE_TYPES, type BadgeType } from '../../../firmware-sim/wearer/adverts.ts';
import { DAILY } from '../../../firmware-sim/wearer/daily.ts';
import { FALLS } from '../../../firmware-sim/wearer/falls.ts';
import type { Performance } from '../../../firmware-sim/wearer/performance.ts';
import { runs } from '../../runs.ts';
import { perform } from './performing.ts';

/** Parameters were chosen on seeds from 100,000 on; these were not looked at then. */
const SEEDS = Array.from({ length: runs(200) }, (_, index) => index + 1);

interface Row {
  readonly activity: string;
  readonly badge: BadgeType;
  readonly manDown: number;
  readonly asked: number;
  readonly tilt: number;
  /** From the fall to the alarm, median and longest, seconds. */
  readonly median: string;
  readonly longest: string;
  readonly seedsAgainst: readonly number[];
}

const secondsOf = (delays: readonly number[], at: number): string =>
  delays.length === 0
    ? ''
    : `${Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * at))] ?? 0)} s`;

const rowOf = (activity: string, badge: BadgeType, make: (random: Random) => Performance): Row => {
  const outcomes = SEEDS.map((seed) => ({ seed, ...perform(make, activity, badge, seed) }));
  const delays = outcomes.flatMap(({ manDownAfter }) => manDownAfter ?? []).sort((a, b) => a - b);
  const isFall = activity in FALLS;
  return {
    activity,
    badge,
    manDown: outcomes.filter(({ raised }) => raised.has('man-down')).length,
    asked: outcomes.filter(({ asked }) => asked.has('man-down')).length,
    tilt: outcomes.filter(({ raised }) => raised.has('tilt')).length,
    median: secondsOf(delays, 0.5),
    longest: secondsOf(delays, 1),
    seedsAgainst: outcomes.filter(({ raised }) => raised.has('man-down') !== isFall).map(({ seed }) => seed),
  };
};

type Activities = Readonly<Record<string, (random: Random) => Performance>>;

const casesOf = (activities: Activities): readonly (readonly [string, BadgeType])[] =>
  Object.keys(activities).flatMap((activity) => BADGE_TYPES.map((badge) => [activity, badge] as const));

const print = (title: string, rows: readonly Row[]): void => {
  const cells = (row: Row): readonly string[] => [
    row.activity.padEnd(22),
    row.badge.padEnd(13),
    `${row.manDown}`.padStart(9),
    `${row.asked}`.padStart(7),
    `${row.tilt}`.padStart(6),
    row.median.padStart(8),
    row.longest.padStart(8),
  ];
  const head = `${'activity'.padEnd(22)} ${'badge'.padEnd(13)}  man-down   asked   tilt   median  longest`;
  const lines = rows.map((row) => cells(row).join(' '));
  process.stdout.write(`\n${title}, ${SEEDS.length} runs each\n${head}\n${lines.join('\n')}\n`);
};

/** One test an activity and badge; the table of all of them at the end. */
const judged = (title: string, activities: Activities, holds: (row: Row) => void): void => {
  const rows: Row[] = [];
  afterAll(() => print(title, rows));
  test.each(casesOf(activities))(
    '%s, %s',
    (activity, badge) => {
      const make = activities[activity];
      if (make === undefined) throw new Error(activity);
      const row = rowOf(activity, badge, make);
      rows.push(row);
      holds(row);
    },
    60_000,
  );
};

describe('every fall of a badge’s own bytes is a man-down, with default parameters', () => {
  judged('falls', FALLS, (row) => expect(row.seedsAgainst, 'missed').toEqual([]));
});

describe('nothing of a normal evening is, in less than one run of a hundred', () => {
  judged('no falls', DAILY, (row) =>
    expect(row.manDown / SEEDS.length, `false in runs ${row.seedsAgainst}`).toBeLessThan(0.01),
  );
});
