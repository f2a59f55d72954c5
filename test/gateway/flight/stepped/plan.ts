import { random } from '../../../bench/measure.ts';
import type { Played } from '../../survival/play.ts';
import type { Kill } from './play.ts';

const MUST_NOT_BE_LOST: ReadonlySet<string> = new Set(['raised', 'escalated', 'acknowledged']);
export const NEAR_SECONDS = 1;
const DOWN_SECONDS_MAX = 3;
const RACE_MS_MAX = 25;
const SEED = 6;

/** When people learn something in the evening in which nothing is killed, seconds. */
export const moments = ({ events, epochMs }: Played): readonly number[] =>
  events.filter(({ type }) => MUST_NOT_BE_LOST.has(type)).map(({ atMs }) => (atMs - epochMs) / 1000);

/**
 * Kills all over an evening: three of four within a second of something that must not be lost, for one that falls into the
 * down time of another comes later.
 */
export const killPlan = (whole: Played, kills: number, untilSeconds: number): readonly Kill[] => {
  const next = random(SEED);
  const told = moments(whole).filter((at) => at > 2 && at < untilSeconds - 10);
  return Array.from({ length: kills }, (_, index) => {
    const near = told[Math.floor(next() * told.length)] ?? 10;
    // A third of those come at the very moment, and race with the commit.
    const offset = index % 4 === 0 ? 0 : (2 * next() - 1) * NEAR_SECONDS;
    const anywhere = 5 + next() * (untilSeconds - 15);
    const atSeconds = Math.round(1000 * (index % 4 < 3 ? near + offset : anywhere)) / 1000;
    const downSeconds = Math.floor(next() * (DOWN_SECONDS_MAX + 1));
    return { atSeconds, downSeconds, raceMs: index % 3 === 2 ? undefined : Math.floor(next() * RACE_MS_MAX) };
  });
};
