import type { JSX } from 'preact';
import { useConsole } from '../console-context.ts';
import type { Call } from '../state/state.ts';
import { headline } from './alarm-card.tsx';

/** Reads new alarms out: red and orange at once, the others when the screen reader has finished its sentence. */
export const Announcer = ({ call }: { readonly call: Call | undefined }): JSX.Element => {
  const context = useConsole();
  const { speech } = context;
  const grave = call !== undefined && (call.alarm.severity === 'red' || call.alarm.severity === 'orange');
  const text =
    call === undefined
      ? ''
      : speech.say('alarm.announced', {
          severity: speech.say(`severity.${call.alarm.severity}`),
          ...headline(call.alarm, context),
          reason: speech.pick(call.alarm.reason),
        });
  // The same words twice are no change to a screen reader; a space more is.
  const again = (call?.count ?? 0) % 2 === 0 ? '' : '\u00a0';
  return (
    <div class="announcer">
      <p aria-live="assertive">{grave ? text + again : ''}</p>
      <p aria-live="polite">{grave ? '' : text + again}</p>
    </div>
  );
};
