import type { JSX } from 'preact';
import type { CommandView, FollowUpView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { ReasonForm } from '../frame/reason-form.tsx';
import { ageText, clockText } from '../texts/spoken.ts';

const Command = ({ command }: { readonly command: CommandView }): JSX.Element => {
  const { speech, commands, mayAcknowledge, timezone } = useConsole();
  const { say, pick } = speech;
  const { id, name, do: what, state, settledAt, by, comment } = command;
  const clock = clockText(Date.parse(settledAt ?? command.at), timezone);
  return (
    <li data-command={id} data-state={state} class={state === 'overdue' ? 'measure-overdue' : ''}>
      <span class="label">{pick(name)}</span> {what}: {say(`command.${state}`, { clock, who: by ?? '' })}
      {comment === undefined ? null : ` (${comment})`}
      {state === 'overdue' && mayAcknowledge ? (
        <ReasonForm
          label={say('command.how')}
          button={say('command.byHand')}
          submit={(how) => commands.commandDone(id, how)}
        />
      ) : null}
    </li>
  );
};

/** What actuators were told for an alarm, and whether it was done. */
export const CommandList = ({ list = [] }: { readonly list: readonly CommandView[] | undefined }) =>
  list.length === 0 ? null : (
    <ul class="measures">
      {list.map((command) => (
        <Command key={command.id} command={command} />
      ))}
    </ul>
  );

const FollowUp = ({ followUp }: { readonly followUp: FollowUpView }): JSX.Element => {
  const { speech, commands, mayAcknowledge, timezone, nameOf, serverMs } = useConsole();
  const { say, sayOr, pick } = speech;
  const { id, what, kind, subject, due, state } = followUp;
  const dueMs = Date.parse(due);
  const clock = clockText(dueMs, timezone, false);
  // It may be tomorrow's.
  const age = ageText(speech, Math.abs(dueMs - serverMs));
  return (
    <li data-follow-up={id} data-state={state} class={state === 'overdue' ? 'measure-overdue' : ''}>
      <p>
        <strong>{pick(what)}</strong> {say(`followUp.${state}`, { clock, age })}
      </p>
      <p class="muted">
        {sayOr(`kind.${kind}`, kind)} {nameOf(subject)}
      </p>
      {mayAcknowledge ? (
        <ReasonForm
          label={say('followUp.how')}
          button={say('followUp.done')}
          submit={(how) => commands.followUpDone(id, how)}
        />
      ) : null}
    </li>
  );
};

/** Work that has to be done by a time, whatever became of its alarm. */
export const FollowUpList = ({ list = [] }: { readonly list: readonly FollowUpView[] | undefined }) => {
  const { say } = useConsole().speech;
  if (list.length === 0) return null;
  return (
    <section data-list="follow-ups">
      <h3 class="list-head">{say('followUp.title', { count: list.length })}</h3>
      <ul class="measures">
        {list.map((followUp) => (
          <FollowUp key={followUp.id} followUp={followUp} />
        ))}
      </ul>
    </section>
  );
};
