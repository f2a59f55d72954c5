import type { JSX } from 'preact';
import { useConsole } from '../console-context.ts';
import type { State } from '../state/state.ts';

/** Wearers who are being asked right now: no alarm yet, but somebody may already turn their head. */
export const PreAlarms = ({ preAlarms }: Pick<State, 'preAlarms'>): JSX.Element | null => {
  const { speech, serverMs, nameOf } = useConsole();
  const running = [...preAlarms.values()].filter(({ until }) => Date.parse(until) > serverMs);
  if (running.length === 0) return null;
  return (
    <ul class="pre-alarms">
      {running.map(({ rule, subject, until }) => (
        <li key={`${rule} ${subject}`}>
          <strong>{speech.say('alarm.preAlarm')}</strong>{' '}
          {speech.say('alarm.preAlarmLeft', {
            who: nameOf(subject),
            seconds: Math.ceil((Date.parse(until) - serverMs) / 1000),
          })}
        </li>
      ))}
    </ul>
  );
};
