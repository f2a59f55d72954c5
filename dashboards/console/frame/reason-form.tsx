import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console-context.ts';
import type { DeedFailure } from '../live/gateway.ts';

interface ReasonFormProps {
  /** What is asked for, and what the button does. */
  readonly label: string;
  readonly button: string;
  /** Answers undefined when it is done, else why not. */
  submit(comment: string): Promise<DeedFailure | undefined>;
}

const commentOf = (form: HTMLFormElement): string => {
  const value = new FormData(form).get('comment');
  return typeof value === 'string' ? value : '';
};

/** A deed that takes a word of why or how. */
export const ReasonForm = ({ label, button, submit }: ReasonFormProps): JSX.Element => {
  const { say, pick } = useConsole().speech;
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<DeedFailure | undefined>(undefined);

  const onSubmit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const comment = commentOf(event.currentTarget);
    setSending(true);
    setFailure(await submit(comment));
    setSending(false);
  };
  const message =
    failure === undefined ? '' : failure.problem === undefined ? say('deed.offline') : pick(failure.problem);
  return (
    <form class="reason-form" onSubmit={(event) => void onSubmit(event)}>
      <label>
        {label}
        <input name="comment" required maxLength={500} autoComplete="off" />
      </label>
      <button type="submit" class="button" disabled={sending}>
        {button}
      </button>
      <p class="problem" role="alert">
        {message}
      </p>
    </form>
  );
};
