import type { JSX } from 'preact';
import { useConsole } from '../console-context.ts';
import { CheckIcon, SeverityIcon } from '../frame/icons.tsx';
import { inGroups, inOrder, isTaken, isWaiting } from '../state/alarms.ts';
import type { Closed, State } from '../state/state.ts';
import { clockText } from '../texts/spoken.ts';
import { AlarmCard, headline } from './alarm-card.tsx';
import { Grouped } from './grouped.tsx';
import { AwayList, HELD } from './held.tsx';
import { LoadPanel } from './load.tsx';
import { FollowUpList } from './measures.tsx';
import { PreAlarms } from './pre-alarms.tsx';

/** So many cards at once; the gravest come first, and the rest is counted. */
const CARDS_MAX = 100;

const Recent = ({ closed }: { readonly closed: readonly Closed[] }): JSX.Element | null => {
  const context = useConsole();
  const { speech, timezone } = context;
  if (closed.length === 0) return null;
  return (
    <details class="recent">
      <summary>{speech.say('alarms.recentCount', { count: closed.length })}</summary>
      <ul>
        {closed.map(({ alarm, at }) => {
          const { what, who } = headline(alarm, context);
          return (
            <li key={alarm.id}>
              <SeverityIcon severity={alarm.severity} />
              <span>
                {what} · {who}
              </span>
              <span class="muted">{speech.say('alarm.closed', { clock: clockText(Date.parse(at), timezone) })}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
};

const Empty = ({ listed }: { readonly listed: boolean }): JSX.Element => {
  const { speech, live } = useConsole();
  if (!listed) return <p class="empty">{speech.say('alarms.loading')}</p>;
  return (
    <div class="empty" data-empty="alarms">
      {live ? <CheckIcon /> : null}
      <p>{speech.say('alarms.none')}</p>
      {live ? <p class="muted">{speech.say('alarms.noneDetail')}</p> : null}
    </div>
  );
};

export const AlarmList = ({ state }: { readonly state: State }): JSX.Element => {
  const { speech } = useConsole();
  const { alarms, away, acknowledging, closed, listed, preAlarms, responses, status } = state;
  const all = inOrder(alarms.values());
  const waiting = all.filter(isWaiting);
  const handled = all.filter(isTaken);
  const show = (alarm: (typeof all)[number]): JSX.Element => (
    <AlarmCard alarm={alarm} acknowledging={acknowledging.get(alarm.id)} />
  );
  const card = (alarm: (typeof all)[number]): JSX.Element => <li key={alarm.id}>{show(alarm)}</li>;
  const groups = inGroups(waiting, (id) => responses.get(id)?.group);
  const left = Math.max(0, groups.length - CARDS_MAX) + Math.max(0, handled.length - CARDS_MAX);
  return (
    <section class="pane pane-alarms" id="alarms" aria-labelledby="alarms-title">
      <div class="pane-head">
        <h2 id="alarms-title">{speech.say('alarms.title')}</h2>
        <span class={`figure ${waiting.length > 0 ? 'figure-waiting' : ''}`}>
          {speech.say('alarms.waiting', { count: waiting.length })}
        </span>
        <span class="figure">{speech.say('alarms.handledCount', { count: handled.length })}</span>
      </div>
      <div class="pane-body">
        <PreAlarms preAlarms={preAlarms} />
        <LoadPanel load={status?.load} />
        {all.length === 0 ? <Empty listed={listed} /> : null}
        <ul class="alarm-list">
          {groups.slice(0, CARDS_MAX).map(({ alarm, others }) => (
            <li key={alarm.id}>
              {show(alarm)}
              <Grouped others={others} show={show} />
            </li>
          ))}
        </ul>
        {handled.length === 0 ? null : <h3 class="list-head">{speech.say('alarms.handled')}</h3>}
        <ul class="alarm-list">{handled.slice(0, CARDS_MAX).map(card)}</ul>
        {HELD.map((human) => {
          const held = all.filter((alarm) => alarm.human === human);
          return held.length === 0 ? null : (
            <section key={human} data-list={human}>
              <h3 class="list-head">{speech.say(`held.${human}`, { count: held.length })}</h3>
              <ul class="alarm-list">{held.slice(0, CARDS_MAX).map(card)}</ul>
            </section>
          );
        })}
        <FollowUpList list={state.status?.followUps} />
        <AwayList entries={away} />
        {left === 0 ? null : <p class="muted">{speech.say('alarms.more', { count: left })}</p>}
        <Recent closed={closed} />
      </div>
    </section>
  );
};
