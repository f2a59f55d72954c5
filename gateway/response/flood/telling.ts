import type { Course, Decision } from '../decision.ts';
import type { Turn } from '../planner.ts';
import { type Flood, outspoken } from './flood.ts';
import { groupToldReason } from './texts.ts';

/** A turn of the alarm through which a group is told of. */
export interface GroupTurn {
  readonly alarm: string;
  readonly turn: Turn;
}

/** What groups have to be told now: through an alarm that was told by itself, or is from now on. */
export const groupTurns = (
  flood: Pick<Flood, 'due'>,
  courses: ReadonlyMap<string, Course>,
  nowMs: number,
): readonly GroupTurn[] =>
  flood.due(nowMs).flatMap(({ alarm, ...size }): readonly GroupTurn[] => {
    const course = courses.get(alarm);
    if (course === undefined) return [];
    const { people, channels } = course;
    const reason = groupToldReason(size);
    const decision: Decision = { type: 'told', alarm, atMs: nowMs, people, channels, reason };
    return [{ alarm, turn: { course: outspoken(course), decisions: [decision], tell: 'rung' } }];
  });
