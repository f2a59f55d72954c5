import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AlarmLoadView, LoadSummary } from '../../../gateway/api/contract.ts';
import { every } from '../clock.ts';
import { useConsole } from '../console-context.ts';
import { alarmLoad } from '../live/gateway.ts';
import { clockText } from '../texts/spoken.ts';

const READ_EVERY_MS = 10_000;

type Actor = AlarmLoadView['badActors'][number];

const Operators = ({ load }: { readonly load: AlarmLoadView }): JSX.Element => {
  const { speech } = useConsole();
  return (
    <ul>
      {load.operators.map(({ id, name, state, priorityPercent, ...each }) => (
        <li key={id} data-operator={id}>
          <strong>{speech.say(`load.${state}`)}</strong>{' '}
          {speech.say('load.operator', {
            who: speech.pick(name),
            ten: each.perTenMinutes,
            hour: each.perHour,
            day: each.perDay,
            high: priorityPercent?.high ?? 0,
            medium: priorityPercent?.medium ?? 0,
            low: priorityPercent?.low ?? 0,
            peak: each.peakMinute,
            flood: each.floodPercent,
          })}
        </li>
      ))}
    </ul>
  );
};

interface ListProps<T> {
  readonly title: string;
  readonly items: readonly T[];
  text(item: T): string;
}

const List = <T,>({ title, items, text }: ListProps<T>): JSX.Element | null =>
  items.length === 0 ? null : (
    <>
      <h4>{title}</h4>
      <ul>
        {items.map((item) => (
          <li key={text(item)}>{text(item)}</li>
        ))}
      </ul>
    </>
  );

const Detail = ({ load }: { readonly load: AlarmLoadView }): JSX.Element => {
  const { speech, timezone } = useConsole();
  const what = (kind: string): string => speech.sayOr(`kind.${kind}`, kind);
  const named = ({ kind, name }: Pick<Actor, 'kind' | 'name'>) => ({ what: what(kind), who: speech.pick(name) });
  const clock = (at: string): string => clockText(Date.parse(at), timezone);
  return (
    <>
      <h4>{speech.say('load.operators')}</h4>
      <Operators load={load} />
      <List
        title={speech.say('load.chatteringList')}
        items={load.chattering}
        text={(each) => speech.say('load.chatter', { ...named(each), count: each.count, clock: clock(each.since) })}
      />
      <List
        title={speech.say('load.staleList', { hours: load.limits.staleHours })}
        items={load.stale}
        text={(each) => `${named(each).what} · ${named(each).who}`}
      />
      <List
        title={speech.say('load.badActors')}
        items={load.badActors}
        text={(each) => speech.say('load.actor', { ...named(each), count: each.count })}
      />
    </>
  );
};

/** Read while somebody looks at it. */
const LiveDetail = (): JSX.Element => {
  const { speech } = useConsole();
  const [load, setLoad] = useState<AlarmLoadView | undefined | 'failed'>(undefined);
  useEffect(() => {
    const read = async (): Promise<void> => {
      const answer = await alarmLoad();
      setLoad(answer.ok ? answer.body : 'failed');
    };
    void read();
    return every(READ_EVERY_MS, () => void read());
  }, []);
  if (load === undefined) return <p class="muted">{speech.say('alarms.loading')}</p>;
  if (load === 'failed') return <p class="problem">{speech.say('load.failed')}</p>;
  return <Detail load={load} />;
};

/** How many alarms there are for people: one line, and the figures behind it. */
export const LoadPanel = ({ load }: { readonly load: LoadSummary | undefined }): JSX.Element | null => {
  const { speech } = useConsole();
  const [isOpen, setOpen] = useState(false);
  if (load === undefined) return null;
  const { perTenMinutes, inFlood, busiest, chattering, stale, groups } = load;
  const isFlood = inFlood || busiest?.inFlood === true;
  const counted = [
    speech.say('load.perTenMinutes', { count: perTenMinutes }),
    ...(busiest === undefined
      ? []
      : [speech.say('load.busiest', { who: speech.pick(busiest.name), count: busiest.perTenMinutes })]),
    ...(groups === 0 ? [] : [speech.say('load.groups', { count: groups })]),
    ...(chattering === 0 ? [] : [speech.say('load.chattering', { count: chattering })]),
    ...(stale === 0 ? [] : [speech.say('load.stale', { count: stale })]),
  ];
  return (
    <details
      class={`load ${isFlood ? 'load-flood' : ''}`}
      data-load={isFlood ? 'flood' : 'calm'}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <strong>{speech.say(isFlood ? 'load.flood' : 'load.title')}</strong> {counted.join(' · ')}
      </summary>
      {isOpen ? <LiveDetail /> : null}
    </details>
  );
};
