import { VirtualTimeScheduler } from 'rxjs';
import type { VenueConfig } from '../../../gateway/config/schema.ts';
import { eventStream } from '../../../gateway/events.ts';
import { createNoticeDesk } from '../../../gateway/notifiers/desk.ts';
import { repeatMs, wayOf } from '../../../gateway/notifiers/kinds/index.ts';
import { EMPTY_OUTBOX, type Notice, type ToldState } from '../../../gateway/notifiers/notice.ts';
import { type Course, type Decision, type Frozen, freezeKey } from '../../../gateway/response/decision.ts';
import type { FollowUp } from '../../../gateway/response/follow-up.ts';
import type { Order } from '../../../gateway/response/order.ts';
import type { HoldBack } from '../../../gateway/response/policy.ts';
import { createResponse } from '../../../gateway/response/run.ts';
import type { Occurrence } from '../../../ingest/model/sample.ts';
import { createOccurrence, stampOfArrival } from '../../../ingest/model/stamp.ts';
import type { AskedDeed } from '../../../rules/alarms/action.ts';
import type { Alarm, AlarmEvent, AlarmEventType } from '../../../rules/alarms/alarm.ts';
import type { ConditionVerdict } from '../../../rules/engine.ts';
import { configOf } from '../config/fixture.ts';

/** Friday, 2026-05-01, 20:00 at the venue (Asia/Shanghai). */
export const EPOCH = Date.parse('2026-05-01T12:00:00.000Z');

export const alarmOf = (subject: string, rest: Partial<Alarm> = {}): Alarm => ({
  id: `help.${subject}.abc`,
  rule: 'help',
  kind: 'sos',
  subject,
  severity: 'red',
  condition: 'active',
  human: 'unacknowledged',
  raisedAt: new Date(EPOCH).toISOString(),
  changedAt: new Date(EPOCH).toISOString(),
  reason: { code: 'sos', zh: '按下了 SOS', en: 'SOS pressed' },
  guidance: { zh: '立即前往。', en: 'Go there at once.' },
  ...rest,
});

/** What a store would have, as of its last commit. */
export interface Kept {
  readonly courses: ReadonlyMap<string, Course>;
  readonly frozen: ReadonlyMap<string, Frozen>;
  readonly orders: ReadonlyMap<string, Order>;
  readonly followUps: ReadonlyMap<string, FollowUp>;
  readonly told: ReadonlyMap<string, ToldState>;
  readonly open: readonly Alarm[];
  readonly events?: readonly AlarmEvent[];
}

export interface StageOptions {
  readonly config: VenueConfig;
  readonly atSeconds?: number;
  readonly kept?: Partial<Kept>;
  readonly holdBack?: HoldBack;
}

export interface Sent {
  readonly atSeconds: number;
  readonly device: string;
  readonly payload: {
    readonly id: string;
    readonly do: string;
    readonly attempt: number;
    readonly afterRestart?: true;
  };
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const venue = (...lines: string[]): VenueConfig =>
  configOf(
    'roles: { guard: {}, manager: {}, medic: {} }',
    'rules: [ { id: help, kind: sos }, { id: quiet, kind: silent } ]',
    ...lines,
  );

/** The response to alarms in virtual time, with channels that only write down. Seconds since EPOCH. */
export const stage = ({ config, atSeconds = 0, kept, holdBack }: StageOptions) => {
  const scheduler = new VirtualTimeScheduler();
  scheduler.frame = atSeconds * 1000;
  const nowMs = (): number => EPOCH + scheduler.frame;
  const clock = {
    now: nowMs,
    schedule: (work: () => void, delayMs: number) => scheduler.schedule(work, delayMs),
  };
  const events = eventStream((error) => {
    throw error;
  });
  const courses = new Map(kept?.courses);
  const frozen = new Map(kept?.frozen);
  const orders = new Map(kept?.orders);
  const followUps = new Map(kept?.followUps);
  const told = new Map(kept?.told);
  const past: AlarmEvent[] = [...(kept?.events ?? [])];
  const open = new Map(kept?.open?.map((alarm) => [alarm.id, alarm]));
  const seconds = (): number => scheduler.frame / 1000;
  const occurrences = eventStream<Occurrence>((error) => {
    throw error;
  });
  const sent: Sent[] = [];
  const reports: string[] = [];
  const notices: Notice[] = [];
  const story: string[] = [];
  const decisions: Decision[] = [];
  const response = createResponse({
    config,
    clock,
    log: silent,
    name: (id) => ({ zh: id, en: id }),
    keep: (entry) => {
      if (entry.type === 'course') courses.set(entry.course.alarm, entry.course);
      else if (entry.type === 'frozen') frozen.set(freezeKey(entry.frozen), entry.frozen);
      else if (entry.type === 'lifted') frozen.delete(freezeKey(entry.frozen));
      else if (entry.type === 'order') orders.set(entry.order.id, entry.order);
      else if (entry.type === 'order-gone') orders.delete(entry.id);
      else if (entry.type === 'follow-up') followUps.set(entry.followUp.id, entry.followUp);
      else if (entry.type === 'follow-up-gone') followUps.delete(entry.id);
      else decisions.push(entry.decision);
    },
    recent: [...past],
    kept: {
      courses: [...courses.values()],
      frozen: [...frozen.values()],
      orders: [...orders.values()],
      followUps: [...followUps.values()],
    },
    ...(holdBack === undefined ? {} : { holdBack }),
  });
  const desk = createNoticeDesk({
    outlets: config.notifiers.map((notifier) => ({
      channel: {
        id: notifier.id,
        tell: (notice) => {
          notices.push(notice);
          const { atMs, channel, event, repeat, step, followUp, address, recipients = [] } = notice;
          const where = address === undefined ? channel : `${channel}/${address}`;
          const work = followUp === undefined ? '' : ` ${followUp.state} ${followUp.id.split('~')[1]}`;
          const what = `${event}${repeat === undefined ? '' : `#${repeat}`}${step === undefined ? '' : ` step ${step}`}${work}`;
          const who = recipients.map(({ id }) => id).join('+');
          story.push(`${(atMs - EPOCH) / 1000} ${where} ${what}${who === '' ? '' : ` → ${who}`}`);
        },
        isBehind: () => false,
        waiting: () => [],
        status: () => {
          throw new Error('nobody asks');
        },
        stop: () => undefined,
      },
      tells: wayOf(notifier).tells,
      byPerson: wayOf(notifier).byPerson,
      repeatMs: (alarm) => repeatMs(notifier, alarm, response.planOf(alarm).repeatMs),
    })),
    audienceOf: response.audienceOf,
    clock,
    keep: (entry) => {
      if (entry.type === 'notice' && entry.told !== undefined && entry.notice.event !== 'closed')
        told.set(`${entry.told.alarm} ${entry.told.channel}`, entry.told);
    },
  });
  const report = (verdict: ConditionVerdict): void => {
    const { subject, condition } = verdict;
    reports.push(`${seconds()} ${subject} ${condition.phase} ${condition.reason.code}`);
    const id = `gateway.${subject}`;
    if (condition.phase === 'active')
      open.set(id, alarmOf(subject, { id, rule: 'gateway', kind: 'gateway-health', severity: 'blue' }));
    else open.delete(id);
  };
  const stop = response.start(
    { events, occurrences, openAlarms: () => [...open.values()], report },
    desk,
    () => desk.resume({ ...EMPTY_OUTBOX, told: [...told.values()] }, [...open.values()]),
    (device, payload) => sent.push({ atSeconds: seconds(), device, payload: JSON.parse(JSON.stringify(payload)) }),
  );
  return {
    notices,
    /** `seconds channel[/address] event[#repeat][ step n][ → people]` of every notice. */
    story,
    decisions,
    response,
    /** `seconds type code` of every decision. */
    decided: () => decisions.map(({ atMs, type, reason }) => `${(atMs - EPOCH) / 1000} ${type} ${reason.code}`),
    event: (type: AlarmEventType, alarm: Alarm, by?: string) => {
      if (type === 'closed') open.delete(alarm.id);
      else open.set(alarm.id, alarm);
      if (type === 'closed') courses.delete(alarm.id);
      const event: AlarmEvent = { type, atMs: nowMs(), alarm, ...(by === undefined ? {} : { by }) };
      past.push(event);
      events.emit(event);
    },
    act: (asked: AskedDeed) => response.act({ ...asked, atMs: nowMs() }),
    /** What actuators were sent. */
    sent,
    /** `seconds subject phase code` of what is said of actuators. */
    reports,
    /** An actuator confirms. */
    done: (device: string, id: string) => {
      const received = { arrivedMs: nowMs(), retained: false };
      occurrences.emit(createOccurrence(device, 'done', id, stampOfArrival(received.arrivedMs), received, { id }));
    },
    at: (seconds: number) => {
      scheduler.maxFrames = seconds * 1000;
      scheduler.flush();
      scheduler.frame = seconds * 1000;
    },
    /** What is on disk; a kill now loses nothing else. */
    kill: (): Kept => {
      stop();
      desk.stop();
      return structuredClone({ courses, frozen, orders, followUps, told, open: [...open.values()], events: past });
    },
  };
};
