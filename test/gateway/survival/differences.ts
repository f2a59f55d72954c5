import type { AlarmEvent } from '../../../rules/alarms/alarm.ts';
import { CAUSES, SPEED } from './evening.ts';
import type { Played } from './play.ts';

/** Beyond the time down, real. */
const LATE_SECONDS = 1;

const isRaise = ({ type }: AlarmEvent): boolean => type === 'raised' || type === 'escalated';

/** Seconds of the evening at which people were told, by `rule subject severity`, each list in order. */
export const raises = ({ events, epochMs }: Played): ReadonlyMap<string, readonly number[]> => {
  const all = new Map<string, number[]>();
  for (const event of events.filter(isRaise)) {
    const { rule, subject, severity } = event.alarm;
    const key = `${rule} ${subject} ${severity}`;
    all.set(key, [...(all.get(key) ?? []), (event.atMs - epochMs) / 1000]);
  }
  return all;
};

/** How long the gateway was down between two seconds of the evening. */
const downBetween = ({ downs }: Played, from: number, to: number): number =>
  downs.reduce((sum, [began, ended]) => sum + Math.max(0, Math.min(ended, to) - Math.max(began, from)), 0);

/**
 * What is not as in the evening in which nothing was killed: one line for each alarm.
 * @param lateSeconds how much later than for the time down alone, real
 */
export const differences = (whole: Played, killed: Played, lateSeconds = LATE_SECONDS): readonly string[] => {
  const [expected, got] = [raises(whole), raises(killed)];
  const found: string[] = [];
  for (const key of new Set([...expected.keys(), ...got.keys()])) {
    const [before = [], now = []] = [expected.get(key), got.get(key)];
    if (before.length !== now.length) found.push(`${key}: told ${now.length} times, not ${before.length}`);
    for (const [index, atSeconds] of now.entries()) {
      const onTimeSeconds = before[index] ?? Infinity;
      const causeSeconds = CAUSES.get(key)?.[index] ?? onTimeSeconds;
      const cameLateSeconds = atSeconds - onTimeSeconds;
      const allowedSeconds = downBetween(killed, causeSeconds, atSeconds) + lateSeconds * SPEED;
      if (cameLateSeconds > allowedSeconds)
        found.push(`${key}: ${cameLateSeconds} s late, ${allowedSeconds} s allowed`);
    }
  }
  if (JSON.stringify(whole.told) !== JSON.stringify(killed.told)) {
    const extra = killed.told.filter((line) => !whole.told.includes(line));
    const missing = whole.told.filter((line) => !killed.told.includes(line));
    found.push(`at the end there is ${extra.join(', ')}, there is not ${missing.join(', ')}`);
  }
  return found;
};
