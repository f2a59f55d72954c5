import type { JSX } from 'preact';
import type { AlarmView } from '../../../gateway/api/contract.ts';
import { type ConsoleContext, useConsole } from '../console-context.ts';
import { CheckIcon, SeverityIcon, UnknownIcon } from '../frame/icons.tsx';
import type { Acknowledging } from '../state/state.ts';
import { ageText, clockText } from '../texts/spoken.ts';
import { Acknowledge } from './acknowledge.tsx';
import { HeldNote } from './held.tsx';
import { More } from './more.tsx';
import { ResponseLine } from './response-line.tsx';

/** What happened and to whom, in the reader's words. */
export const headline = ({ kind, subject }: AlarmView, { speech, nameOf }: ConsoleContext) => ({
  what: speech.sayOr(`kind.${kind}`, kind),
  who: nameOf(subject),
});

const Condition = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element | null => {
  const { speech } = useConsole();
  const { condition, human } = alarm;
  const waiting = human === 'unacknowledged';
  // What waits is taken to be going on; only the exception needs a word.
  if (waiting && condition === 'active') return null;
  return (
    <span class={`chip chip-${condition}`} data-condition={condition}>
      {condition === 'unknown' ? <UnknownIcon /> : null}
      {speech.say(condition === 'cleared' && !waiting ? 'alarm.clearedPlain' : `alarm.${condition}`)}
    </span>
  );
};

const Human = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element | null => {
  const { speech, userName } = useConsole();
  const { human, acknowledgedBy } = alarm;
  if (human === 'unacknowledged') return null;
  const text =
    human !== 'acknowledged' || acknowledgedBy === undefined
      ? speech.say(`alarm.${human}`)
      : acknowledgedBy === userName
        ? speech.say('alarm.acknowledgedBySelf')
        : speech.say('alarm.acknowledgedBy', { who: acknowledgedBy });
  return (
    <span class="chip chip-human" data-human={human}>
      <CheckIcon />
      {text}
    </span>
  );
};

const Since = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const { speech, serverMs, timezone } = useConsole();
  const raisedMs = Date.parse(alarm.raisedAt);
  return (
    <p class="alarm-since">
      <time dateTime={alarm.raisedAt} class="alarm-age">
        {speech.say('alarm.age', { age: ageText(speech, serverMs - raisedMs) })}
      </time>
      <span>{speech.say('alarm.since', { clock: clockText(raisedMs, timezone) })}</span>
    </p>
  );
};

const LastRemark = ({ alarm: { comment } }: { readonly alarm: AlarmView }): JSX.Element | null => {
  const { speech, timezone } = useConsole();
  if (comment === undefined) return null;
  const { by, at, text } = comment;
  const clock = clockText(Date.parse(at), timezone, false);
  return <p class="remark">{speech.say('alarm.remark', { who: by, clock, text })}</p>;
};

export interface AlarmCardProps {
  readonly alarm: AlarmView;
  readonly acknowledging: Acknowledging | undefined;
}

export const AlarmCard = ({ alarm, acknowledging }: AlarmCardProps): JSX.Element => {
  const context = useConsole();
  const { speech, nameOf, responseOf } = context;
  const { severity, zone, human, condition, lateBySeconds, assignedTo } = alarm;
  const { what, who } = headline(alarm, context);
  return (
    <article
      class={`alarm alarm-${severity} ${human === 'unacknowledged' ? 'alarm-waiting' : 'alarm-handled'}`}
      data-alarm={alarm.id}
      data-severity={severity}
      data-condition={condition}
      data-human={human}
    >
      <header class="alarm-head">
        <SeverityIcon severity={severity} />
        <p class="alarm-severity">{speech.say(`severity.${severity}`)}</p>
        <Since alarm={alarm} />
      </header>
      <h3>
        {what} <span class="alarm-who">{who}</span>
      </h3>
      {zone === undefined || zone === alarm.subject ? null : (
        <p class="alarm-where">
          <span class="label">{speech.say('alarm.where')}</span> {nameOf(zone)}
        </p>
      )}
      <p class="alarm-reason">{speech.pick(alarm.reason)}</p>
      <p class="alarm-todo">
        <span class="label">{speech.say('alarm.todo')}</span> {speech.pick(alarm.guidance)}
      </p>
      <ResponseLine alarm={alarm} />
      <p class="chips">
        <Condition alarm={alarm} />
        {lateBySeconds === undefined ? null : (
          <span class="chip">{speech.say('alarm.late', { age: ageText(speech, lateBySeconds * 1000) })}</span>
        )}
        <Human alarm={alarm} />
        {responseOf(alarm.id)?.held === undefined ? null : (
          <span class="chip" data-held="chattering">
            {speech.say('alarm.chattering')}
          </span>
        )}
        {assignedTo === undefined ? null : (
          <span class="chip" data-assigned={assignedTo}>
            {speech.say('alarm.assignedTo', { who: assignedTo })}
          </span>
        )}
      </p>
      <HeldNote alarm={alarm} />
      <LastRemark alarm={alarm} />
      <Acknowledge alarm={alarm} what={what} who={who} state={acknowledging} />
      <More alarm={alarm} />
    </article>
  );
};
