import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AlarmView, ExplanationView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import type { DeedFailure } from '../live/deeds.ts';
import { clockText, metricText, valueText } from '../texts/spoken.ts';

/** The last of them say enough; the trend page shows the rest. */
const READINGS_SHOWN = 5;

type Series = ExplanationView['samples'][number];

const Readings = ({ metric, unit, points }: Series): JSX.Element => {
  const { speech, timezone } = useConsole();
  return (
    <p class="why-readings">
      <strong>{metricText(speech, metric)}</strong>{' '}
      {points
        .slice(-READINGS_SHOWN)
        .map(([ms, value]) => `${clockText(ms, timezone)} ${valueText(speech, metric, value, unit)}`)
        .join(' · ')}
    </p>
  );
};

/** Why there is an alarm: the gateway's own account of it. */
export const Why = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const { speech, commands } = useConsole();
  const [answer, setAnswer] = useState<ExplanationView | DeedFailure | undefined>(undefined);
  const ask = async (): Promise<void> => setAnswer(await commands.deeds.explain(alarm.id));
  return (
    <div class="why" data-why={alarm.id}>
      <button type="button" class="button" onClick={() => void ask()}>
        {speech.say('deed.whyAlarm')}
      </button>
      {answer === undefined ? null : answer === 'offline' ? (
        <p class="problem" role="alert">
          {speech.say('deed.offline')}
        </p>
      ) : 'words' in answer ? (
        <div aria-live="polite">
          <p class="why-words">{speech.pick(answer.words)}</p>
          {answer.samples.map((series) => (
            <Readings key={`${series.channel} ${series.metric}`} {...series} />
          ))}
        </div>
      ) : (
        <p class="problem" role="alert">
          {speech.pick(answer)}
        </p>
      )}
    </div>
  );
};
