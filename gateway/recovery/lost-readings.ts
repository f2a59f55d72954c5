import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { ConditionVerdict } from '../../rules/engine.ts';

export const subjectKey = (rule: string, subject: string): string => `${rule}\n${subject}`;

/** Whether a rule would have led to the alarm as it was told last. What is pending or unknown contradicts nothing. */
const contradicts = ({ condition: { phase, severity } }: ConditionVerdict, alarm: Alarm): boolean => {
  if (phase === 'normal') return alarm.condition === 'active';
  if (phase !== 'active') return false;
  return alarm.condition === 'cleared' || (alarm.condition === 'active' && alarm.severity !== severity);
};

/**
 * Subjects of which the end of the log, judged again, says otherwise than people were told, by rules that are as they
 * were: a reading found no room in the log, and nobody knows how things stand. Keys as of `subjectKey`.
 * @param told the alarm as it was told last, by the same key
 */
export const lostSubjects = (
  told: ReadonlyMap<string, Alarm>,
  standing: Iterable<ConditionVerdict>,
  isChanged: (rule: string) => boolean,
): ReadonlySet<string> => {
  const lost = new Set<string>();
  if (told.size === 0) return lost;
  for (const verdict of standing) {
    const key = subjectKey(verdict.rule.id, verdict.subject);
    const alarm = told.get(key);
    if (alarm !== undefined && !isChanged(verdict.rule.id) && contradicts(verdict, alarm)) lost.add(key);
  }
  return lost;
};
