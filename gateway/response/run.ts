import type { Alarm, AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { ResponseView } from '../api/contract.ts';
import type { Audience } from '../notifiers/audience.ts';
import { gathering, reminding } from './audience.ts';
import { type Course, type Decision, EMPTY_RESPONSE } from './decision.ts';
import { createFlood } from './flood/flood.ts';
import { groupTurns } from './flood/telling.ts';
import { noticeOf } from './follow-up.ts';
import { figuresOf } from './measure-figures.ts';
import { createMeasures, type MeasuresOptions } from './measures.ts';
import { type Plan, plansOf } from './plan.ts';
import { createPlanner, nextDueMs, type Turn } from './planner.ts';
import { namesOf, reachOf } from './reach.ts';
import { rosterOf } from './roster.ts';
import type { Desk, ResponseOptions, ResponseRunner } from './runner.ts';
import { heldBack, onDutyReason } from './texts.ts';
import { commandView, followUpView, frozenView, responseView } from './views.ts';

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
  let desk: Desk | undefined;
  let outside: Pick<MeasuresOptions, 'send' | 'report'> | undefined;
  let timer: { unsubscribe(): void } | undefined;

  const onMeasure = (decision: Decision): void => {
    const { type, alarm, atMs, reason } = decision;
    keep({ type: 'decision', atMs, decision });
    log.info({ alarm, decision: type, code: reason.code, zh: reason.zh }, reason.en);
  };
  const onDecision = (decision: Decision): void => {
    onMeasure(decision);
    if (alarms.has(decision.alarm)) lasts.set(decision.alarm, decision);
  };

  const planOf = (alarm: Alarm): Plan =>
    ways.plans.of({ ...alarm, severity: courses.get(alarm.id)?.severity ?? alarm.severity });
  const viewOf = (alarm: Alarm): ResponseView | undefined => {
    const course = courses.get(alarm.id);
    if (course === undefined) return undefined;
    const last = lasts.get(alarm.id);
    return responseView({ alarm, course, plan: planOf(alarm), last, measures, nowMs: clock.now(), name });
  };
  const tellListeners = (alarm: Alarm | undefined): void => {
    const view = alarm === undefined || listeners.size === 0 ? undefined : viewOf(alarm);
    if (view !== undefined) for (const listener of listeners) listener(view);
  };

  const measures = createMeasures({
    config,
    kept,
    name,
    keep,
    onFreeze: onDecision,
    onMeasure,
    onChange: (alarm) => tellListeners(alarms.get(alarm)),
    remind: (followUp, state, remark, atMs) => {
      const about = alarms.get(followUp.about.id) ?? followUp.about;
      const audience = reminding(config, ways.reach, { plan: ways.plans.of(followUp.about), state, remark, atMs });
      desk?.remind(about, atMs, noticeOf(followUp, state), audience);
    },
    send: (device, payload) => outside?.send(device, payload),
    report: (verdict) => outside?.report(verdict),
  });
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
    if (begins !== undefined) measures.begin(begins.event, begins.plan, clock.now());
    if (decisions.length > 0) tellListeners(alarm);
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
    // Nothing is commanded for an alarm that was held back from the first.
    const isBegun = before !== undefined && (before.next > 0 || before.quiet === 'chatter');
    const isMoment = isBegun && measures.take(event, planOf(alarm), clock.now());
    if (event.type === 'closed') measures.closed(alarm, atMs);
    // Those that were told hear of the end while it is still known who they are.
    if (turn.course !== undefined) apply(alarm, atMs, turn);
    if (turn.tell === 'event') desk?.take(event);
    else if (turn.tell === 'rung') desk?.rung(alarm, atMs, 0);
    if (turn.course === undefined) apply(alarm, atMs, turn);
    if (isMoment || turn.course !== before) tellGroups(atMs);
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
    measures.wake(nowMs);
    tellGroups(nowMs);
  };

  const tellGroups = (nowMs: number): void => {
    for (const { alarm: id, turn } of groupTurns(flood, courses, nowMs)) {
      const alarm = alarms.get(id);
      if (alarm === undefined) continue;
      apply(alarm, nowMs, turn);
      desk?.rung(alarm, nowMs, 0);
    }
    arm();
  };

  const arm = (): void => {
    timer?.unsubscribe();
    timer = undefined;
    let dueMs = Math.min(flood.nextDueMs(), measures.nextDueMs());
    for (const course of courses.values()) dueMs = Math.min(dueMs, nextDueMs(course));
    if (dueMs !== Infinity) timer = clock.schedule(wake, Math.max(1, dueMs - clock.now()));
  };

  /** An open alarm of which no course is known: raised in the moment of a crash, or by a version that kept none. */
  const begin = (alarm: Alarm): void => {
    const atMs = Date.parse(alarm.raisedAt);
    apply(alarm, atMs, planner.take(undefined, { type: 'raised', atMs, alarm }));
  };

  return {
    start: ({ events, occurrences, openAlarms, report }, told, resume, send) => {
      desk = told;
      outside = { send, report };
      for (const alarm of openAlarms()) alarms.set(alarm.id, alarm);
      for (const id of [...courses.keys()]) if (!alarms.has(id)) courses.delete(id);
      for (const alarm of alarms.values()) flood.follow(undefined, courses.get(alarm.id), alarm, clock.now());
      measures.resume([...alarms.values()], clock.now());
      for (const alarm of alarms.values()) if (!courses.has(alarm.id)) begin(alarm);
      resume();
      wake();
      const deaf = events.listen((event) => {
        if ('alarm' in event) take(event);
      });
      const unheard = occurrences.listen((occurrence) => {
        if (occurrence.kind !== 'done') return;
        measures.orders.confirm(occurrence, clock.now());
        arm();
      });
      return () => {
        deaf();
        unheard();
        timer?.unsubscribe();
      };
    },
    flood,
    planOf,
    audienceOf,
    views: () => [...alarms.values()].flatMap((alarm) => viewOf(alarm) ?? []),
    frozenViews: () => measures.freezes.all().map((each) => frozenView(each, name)),
    followUpViews: () => measures.followUps.all().map((each) => followUpView(each, clock.now())),
    commandViews: () => measures.orders.all().map((each) => commandView(each, name)),
    act: (deed) => {
      const result = measures.act(deed);
      arm();
      return result;
    },
    ...figuresOf(measures),
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
      measures.keepAgain(atMs);
    },
  };
};
