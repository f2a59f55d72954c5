import type { JSX } from 'preact';
import type { AlarmView, OutOfServiceView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { clockText } from '../texts/spoken.ts';
import { DeedForm } from './deed.tsx';

type Held = 'shelved' | 'suppressed' | 'out-of-service';

/** The order of the lists: what people put aside comes before what the design does. */
export const HELD: readonly Held[] = ['shelved', 'suppressed', 'out-of-service'];

/** How it comes that nobody is told: by whom, until when, because of what. */
export const HeldNote = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element | null => {
  const { speech, timezone, nameOf } = useConsole();
  const { shelved, suppressedBy, outOfService } = alarm;
  const clock = (at: string): string => clockText(Date.parse(at), timezone, false);
  if (shelved !== undefined) {
    const { by, until, once } = shelved;
    const key = once === true ? 'held.shelvedOnce' : 'held.shelvedUntil';
    return <p class="held-note">{speech.say(key, { who: by, clock: clock(until) })}</p>;
  }
  if (suppressedBy !== undefined) {
    const [rule = suppressedBy, subject = ''] = suppressedBy.split('.');
    return <p class="held-note">{speech.say('held.suppressedBy', { cause: `${rule} · ${nameOf(subject)}` })}</p>;
  }
  if (outOfService === undefined) return null;
  const { by, why, until } = outOfService;
  const end =
    until === undefined ? speech.say('deed.untilReturned') : speech.say('held.until', { clock: clock(until) });
  return <p class="held-note">{speech.say('held.away', { who: by, why, end })}</p>;
};

const Entry = ({ entry }: { readonly entry: OutOfServiceView }): JSX.Element => {
  const { speech, commands, mayService, nameOf, timezone } = useConsole();
  const { rule, subject, by, why, until } = entry;
  const clock = until === undefined ? undefined : clockText(Date.parse(until), timezone, false);
  const end = clock === undefined ? speech.say('deed.untilReturned') : speech.say('held.until', { clock });
  return (
    <li class="away" data-away={subject === undefined ? rule : `${rule} ${subject}`}>
      <p>
        <strong>{subject === undefined ? rule : `${rule} · ${nameOf(subject)}`}</strong>{' '}
        {speech.say('held.away', { who: by, why, end })}
      </p>
      {mayService ? (
        <DeedForm
          name="return"
          label={speech.say('deed.return')}
          run={() => commands.deeds.putBack({ rule, subject })}
        />
      ) : null}
    </li>
  );
};

/** Rules that nobody is told of: always in sight, for what is out of service is easily forgotten. */
export const AwayList = ({ entries }: { readonly entries: readonly OutOfServiceView[] }): JSX.Element | null => {
  const { speech } = useConsole();
  if (entries.length === 0) return null;
  return (
    <section class="away-list" data-list="away">
      <h3 class="list-head">{speech.say('held.awayTitle', { count: entries.length })}</h3>
      <ul class="alarm-list">
        {entries.map((entry) => (
          <Entry key={`${entry.rule} ${entry.subject ?? ''}`} entry={entry} />
        ))}
      </ul>
    </section>
  );
};
