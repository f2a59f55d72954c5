import type { JSX } from 'preact';
import type { AlarmView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { CheckIcon } from '../frame/icons.tsx';
import type { Acknowledging } from '../state/state.ts';
import type { Speech } from '../texts/texts.ts';

const problemText = ({ say, pick }: Speech, state: Acknowledging | undefined, role: string): string => {
  if (state?.phase !== 'failed') return '';
  switch (state.why) {
    case 'unanswered':
      return say('alarm.ackOffline');
    case 'denied':
      return say('alarm.ackDenied', { role });
    case 'gone':
      return say('alarm.ackGone');
    case 'refused':
      return say('alarm.ackFailed', { detail: pick(state.text) });
  }
};

export interface AcknowledgeProps {
  readonly alarm: AlarmView;
  readonly what: string;
  readonly who: string;
  readonly state: Acknowledging | undefined;
}

/** One clear button. It never says `acknowledged`: that is the gateway's to say. */
export const Acknowledge = ({ alarm, what, who, state }: AcknowledgeProps): JSX.Element | null => {
  const { speech, commands, mayAcknowledge, roleName } = useConsole();
  const { say } = speech;
  if (alarm.human !== 'unacknowledged') return null;
  if (!mayAcknowledge) return <p class="note">{say('alarm.ackNeedsGuard')}</p>;
  const sending = state?.phase === 'sending';
  return (
    <div class="acknowledge">
      <button
        type="button"
        class="button button-acknowledge"
        aria-label={say('alarm.ackLabel', { what, who })}
        aria-busy={sending}
        disabled={sending}
        onClick={() => commands.acknowledge(alarm.id)}
      >
        {sending ? null : <CheckIcon />}
        {say(sending ? 'alarm.acking' : 'alarm.ack')}
      </button>
      <p class="problem" role="alert">
        {problemText(speech, state, roleName)}
      </p>
    </div>
  );
};
