import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console-context.ts';
import type { LogInFailure } from '../live/gateway.ts';

const KEYS = { wrong: 'login.wrong', 'too-many': 'login.tooMany', unreachable: 'login.unreachable' } as const;

const fieldOf = (form: HTMLFormElement, name: string): string => {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
};

export const LogIn = ({ expired }: { readonly expired: boolean }): JSX.Element => {
  const { speech, commands } = useConsole();
  const { say, pick } = speech;
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<LogInFailure | undefined>(undefined);

  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setSending(true);
    setFailure(await commands.logIn(fieldOf(form, 'name'), fieldOf(form, 'password')));
    setSending(false);
  };
  const detail = failure?.problem === undefined ? '' : pick(failure.problem);
  const message =
    failure === undefined ? '' : failure.why === 'failed' ? say('login.failed', { detail }) : say(KEYS[failure.why]);

  return (
    <main class="log-in">
      <form class="panel" onSubmit={(event) => void submit(event)}>
        <h2>{say('login.title')}</h2>
        {expired && failure === undefined ? <p class="note">{say('login.expired')}</p> : null}
        <label>
          {say('login.user')}
          <input name="name" autoComplete="username" autoCapitalize="none" spellcheck={false} required maxLength={64} />
        </label>
        <label>
          {say('login.password')}
          <input name="password" type="password" autoComplete="current-password" required maxLength={1024} />
        </label>
        <p class="problem" role="alert">
          {message}
        </p>
        <button type="submit" class="button button-main" disabled={sending}>
          {say(sending ? 'login.sending' : 'login.submit')}
        </button>
      </form>
    </main>
  );
};
