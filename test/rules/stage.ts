import { Subject, VirtualTimeScheduler } from 'rxjs';
import { type Device, unregisteredDevice, type Zone } from '../../ingest/model/device.ts';
import type { Metrics } from '../../ingest/model/metrics.ts';
import type { Occurrence, OccurrenceKind, Sample } from '../../ingest/model/sample.ts';
import { createSample } from '../../ingest/model/stamp.ts';
import type { ActionResult, AskedAction } from '../../rules/alarms/action.ts';
import {
  type Alarm,
  type AlarmEvent,
  alarmChange,
  type OutOfService,
  type PreAlarmEvent,
  type ServiceEvent,
} from '../../rules/alarms/alarm.ts';
import { AlarmDesk } from '../../rules/alarms/desk.ts';
import {
  type ConditionVerdict,
  type EngineInput,
  type JudgeOperator,
  judge,
  type Verdict,
} from '../../rules/engine.ts';
import type { Snapshot } from '../../rules/judge/snapshot.ts';
import { createRule, isRuleKind, ruleSchema } from '../../rules/kinds/index.ts';
import type { Rule, Venue } from '../../rules/rule.ts';

/** 2026-06-01T12:00:00Z: an evening in virtual time starts here. */
export const EPOCH = Date.UTC(2026, 5, 1, 12);

export const device = (id: string, extra: Partial<Device> = {}): Device => ({
  ...unregisteredDevice(id),
  profile: 'badge',
  role: 'guard',
  reports: { everySeconds: 30 },
  registered: true,
  ...extra,
});

export const zone = (id: string, extra: Partial<Zone> = {}): Zone => ({
  id,
  areaM2: 100,
  capacity: undefined,
  use: 'standing',
  within: undefined,
  ...extra,
});

export const venueOf = (devices: readonly Device[], zones: readonly Zone[] = []): Venue => ({
  devices: new Map(devices.map((each) => [each.id, each])),
  zones: new Map(zones.map((each) => [each.id, each])),
});

export const rule = (config: Record<string, unknown>, venue: Venue): Rule =>
  createRule(ruleSchema.parse(config), venue);

export const sampleOf = (id: string, nowMs: number, metrics: Metrics, channel = ''): Sample =>
  createSample(id, channel, nowMs, 'arrival', nowMs, undefined, metrics);

export const occurrenceOf = (
  id: string,
  kind: OccurrenceKind,
  nowMs: number,
  extra: Partial<Occurrence> = {},
): Occurrence => ({
  type: 'occurrence',
  device: id,
  kind,
  id: undefined,
  timeMs: nowMs,
  timeFrom: 'arrival',
  arrivedMs: nowMs,
  retained: false,
  nowMs,
  historical: false,
  attributes: {},
  ...extra,
});

/** An engine and an alarm desk in virtual time; times are seconds since EPOCH. */
export interface Stage {
  at(seconds: number): Stage;
  sample(id: string, metrics: Metrics, channel?: string): Stage;
  occur(id: string, kind: OccurrenceKind, extra?: Partial<Occurrence>): Stage;
  acknowledge(alarm: Alarm, by: string): Stage;
  act(asked: AskedAction): ActionResult;
  put(input: EngineInput): Stage;
  readonly verdicts: Verdict[];
  readonly events: AlarmEvent[];
  readonly preAlarms: PreAlarmEvent[];
  readonly service: ServiceEvent[];
  /** `[seconds, type, subject, severity]` of every alarm event so far. */
  story(): (readonly [number, string, string, string])[];
  open(): Alarm[];
  outOfService(): readonly OutOfService[];
  save(): Snapshot;
  readonly forgottenSubjects: number;
  readonly unfitStates: number;
  /** Other rules, another venue, from now on. */
  reload(rules: readonly Rule[], venue: Venue): Stage;
  readonly nowMs: number;
}

export interface StageOptions {
  readonly venue: Venue;
  readonly rules: readonly Rule[];
  readonly startSeconds?: number;
  readonly snapshot?: Snapshot;
  readonly alarms?: readonly Alarm[];
  readonly outOfService?: readonly OutOfService[];
}

export const stage = ({ venue, rules, startSeconds = 0, snapshot, alarms, outOfService }: StageOptions): Stage => {
  const scheduler = new VirtualTimeScheduler();
  scheduler.frame = EPOCH + startSeconds * 1000;
  const input = new Subject<EngineInput>();
  const verdicts: Verdict[] = [];
  const events: AlarmEvent[] = [];
  const preAlarms: PreAlarmEvent[] = [];
  const heard = new Map<string, Sample>();
  const service: ServiceEvent[] = [];
  const desk = new AlarmDesk((event) => {
    if ('entry' in event) service.push(event);
    else if (!('alarm' in event)) preAlarms.push(event);
    else {
      events.push(event);
      input.next(alarmChange(event));
    }
  }, rules);
  desk.restore(alarms ?? [], outOfService);
  const operator: JudgeOperator = judge(rules, { scheduler, venue, snapshot });
  input.pipe(operator).subscribe((verdict) => {
    verdicts.push(verdict);
    if (verdict.type === 'condition') desk.take(verdict);
    else if (verdict.type === 'moved') desk.move(verdict);
  });
  if (snapshot !== undefined) desk.reconcile(operator, isRuleKind, scheduler.frame);
  const self: Stage = {
    at(seconds) {
      scheduler.maxFrames = EPOCH + seconds * 1000;
      scheduler.flush();
      scheduler.frame = EPOCH + seconds * 1000;
      desk.fireDue(scheduler.frame);
      return self;
    },
    sample: (id, metrics, channel) => self.put(sampleOf(id, scheduler.frame, metrics, channel)),
    occur: (id, kind, extra) => self.put(occurrenceOf(id, kind, scheduler.frame, extra)),
    act: (asked) => desk.act({ ...asked, atMs: scheduler.frame }),
    acknowledge(alarm, by) {
      desk.act({ type: 'acknowledge', alarm: alarm.id, by, atMs: scheduler.frame });
      return self.put({ type: 'acknowledge', nowMs: scheduler.frame, rule: alarm.rule, subject: alarm.subject });
    },
    put(each) {
      if (each.type === 'sample') heard.set(`${each.device}/${each.channel}`, each);
      input.next(each);
      return self;
    },
    verdicts,
    events,
    preAlarms,
    service,
    story: () =>
      events.map((event) => [(event.atMs - EPOCH) / 1000, event.type, event.alarm.subject, event.alarm.severity]),
    open: () => [...desk.open],
    outOfService: () => desk.outOfService,
    save() {
      const saved = operator.save();
      if (saved === undefined) throw new Error('nothing subscribed');
      return JSON.parse(JSON.stringify(saved));
    },
    get forgottenSubjects() {
      return operator.forgottenSubjects();
    },
    reload(nextRules, nextVenue) {
      const lastValues = (id: string, nowMs: number): readonly Sample[] =>
        [...heard.values()]
          .filter((each) => each.device === id)
          .map(({ metrics, channel }) => sampleOf(id, nowMs, metrics, channel));
      operator.reload({ rules: nextRules, venue: nextVenue, lastValues });
      desk.use(nextRules);
      desk.reconcile(operator, isRuleKind, scheduler.frame);
      return self;
    },
    get unfitStates() {
      return operator.unfitStates();
    },
    get nowMs() {
      return scheduler.frame;
    },
  };
  return self;
};

export const conditionsOf = (verdicts: readonly Verdict[]): ConditionVerdict[] =>
  verdicts.filter((verdict) => verdict.type === 'condition');
