import { VirtualTimeScheduler } from 'rxjs';
import type { VenueConfig } from '../../../gateway/config/schema.ts';
import { eventStream } from '../../../gateway/events.ts';
import { createNoticeDesk } from '../../../gateway/notifiers/desk.ts';
import { repeatMs, wayOf } from '../../../gateway/notifiers/kinds/index.ts';
import { EMPTY_OUTBOX, type Notice, type ToldState } from '../../../gateway/notifiers/notice.ts';
import type { Course, Decision, Frozen } from '../../../gateway/response/decision.ts';
import type { HoldBack } from '../../../gateway/response/policy.ts';
import { createResponse } from '../../../gateway/response/run.ts';
import type { AskedLift } from '../../../rules/alarms/action.ts';
import type { Alarm, AlarmEvent, AlarmEventType } from '../../../rules/alarms/alarm.ts';
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
  readonly told: ReadonlyMap<string, ToldState>;
  readonly open: readonly Alarm[];
  readonly events?: readonly AlarmEvent[];
}

export interface StageOptions {
  readonly config: VenueConfig;
  readonly atSeconds?: number;
  readonly kept?: Kept;
  readonly holdBack?: HoldBack;
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
  const told = new Map(kept?.told);
  const open = new Map(kept?.open.map((alarm) => [alarm.id, alarm]));
  const past: AlarmEvent[] = [...(kept?.events ?? [])];
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
      else if (entry.type === 'frozen') frozen.set(entry.frozen.operation, entry.frozen);
      else if (entry.type === 'lifted') frozen.delete(entry.operation);
      else decisions.push(entry.decision);
    },
    recent: [...past],
    kept: { courses: [...courses.values()], frozen: [...frozen.values()] },
    ...(holdBack === undefined ? {} : { holdBack }),
  });
  const desk = createNoticeDesk({
    outlets: config.notifiers.map((notifier) => ({
      channel: {
        id: notifier.id,
        tell: (notice) => {
          notices.push(notice);
          const { atMs, channel, event, repeat, step, address, recipients = [] } = notice;
          const where = address === undefined ? channel : `${channel}/${address}`;
          const what = `${event}${repeat === undefined ? '' : `#${repeat}`}${step === undefined ? '' : ` step ${step}`}`;
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
      if (entry.type === 'notice' && entry.notice.event !== 'closed')
        told.set(`${entry.told.alarm} ${entry.told.channel}`, entry.told);
    },
  });
  const stop = response.start({ events, openAlarms: () => [...open.values()] }, desk, () =>
    desk.resume({ ...EMPTY_OUTBOX, told: [...told.values()] }, [...open.values()]),
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
    lift: (asked: Omit<AskedLift, 'type'>) => response.lift({ type: 'lift', ...asked, atMs: nowMs() }),
    at: (seconds: number) => {
      scheduler.maxFrames = seconds * 1000;
      scheduler.flush();
      scheduler.frame = seconds * 1000;
    },
    /** What is on disk; a kill now loses nothing else. */
    kill: (): Kept => {
      stop();
      desk.stop();
      return structuredClone({ courses, frozen, told, open: [...open.values()], events: past });
    },
  };
};
