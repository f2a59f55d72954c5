import { ALERTS, type Alarm, type AlarmEvent, type AlarmEventType } from '../../rules/alarms/alarm.ts';
import type { JudgeScheduler } from '../../rules/engine.ts';
import { type Audience, type Lane, lanesOf } from './audience.ts';
import type { Channel } from './channel.ts';
import { holdBack } from './hold-back.ts';
import {
  type KeptOutbox,
  type Notice,
  type NoticeFollowUp,
  noticeKey,
  type OutboxEntry,
  type ToldState,
} from './notice.ts';
import { createToldBook, laneName, type Told } from './told.ts';

/** A channel, and what is told there. */
export interface Outlet {
  readonly channel: Channel;
  readonly tells: ReadonlySet<AlarmEventType>;
  /** Each person can be told at an address of their own. */
  readonly byPerson: boolean;
  /** When an open alarm is told again; undefined: it is not. */
  repeatMs(alarm: Alarm): number | undefined;
}

export interface DeskOptions {
  readonly outlets: readonly Outlet[];
  /** Who is to be told of an open alarm now. `isCall`: people have to look up. */
  audienceOf(alarm: Alarm, isCall: boolean): Audience;
  /** The venue's clock: repeating is a deadline of judged time. */
  readonly clock: JudgeScheduler;
  keep(entry: OutboxEntry): void;
}

/** Who is told what, and when again. Called on the hot path: it only writes down and hands over. */
export interface NoticeDesk {
  take(event: AlarmEvent): void;
  /** A rung of the ladder was taken: everybody is told of it, also who has been before. */
  rung(alarm: Alarm, atMs: number, step: number): void;
  /** Work that follows on an alarm, which may be over; says nothing of how far the alarm is, and is never held back. */
  remind(alarm: Alarm, atMs: number, followUp: NoticeFollowUp, audience: Audience): void;
  /** Goes on with what an earlier run had not told, and tells of open alarms that a channel knows nothing of. */
  resume(kept: KeptOutbox, open: readonly Alarm[]): void;
  /** A new store has to know what waits. */
  keepAgain(): void;
  stop(): void;
}

/** An event for one channel, and what makes it so. */
interface Said {
  readonly event: AlarmEvent;
  readonly audience: Audience;
  readonly repeat?: number;
  readonly step?: number;
}

/** What of it only some notices have. */
const partsOf = ({ event, audience, repeat, step }: Said, { address, recipients }: Lane) => {
  const { by, comment } = event;
  const { level, remark, group } = audience;
  const isWaiting = event.alarm.human === 'unacknowledged';
  return {
    ...(by === undefined ? {} : { by }),
    ...(comment === undefined ? {} : { comment }),
    ...(repeat === undefined ? {} : { repeat }),
    ...(step === undefined || step === 0 ? {} : { step }),
    ...(level === undefined ? {} : { level }),
    ...(remark === undefined || !isWaiting ? {} : { remark }),
    ...(group === undefined || !isWaiting ? {} : { group }),
    ...(recipients.length === 0 ? {} : { recipients }),
    ...(address === '' ? {} : { address }),
  };
};

export const createNoticeDesk = ({ outlets, audienceOf, clock, keep }: DeskOptions): NoticeDesk => {
  const told = createToldBook(outlets.map(({ channel }) => channel.id));
  let timer: { unsubscribe(): void } | undefined;

  const tell = ({ channel, tells }: Outlet, lane: Lane, said: Said): void => {
    const { type, atMs, alarm } = said.event;
    const place = { channel: channel.id, alarm: alarm.id, address: lane.address };
    const name = laneName(channel.id, lane.address);
    const before = told.find(place);
    const isAlert = ALERTS.has(type);
    // Two of the same kind in one millisecond are two.
    const base = noticeKey(name, said.event);
    const sameKey = before?.lastKey === base ? before.sameKey + 1 : 0;
    const former = before?.state.severity;
    const state: ToldState = {
      alarm: alarm.id,
      channel: name,
      atMs: before === undefined || isAlert ? atMs : before.state.atMs,
      severity: alarm.severity,
      repeats: said.repeat ?? (isAlert ? 0 : (before?.state.repeats ?? 0)),
    };
    if (type === 'closed') told.forget(place);
    else told.put(place, { alarm, state, lane, lastKey: base, sameKey });
    if (!tells.has(type)) return;
    const key = sameKey === 0 ? base : `${base}.${sameKey}`;
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
      ...partsOf(said, lane),
      ...(former === undefined || former === alarm.severity ? {} : { formerSeverity: former }),
    };
    keep({ type: 'notice', atMs, notice, told: state });
    channel.tell(notice);
  };

  /** Those that the audience means, and those that were told before: whoever heard that it began hears how it goes on. */
  const lanes = ({ channel, byPerson }: Outlet, { event, audience }: Said): readonly Lane[] => {
    const { alarm, type } = event;
    const meant = audience.channels.has(channel.id) ? lanesOf(channel.id, byPerson, audience) : [];
    const known = told.of(channel.id, alarm.id);
    const isMuted = audience.mutes?.has(type) === true;
    // They do not hear of it, and yet it is as it is now that they hear of again.
    if (isMuted) for (const entry of known.values()) entry.alarm = alarm;
    // Nobody is told the end of what they never heard of by name.
    const due = meant.filter(({ address }) => ALERTS.has(type) || address === '' || known.has(address));
    const named = new Set(due.map(({ address }) => address));
    return isMuted
      ? due
      : [...due, ...[...known.values()].map(({ lane }) => lane).filter(({ address }) => !named.has(address))];
  };

  const dueMs = ({ repeatMs }: Outlet, { alarm, state }: Told): number => {
    const every = holdBack(alarm).notify ? repeatMs(alarm) : undefined;
    return every === undefined ? Infinity : state.atMs + every;
  };

  const repeatAll = (outlet: Outlet, alarm: Alarm, due: readonly Told[], nowMs: number): void => {
    const { channel } = outlet;
    // What waits there tells it yet: one more would only be read twice.
    if (channel.isBehind(alarm.id)) {
      for (const entry of due) entry.state = { ...entry.state, atMs: nowMs };
      return;
    }
    const event: AlarmEvent = { type: 'repeated', atMs: nowMs, alarm };
    const audience = audienceOf(alarm, true);
    const now = new Map(lanesOf(channel.id, outlet.byPerson, audience).map((lane) => [lane.address, lane]));
    for (const { lane, state } of due)
      tell(outlet, now.get(lane.address) ?? lane, { event, audience, repeat: state.repeats + 1 });
    // The shift has changed: whoever is on duty now hears of it too.
    for (const lane of audience.channels.has(channel.id) ? now.values() : []) {
      if (!told.of(channel.id, alarm.id).has(lane.address))
        tell(outlet, lane, { event: { ...event, type: 'raised' }, audience });
    }
  };

  const repeat = (): void => {
    const nowMs = clock.now();
    for (const outlet of outlets) {
      for (const known of told.alarms(outlet.channel.id)) {
        const due = [...known.values()].filter((entry) => dueMs(outlet, entry) <= nowMs);
        const [first] = due;
        if (first !== undefined) repeatAll(outlet, first.alarm, due, nowMs);
      }
    }
    arm();
  };

  const arm = (): void => {
    timer?.unsubscribe();
    timer = undefined;
    let nextMs = Infinity;
    for (const outlet of outlets) {
      for (const known of told.alarms(outlet.channel.id))
        for (const entry of known.values()) nextMs = Math.min(nextMs, dueMs(outlet, entry));
    }
    if (nextMs !== Infinity) timer = clock.schedule(repeat, Math.max(1, nextMs - clock.now()));
  };

  const takeOne = (event: AlarmEvent): void => {
    const said: Said = { event, audience: audienceOf(event.alarm, ALERTS.has(event.type)) };
    for (const outlet of outlets) for (const lane of lanes(outlet, said)) tell(outlet, lane, said);
  };

  const rung = (alarm: Alarm, atMs: number, step: number): void => {
    const audience = audienceOf(alarm, true);
    for (const outlet of outlets) {
      const known = told.of(outlet.channel.id, alarm.id);
      const event = (type: AlarmEventType): AlarmEvent => ({ type, atMs, alarm });
      for (const lane of lanes(outlet, { event: event('repeated'), audience }))
        tell(outlet, lane, { event: event(known.has(lane.address) ? 'repeated' : 'raised'), audience, step });
    }
    arm();
  };

  const remind: NoticeDesk['remind'] = (alarm, atMs, followUp, audience) => {
    const { remark } = audience;
    for (const { channel, tells, byPerson } of outlets) {
      if (!audience.channels.has(channel.id) || !tells.has('reminded')) continue;
      for (const { address, recipients } of lanesOf(channel.id, byPerson, audience)) {
        const place = `${laneName(channel.id, address)}\n${followUp.id}`;
        const notice: Notice = {
          key: noticeKey(place, { type: 'reminded', atMs, alarm }),
          channel: channel.id,
          event: 'reminded',
          atMs,
          alarm,
          followUp,
          ...(remark === undefined ? {} : { remark }),
          ...(recipients.length === 0 ? {} : { recipients }),
          ...(address === '' ? {} : { address }),
        };
        keep({ type: 'notice', atMs, notice });
        channel.tell(notice);
      }
    }
  };

  const resume = (kept: KeptOutbox, open: readonly Alarm[]): void => {
    told.restore(kept.told, open);
    const channels = new Map(outlets.map(({ channel }) => [channel.id, channel]));
    for (const notice of kept.notices) channels.get(notice.channel)?.tell(notice);
    for (const alarm of open.filter((each) => holdBack(each).notify)) {
      const said: Said = {
        event: { type: 'raised', atMs: Date.parse(alarm.raisedAt), alarm },
        audience: audienceOf(alarm, true),
      };
      for (const outlet of outlets) {
        const known = told.of(outlet.channel.id, alarm.id);
        for (const lane of lanes(outlet, said)) if (!known.has(lane.address)) tell(outlet, lane, said);
      }
    }
    arm();
  };

  const keepAgain = (): void => {
    const atMs = clock.now();
    for (const { channel } of outlets) {
      for (const notice of channel.waiting()) {
        const { id, severity } = notice.alarm;
        const { address = '' } = notice;
        const name = laneName(channel.id, address);
        const first: ToldState = { alarm: id, channel: name, atMs: notice.atMs, severity, repeats: 0 };
        const known = told.find({ channel: channel.id, alarm: id, address });
        const isOfAlarm = notice.followUp === undefined;
        keep({ type: 'notice', atMs, notice, ...(isOfAlarm ? { told: known?.state ?? first } : {}) });
      }
    }
  };

  const take = (event: AlarmEvent): void => {
    takeOne(event);
    arm();
  };

  return { take, rung, remind, resume, keepAgain, stop: () => timer?.unsubscribe() };
};
