import { ALERTS, type Alarm, type AlarmEvent, type AlarmEventType } from '../../rules/alarms/alarm.ts';
import type { JudgeScheduler } from '../../rules/engine.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Channel } from './channel.ts';
import { holdBack } from './hold-back.ts';
import { type KeptOutbox, type Notice, noticeKey, type OutboxEntry, type ToldState } from './notice.ts';

/** A channel, and what is told there. */
export interface Outlet {
  readonly channel: Channel;
  readonly tells: ReadonlySet<AlarmEventType>;
  /** When an open alarm is told again; undefined: it is not. */
  repeatMs(alarm: Alarm): number | undefined;
}

export interface DeskOptions {
  readonly outlets: readonly Outlet[];
  /** Ids of those that the plan names for a severity. */
  routed(severity: Severity): ReadonlySet<string>;
  /** The venue's clock: repeating is a deadline of judged time. */
  readonly clock: JudgeScheduler;
  keep(entry: OutboxEntry): void;
}

/** Who is told what, and when again. Called on the hot path: it only writes down and hands over. */
export interface NoticeDesk {
  take(event: AlarmEvent): void;
  /** Goes on with what an earlier run had not told, and tells of open alarms that a channel knows nothing of. */
  resume(kept: KeptOutbox, open: readonly Alarm[]): void;
  /** A new store has to know what waits. */
  keepAgain(): void;
  stop(): void;
}

interface Told {
  alarm: Alarm;
  state: ToldState;
  lastKey: string;
  sameKey: number;
}

export const createNoticeDesk = ({ outlets, routed, clock, keep }: DeskOptions): NoticeDesk => {
  const told = new Map(outlets.map(({ channel }) => [channel.id, new Map<string, Told>()]));
  let timer: { unsubscribe(): void } | undefined;

  /** Two of the same kind in one millisecond are two. */
  const keyOf = (channel: string, event: AlarmEvent, before: Told | undefined) => {
    const key = noticeKey(channel, event);
    const sameKey = before?.lastKey === key ? before.sameKey + 1 : 0;
    return { key: sameKey === 0 ? key : `${key}.${sameKey}`, lastKey: key, sameKey };
  };

  const tell = ({ channel, tells }: Outlet, event: AlarmEvent, repeat?: number): void => {
    const { type, atMs, alarm, by, comment } = event;
    const known = told.get(channel.id);
    const before = known?.get(alarm.id);
    const { key, lastKey, sameKey } = keyOf(channel.id, event, before);
    const former = before?.state.severity;
    const state: ToldState = {
      alarm: alarm.id,
      channel: channel.id,
      atMs: before === undefined || ALERTS.has(type) ? atMs : before.state.atMs,
      severity: alarm.severity,
      repeats: repeat ?? (ALERTS.has(type) ? 0 : (before?.state.repeats ?? 0)),
    };
    if (type === 'closed') known?.delete(alarm.id);
    else known?.set(alarm.id, { alarm, state, lastKey, sameKey });
    if (!tells.has(type)) return;
    const decision = holdBack(alarm);
    if (!decision.notify) {
      const { reason: code, by: reason } = decision;
      const held = {
        key,
        channel: channel.id,
        alarm: alarm.id,
        event: type,
        atMs,
        attempt: 0,
        tookMs: 0,
        code,
        reason,
      };
      keep({ type: 'attempt', atMs, attempt: { ...held, outcome: 'held-back' } });
      return;
    }
    const notice: Notice = {
      key,
      channel: channel.id,
      event: type,
      atMs,
      alarm,
      ...(by === undefined ? {} : { by }),
      ...(comment === undefined ? {} : { comment }),
      ...(repeat === undefined ? {} : { repeat }),
      ...(former === undefined || former === alarm.severity ? {} : { formerSeverity: former }),
    };
    keep({ type: 'notice', atMs, notice, told: state });
    channel.tell(notice);
  };

  const dueMs = ({ repeatMs }: Outlet, { alarm, state }: Told): number => {
    const every = holdBack(alarm).notify ? repeatMs(alarm) : undefined;
    return every === undefined ? Infinity : state.atMs + every;
  };

  const repeatOne = (outlet: Outlet, entry: Told, nowMs: number): void => {
    const { channel } = outlet;
    const { alarm, state } = entry;
    // What waits there tells it yet: one more would only be read twice.
    if (channel.isBehind(alarm.id)) entry.state = { ...state, atMs: nowMs };
    else tell(outlet, { type: 'repeated', atMs: nowMs, alarm }, state.repeats + 1);
  };

  const repeat = (): void => {
    const nowMs = clock.now();
    for (const outlet of outlets) {
      for (const entry of [...(told.get(outlet.channel.id)?.values() ?? [])])
        if (dueMs(outlet, entry) <= nowMs) repeatOne(outlet, entry, nowMs);
    }
    arm();
  };

  const arm = (): void => {
    timer?.unsubscribe();
    timer = undefined;
    let nextMs = Infinity;
    for (const outlet of outlets) {
      for (const entry of told.get(outlet.channel.id)?.values() ?? []) nextMs = Math.min(nextMs, dueMs(outlet, entry));
    }
    if (nextMs !== Infinity) timer = clock.schedule(repeat, Math.max(1, nextMs - clock.now()));
  };

  const take = (event: AlarmEvent): void => {
    const { id, severity } = event.alarm;
    const meant = routed(severity);
    for (const outlet of outlets) {
      const channel = outlet.channel.id;
      // Whoever was told that it began is told how it goes on.
      if (meant.has(channel) || told.get(channel)?.has(id) === true) tell(outlet, event);
    }
    arm();
  };

  const resume = (kept: KeptOutbox, open: readonly Alarm[]): void => {
    const alarms = new Map(open.map((alarm) => [alarm.id, alarm]));
    for (const state of kept.told) {
      const alarm = alarms.get(state.alarm);
      if (alarm !== undefined) told.get(state.channel)?.set(alarm.id, { alarm, state, lastKey: '', sameKey: 0 });
    }
    const channels = new Map(outlets.map(({ channel }) => [channel.id, channel]));
    for (const notice of kept.notices) channels.get(notice.channel)?.tell(notice);
    for (const outlet of outlets) {
      for (const alarm of open) {
        const isKnown = told.get(outlet.channel.id)?.has(alarm.id) === true;
        if (!isKnown && routed(alarm.severity).has(outlet.channel.id))
          tell(outlet, { type: 'raised', atMs: Date.parse(alarm.raisedAt), alarm });
      }
    }
    arm();
  };

  const keepAgain = (): void => {
    const atMs = clock.now();
    for (const { channel } of outlets) {
      for (const notice of channel.waiting()) {
        const { id, severity } = notice.alarm;
        const first: ToldState = { alarm: id, channel: channel.id, atMs: notice.atMs, severity, repeats: 0 };
        keep({ type: 'notice', atMs, notice, told: told.get(channel.id)?.get(id)?.state ?? first });
      }
    }
  };

  return { take, resume, keepAgain, stop: () => timer?.unsubscribe() };
};
