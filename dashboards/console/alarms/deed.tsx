import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console-context.ts';
import type { DeedFailure } from '../live/deeds.ts';

export interface DeedProps {
  readonly label: string;
  readonly children?: ComponentChildren;
  readonly name: string;
  /** Undefined: it is done. */
  run(form: FormData): Promise<DeedFailure | undefined>;
}

/** A small form with one button; says why when the gateway does not do it. */
export const DeedForm = ({ label, name, children, run }: DeedProps): JSX.Element => {
  const { speech } = useConsole();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<DeedFailure | undefined>(undefined);
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    const failed = await run(new FormData(form));
    setBusy(false);
    setFailure(failed);
    if (failed === undefined) form.reset();
  };
  return (
    <form class="deed" data-deed={name} onSubmit={(event) => void submit(event)}>
      {children}
      <button type="submit" class="button" disabled={busy} aria-busy={busy}>
        {label}
      </button>
      <p class="problem" role="alert">
        {failure === undefined ? '' : failure === 'offline' ? speech.say('deed.offline') : speech.pick(failure)}
      </p>
    </form>
  );
};

export const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** Undefined: without an end. */
export const minutesOf = (form: FormData): number | undefined => {
  const minutes = Number(form.get('minutes'));
  return minutes > 0 ? minutes : undefined;
};

/** A choice of durations; 0 stands for `last`, what has no end by the clock. */
export const Minutes = ({
  choices,
  last,
}: {
  readonly choices: readonly number[];
  readonly last: string;
}): JSX.Element => {
  const { speech } = useConsole();
  return (
    <select name="minutes" aria-label={speech.say('deed.howLong')}>
      {choices.map((minutes) => (
        <option key={minutes} value={minutes}>
          {speech.say('deed.minutes', { minutes })}
        </option>
      ))}
      <option value={0}>{last}</option>
    </select>
  );
};
