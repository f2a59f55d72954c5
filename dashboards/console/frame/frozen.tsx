import type { JSX } from 'preact';
import type { FrozenView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { clockText } from '../texts/spoken.ts';
import { ReasonForm } from './reason-form.tsx';

const One = ({ frozen }: { readonly frozen: FrozenView }): JSX.Element => {
  const { speech, commands, timezone, mayAcknowledge } = useConsole();
  const { say, pick } = speech;
  const { operation, name, since, reason, releasedBy } = frozen;
  return (
    <li data-frozen={operation}>
      <p>
        <strong>{say('frozen.title', { operation: pick(name) })}</strong>{' '}
        {say('frozen.since', { clock: clockText(Date.parse(since), timezone) })} {pick(reason)}
      </p>
      {mayAcknowledge ? (
        <ReasonForm
          label={say('frozen.why')}
          button={say('frozen.lift')}
          submit={(comment) => commands.lift(operation, comment)}
        />
      ) : null}
      {releasedBy === undefined ? null : <p class="note">{say('frozen.by', { role: pick(releasedBy) })}</p>}
    </li>
  );
};

/** Work that an alarm has stopped: in sight until a person lets it go on, whatever became of the alarm. */
export const FrozenBanner = ({ frozen = [] }: { readonly frozen: readonly FrozenView[] | undefined }) => {
  if (frozen.length === 0) return null;
  return (
    <ul class="frozen-banner" data-banner="frozen">
      {frozen.map((each) => (
        <One key={`${each.operation} ${each.releasedBy?.en ?? ''}`} frozen={each} />
      ))}
    </ul>
  );
};
