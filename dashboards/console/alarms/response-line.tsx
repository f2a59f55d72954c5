import type { JSX } from 'preact';
import type { AlarmView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { clockText } from '../texts/spoken.ts';
import { CommandList } from './measures.tsx';

/** What the response plan does about an alarm: the level, who was told, what was decided last, what comes next. */
export const ResponseLine = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element | null => {
  const { speech, timezone, responseOf } = useConsole();
  const response = responseOf(alarm.id);
  if (response === undefined) return null;
  const { level, told, nextAt, last } = response;
  const who = told.map(speech.pick).join(', ');
  const waits = alarm.human === 'unacknowledged';
  return (
    <div class="alarm-response" data-response={response.phase}>
      {level === undefined ? null : (
        <p class="alarm-level" data-level={level.code}>
          <span class="label">{speech.say('response.level')}</span> {speech.pick(level)}
        </p>
      )}
      {who === '' ? null : (
        <p>
          <span class="label">{speech.say('response.told')}</span> {who}
        </p>
      )}
      <CommandList list={response.commands} />
      {last === undefined || !waits ? null : <p class="muted">{speech.pick(last.reason)}</p>}
      {nextAt === undefined || !waits ? null : (
        <p class="muted">{speech.say('response.next', { clock: clockText(Date.parse(nextAt), timezone) })}</p>
      )}
    </div>
  );
};
