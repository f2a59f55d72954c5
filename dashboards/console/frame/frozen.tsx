import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FrozenView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import type { LiftFailure } from '../live/gateway.ts';
import { clockText } from '../texts/spoken.ts';

const commentOf = (form: HTMLFormElement): string => {
  const value = new FormData(form).get('comment');
  return typeof value === 'string' ? value : '';
};

const One = ({ frozen }: { readonly frozen: FrozenView }): JSX.Element => {
  const { speech, commands, timezone, mayAcknowledge } = useConsole();
  const { say, pick } = speech;
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<LiftFailure | undefined>(undefined);
  const { operation, name, since, reason, releasedBy } = frozen;

  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const comment = commentOf(event.currentTarget);
    setSending(true);
    setFailure(await commands.lift(operation, comment));
    setSending(false);
  };
  const message =
    failure === undefined ? '' : failure.problem === undefined ? say('frozen.unanswered') : pick(failure.problem);
  return (
    <li data-frozen={operation}>
      <p>
        <strong>{say('frozen.title', { operation: pick(name) })}</strong>{' '}
        {say('frozen.since', { clock: clockText(Date.parse(since), timezone) })} {pick(reason)}
      </p>
      {mayAcknowledge ? (
        <form onSubmit={(event) => void submit(event)}>
          <label>
            {say('frozen.why')}
            <input name="comment" required maxLength={500} autoComplete="off" />
          </label>
          <button type="submit" class="button" disabled={sending}>
            {say('frozen.lift')}
          </button>
          <p class="problem" role="alert">
            {message}
          </p>
        </form>
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
        <One key={each.operation} frozen={each} />
      ))}
    </ul>
  );
};
