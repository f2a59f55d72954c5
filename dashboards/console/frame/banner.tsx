import type { JSX } from 'preact';
import { useConsole } from '../console-context.ts';
import { troubleOf } from '../state/link.ts';
import type { State } from '../state/state.ts';
import { ageText } from '../texts/spoken.ts';
import { LinkOffIcon } from './icons.tsx';

/** Says that what is shown is not live, for as long as it is not. */
export const ConnectionBanner = ({ state }: { readonly state: State }): JSX.Element | null => {
  const { speech, commands } = useConsole();
  const { link, nowMs } = state;
  const trouble = troubleOf(state);
  if (trouble === undefined) return null;
  const { heardAtMs, retryAtMs } = link;
  const seconds = retryAtMs === undefined ? 0 : Math.ceil((retryAtMs - nowMs) / 1000);
  return (
    <div class="connection-banner" role="alert" data-banner="connection">
      <LinkOffIcon />
      <p>
        <strong>{speech.say(`link.${trouble}Long`, { age: ageText(speech, nowMs - (heardAtMs ?? nowMs)) })}</strong>{' '}
        {/* Read out once, not with every second. */}
        <span aria-hidden="true">
          {seconds > 0 ? speech.say('link.retryIn', { seconds }) : speech.say('link.retrying')}
        </span>
      </p>
      <button type="button" class="button" onClick={commands.retryNow}>
        {speech.say('link.retryNow')}
      </button>
    </div>
  );
};
