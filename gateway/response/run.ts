import type { Lift, LiftResult } from '../../rules/alarms/action.ts';
import type { Alarm, AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { JudgeScheduler } from '../../rules/engine.ts';
import type { Text } from '../../rules/rule.ts';
import type { FrozenView, ResponseView } from '../api/contract.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { HotPath } from '../hot-path.ts';
import type { Log } from '../log.ts';
import type { Audience } from '../notifiers/audience.ts';
import type { NoticeDesk } from '../notifiers/desk.ts';
import { gathering } from './audience.ts';
import { type Course, type Decision, EMPTY_RESPONSE, type KeptResponse, type ResponseEntry } from './decision.ts';
import { createFlood, type Flood, outspoken } from './flood/flood.ts';
import { groupToldReason } from './flood/texts.ts';
import { createFreezes } from './freezes.ts';
import { type Plan, plansOf } from './plan.ts';
import { createPlanner, nextDueMs, type Turn } from './planner.ts';
import type { HoldBack } from './policy.ts';
import { namesOf, reachOf } from './reach.ts';
import { rosterOf } from './roster.ts';
import { heldBack, onDutyReason } from './texts.ts';
import { frozenView, responseView } from './views.ts';

export interface ResponseOptions {
  readonly config: VenueConfig;
  /** The venue's clock: deadlines are of judged time. */
  readonly clock: JudgeScheduler;
  readonly log: Log;
  /** What people call a zone or a device. */
  name(id: string): Text;
  /** Undefined: nothing is kept, and a restart begins anew with what is open. */
  readonly keep: ((entry: ResponseEntry) => void) | undefined;
  readonly kept: KeptResponse | undefined;
  /** Absent: shelved, suppressed and out of service. */
  readonly holdBack?: HoldBack;
  /** Alarm events of the last day, in order. */
  readonly recent?: readonly AlarmEvent[] | undefined;
}

/** Carries out the response plan. */
export interface ResponseRunner {
  /** From now on: with what was open before, and deadlines that passed while nobody was looking. */
  start(
    hotPath: Pick<HotPath, 'events' | 'openAlarms'>,
    desk: Pick<NoticeDesk, 'take' | 'rung'>,
    resume: () => void,
  ): () => void;
  planOf(alarm: Alarm): Plan;
  /** For a call whoever is on duty now joins those who were told. */
  audienceOf(alarm: Alarm, isCall: boolean): Audience;
  /** Of every open alarm. */
  views(): readonly ResponseView[];
  frozenViews(): readonly FrozenView[];
  lift(asked: Lift): LiftResult;
  /** Told how far an open alarm is, whenever something was decided. */
  listen(listener: (view: ResponseView) => void): () => void;
  /** The plan, the people or the roster is another now: it counts for what is decided from now on. */
  renew(): void;
  /** A new store has to know how far things are. */
  keepAgain(): void;
  /** How many alarms there are for people, and what is done about too many. */
  readonly flood: Flood;
}

export const createResponse = (options: ResponseOptions): ResponseRunner => {
  const { config, clock, log, kept = EMPTY_RESPONSE, keep = () => undefined } = options;
  const name = (id: string): Text => namesOf(config, options.name)(id);
  const waysOf = () => ({ plans: plansOf(config), reach: reachOf(config, rosterOf(config)) });
  let ways = waysOf();
  const flood = createFlood({ config, ways: () => ways, nowMs: clock.now(), recent: options.recent });
  const plannerOf = () => createPlanner({ ...ways, name, holdBack: options.holdBack ?? heldBack, calm: flood });
  let planner = plannerOf();
  const courses = new Map(kept.courses.map((course) => [course.alarm, course]));
  const alarms = new Map<string, Alarm>();
  const lasts = new Map<string, Decision>();
  const listeners = new Set<(view: ResponseView) => void>();
  let desk: Pick<NoticeDesk, 'take' | 'rung'> | undefined;
  let timer: { unsubscribe(): void } | undefined;

  const onDecision = (decision: Decision): void => {
    const { type, alarm, atMs, reason } = decision;
    keep({ type: 'decision', atMs, decision });
    log.info({ alarm, decision: type, code: reason.code, zh: reason.zh }, reason.en);
    if (alarms.has(alarm)) lasts.set(alarm, decision);
  };
  const freezes = createFreezes({ config, kept: kept.frozen, name, keep, onDecision });

  const planOf = (alarm: Alarm): Plan =>
    ways.plans.of({ ...alarm, severity: courses.get(alarm.id)?.severity ?? alarm.severity });
  const viewOf = (alarm: Alarm): ResponseView | undefined => {
    const course = courses.get(alarm.id);
    if (course === undefined) return undefined;
    return responseView({ alarm, course, plan: planOf(alarm), last: lasts.get(alarm.id), name });
  };

  const apply = (alarm: Alarm, atMs: number, { course, decisions, begins }: Turn): void => {
    const before = courses.get(alarm.id);
    if (course === undefined) courses.delete(alarm.id);
    else courses.set(alarm.id, course);
    flood.follow(before, course, alarm, atMs);
    // The store forgets it with the end of the alarm.
    if (course !== undefined && course !== before) keep({ type: 'course', atMs, course });
    for (const decision of decisions) {
      onDecision(decision);
      flood.decided(decision, alarm, planOf(alarm));
    }
    if (begins !== undefined) freezes.freeze(alarm, begins, atMs);
    const view = decisions.length === 0 ? undefined : viewOf(alarm);
    if (view !== undefined) for (const listener of listeners) listener(view);
  };

  const audienceOf = (alarm: Alarm, isCall: boolean): Audience => {
    const nowMs = clock.now();
    const course = courses.get(alarm.id);
    const isRunning = course?.phase === 'running';
    const whole = gathering(config, ways.reach, course, planOf(alarm), nowMs, isCall && isRunning);
    const all = flood.audience(alarm, course, whole, nowMs);
    if (course?.quiet !== undefined) return all;
    const news = all.people.map(({ id }) => id).filter((id) => course?.people.includes(id) === false);
    if (!isRunning || news.length === 0) return all;
    // The shift has changed: they belong to it from now on.
    const reason = onDutyReason(news.map(name));
    const decision: Decision = { type: 'told', alarm: alarm.id, atMs: nowMs, people: news, reason };
    const joined: Course = { ...course, people: [...course.people, ...news] };
    apply(alarm, nowMs, { course: joined, decisions: [decision], tell: 'nothing' });
    return all;
  };

  const take = (event: AlarmEvent): void => {
    const { alarm, atMs } = event;
    const before = courses.get(alarm.id);
    flood.note(event);
    const turn = planner.take(before, event);
    if (event.type === 'closed') {
      alarms.delete(alarm.id);
      lasts.delete(alarm.id);
    } else alarms.set(alarm.id, alarm);
    // Those that were told hear of the end while it is still known who they are.
    if (turn.course !== undefined) apply(alarm, atMs, turn);
    if (turn.tell === 'event') desk?.take(event);
    else if (turn.tell === 'rung') desk?.rung(alarm, atMs, 0);
    if (turn.course === undefined) apply(alarm, atMs, turn);
    if (turn.course !== before) tellGroups(atMs);
  };

  const wake = (): void => {
    const nowMs = clock.now();
    for (const course of [...courses.values()]) {
      const alarm = alarms.get(course.alarm);
      if (alarm === undefined || nextDueMs(course) > nowMs) continue;
      const turn = flood.spoken(planner.wake(course, alarm, nowMs), (id) => courses.get(id));
      apply(alarm, nowMs, turn);
      if (turn.tell === 'rung') desk?.rung(alarm, nowMs, (turn.course?.next ?? 1) - 1);
    }
    tellGroups(nowMs);
  };

  /** Through an alarm that was told by itself, or is from now on. */
  const tellGroups = (nowMs: number): void => {
    for (const telling of flood.due(nowMs)) {
      const alarm = alarms.get(telling.alarm);
      const course = courses.get(telling.alarm);
      if (alarm === undefined || course === undefined) continue;
      const { people, channels } = course;
      const reason = groupToldReason(telling);
      const decision: Decision = { type: 'told', alarm: alarm.id, atMs: nowMs, people, channels, reason };
      apply(alarm, nowMs, { course: outspoken(course), decisions: [decision], tell: 'nothing' });
      desk?.rung(alarm, nowMs, 0);
    }
    arm();
  };

  const arm = (): void => {
    timer?.unsubscribe();
    timer = undefined;
    let dueMs = flood.nextDueMs();
    for (const course of courses.values()) dueMs = Math.min(dueMs, nextDueMs(course));
    if (dueMs !== Infinity) timer = clock.schedule(wake, Math.max(1, dueMs - clock.now()));
  };

  /** An open alarm of which no course is known: raised in the moment of a crash, or by a version that kept none. */
  const begin = (alarm: Alarm): void => {
    const atMs = Date.parse(alarm.raisedAt);
    apply(alarm, atMs, planner.take(undefined, { type: 'raised', atMs, alarm }));
  };

  return {
    start: ({ events, openAlarms }, told, resume) => {
      desk = told;
      for (const alarm of openAlarms()) alarms.set(alarm.id, alarm);
      for (const id of [...courses.keys()]) if (!alarms.has(id)) courses.delete(id);
      for (const alarm of alarms.values()) flood.follow(undefined, courses.get(alarm.id), alarm, clock.now());
      for (const alarm of alarms.values()) if (!courses.has(alarm.id)) begin(alarm);
      resume();
      wake();
      const deaf = events.listen((event) => {
        if ('alarm' in event) take(event);
      });
      return () => {
        deaf();
        timer?.unsubscribe();
      };
    },
    flood,
    planOf,
    audienceOf,
    views: () => [...alarms.values()].flatMap((alarm) => viewOf(alarm) ?? []),
    frozenViews: () => freezes.all().map((each) => frozenView(each, name)),
    lift: freezes.lift,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    renew: () => {
      ways = waysOf();
      planner = plannerOf();
    },
    keepAgain: () => {
      const atMs = clock.now();
      for (const course of courses.values()) keep({ type: 'course', atMs, course });
      for (const frozen of freezes.all()) keep({ type: 'frozen', atMs, frozen });
    },
  };
};
