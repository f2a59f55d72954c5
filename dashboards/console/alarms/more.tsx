import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AlarmView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { DeedForm, Minutes, minutesOf, textOf } from './deed.tsx';
import { Why } from './why.tsx';

/** What the gateway never puts aside, whoever asks. */
const CALLS_FOR_HELP: ReadonlySet<string> = new Set(['sos', 'man-down']);

const SHELVE_MINUTES = [10, 30, 60] as const;
const SERVICE_MINUTES = [60, 240, 720] as const;
const TEXT_MAX = 500;

interface OfAlarm {
  readonly alarm: AlarmView;
}

const Shelve = ({ alarm }: OfAlarm): JSX.Element | null => {
  const { speech, commands } = useConsole();
  const { say } = speech;
  if (alarm.human === 'shelved')
    return (
      <DeedForm name="unshelve" label={say('deed.unshelve')} run={() => commands.deeds.act(alarm.id, 'unshelve', {})} />
    );
  if (alarm.human !== 'unacknowledged' && alarm.human !== 'acknowledged') return null;
  return (
    <DeedForm
      name="shelve"
      label={say('deed.shelve')}
      run={(form) => {
        const minutes = minutesOf(form);
        return commands.deeds.act(alarm.id, 'shelve', minutes === undefined ? {} : { minutes });
      }}
    >
      <Minutes choices={SHELVE_MINUTES} last={say('deed.untilClear')} />
    </DeedForm>
  );
};

const Comment = ({ alarm }: OfAlarm): JSX.Element => {
  const { speech, commands } = useConsole();
  const label = speech.say('deed.comment');
  return (
    <DeedForm
      name="comment"
      label={label}
      run={(form) => commands.deeds.act(alarm.id, 'comment', { comment: textOf(form, 'text') })}
    >
      <input
        name="text"
        required
        maxLength={TEXT_MAX}
        aria-label={label}
        placeholder={speech.say('deed.commentHint')}
      />
    </DeedForm>
  );
};

const Assign = ({ alarm }: OfAlarm): JSX.Element => {
  const { speech, commands } = useConsole();
  const label = speech.say('deed.assign');
  return (
    <DeedForm
      name="assign"
      label={label}
      run={(form) => {
        const to = textOf(form, 'to');
        return commands.deeds.act(alarm.id, 'assign', to === '' ? {} : { to });
      }}
    >
      <input name="to" maxLength={64} aria-label={label} placeholder={speech.say('deed.assignHint')} />
    </DeedForm>
  );
};

const OutOfService = ({ alarm }: OfAlarm): JSX.Element | null => {
  const { speech, commands, mayService } = useConsole();
  const { say } = speech;
  if (!mayService || alarm.human === 'out-of-service') return null;
  const { rule, subject } = alarm;
  return (
    <DeedForm
      name="remove"
      label={say('deed.remove')}
      run={(form) => commands.deeds.remove({ rule, subject }, textOf(form, 'why'), minutesOf(form))}
    >
      <input name="why" required maxLength={TEXT_MAX} aria-label={say('deed.why')} placeholder={say('deed.why')} />
      <Minutes choices={SERVICE_MINUTES} last={say('deed.untilReturned')} />
    </DeedForm>
  );
};

/** What is done about an alarm less often than acknowledging, and why it is there: only once somebody asks. */
export const More = ({ alarm }: OfAlarm): JSX.Element => {
  const { speech, mayAcknowledge } = useConsole();
  const [open, setOpen] = useState(false);
  const mayHold = mayAcknowledge && !CALLS_FOR_HELP.has(alarm.kind);
  return (
    <details class="alarm-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{speech.say('deed.more')}</summary>
      {open ? (
        <div class="deeds">
          <Why alarm={alarm} />
          {mayAcknowledge ? <Comment alarm={alarm} /> : null}
          {mayAcknowledge ? <Assign alarm={alarm} /> : null}
          {mayHold ? <Shelve alarm={alarm} /> : null}
          {mayHold ? <OutOfService alarm={alarm} /> : null}
          {mayAcknowledge && !mayHold ? <p class="muted">{speech.say('deed.neverHeld')}</p> : null}
        </div>
      ) : null}
    </details>
  );
};
