import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PreAlarmNews } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import type { State } from '../state/state.ts';

/** For whoever has spoken with the wearer. That it is cancelled is the gateway's to say: the pre-alarm goes away then. */
const Cancel = ({ rule, subject }: Pick<PreAlarmNews, 'rule' | 'subject'>): JSX.Element | null => {
  const { speech, commands, mayAcknowledge, nameOf } = useConsole();
  const [phase, setPhase] = useState<'idle' | 'sending' | 'failed'>('idle');
  if (!mayAcknowledge) return null;
  const cancel = (): void => {
    setPhase('sending');
    void commands.cancelPreAlarm(rule, subject).then((taken) => setPhase(taken ? 'sending' : 'failed'));
  };
  return (
    <>
      <div>
        <button
          type="button"
          class="button"
          aria-label={speech.say('alarm.preAlarmCancelLabel', { who: nameOf(subject) })}
          aria-busy={phase === 'sending'}
          disabled={phase === 'sending'}
          onClick={cancel}
        >
          {speech.say(phase === 'sending' ? 'alarm.acking' : 'alarm.preAlarmCancel')}
        </button>
      </div>
      <p class="problem" role="alert">
        {phase === 'failed' ? speech.say('alarm.preAlarmCancelFailed') : ''}
      </p>
    </>
  );
};

/** Wearers who are being asked right now: no alarm yet, but somebody may already turn their head. */
export const PreAlarms = ({ preAlarms }: Pick<State, 'preAlarms'>): JSX.Element | null => {
  const { speech, serverMs, nameOf } = useConsole();
  const running = [...preAlarms.values()].filter(({ until }) => Date.parse(until) > serverMs);
  if (running.length === 0) return null;
  return (
    <ul class="pre-alarms">
      {running.map(({ rule, subject, until }) => (
        <li key={`${rule} ${subject} ${until}`}>
          <strong>{speech.say('alarm.preAlarm')}</strong>{' '}
          {speech.say('alarm.preAlarmLeft', {
            who: nameOf(subject),
            seconds: Math.ceil((Date.parse(until) - serverMs) / 1000),
          })}
          <Cancel rule={rule} subject={subject} />
        </li>
      ))}
    </ul>
  );
};
