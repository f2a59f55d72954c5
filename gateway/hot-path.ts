import { Observable } from 'rxjs';
import { createIntake, type Intake, type SourceTrust } from '../ingest/intake.ts';
import type { Frame } from '../ingest/model/frame.ts';
import type { Occurrence, Request } from '../ingest/model/sample.ts';
import { createPresence, type PresenceView } from '../ingest/presence/presence.ts';
import type { Accept } from '../ingest/sources/source.ts';
import {
  type ActionResult,
  type AskedAction,
  type AskedDeed,
  type DeedResult,
  isDeed,
  type ResponseDeed,
} from '../rules/alarms/action.ts';
import { type Alarm, alarmChange, type OutOfService, type PreAlarmEvent } from '../rules/alarms/alarm.ts';
import { AlarmDesk } from '../rules/alarms/desk.ts';
import {
  type ConditionVerdict,
  type EngineInput,
  type FaultVerdict,
  type JudgeOperator,
  type JudgeView,
  judge,
  type Verdict,
  wakeTimer,
} from '../rules/engine.ts';
import type { Snapshot } from '../rules/judge/snapshot.ts';
import { isRuleKind } from '../rules/kinds/index.ts';
import type { Figure, Rule } from '../rules/rule.ts';
import { asOwn, healthVerdict } from './alarms/health.ts';
import type { VenueClock } from './clock.ts';
import type { Registry } from './config/registry.ts';
import type { VenueConfig } from './config/schema.ts';
import { type CommandEvent, type EventStream, eventStream } from './events.ts';
import { toldClock } from './flight/clock.ts';
import { type FlightTap, savedVerdict } from './flight/records.ts';
import { LastSamples } from './last-samples.ts';
import type { Log } from './log.ts';
import { committed, type Sink } from './sinks/sink.ts';

export interface HotPathOptions {
  readonly registry: Registry;
  readonly rules: readonly Rule[];
  readonly clock: VenueClock;
  readonly sinks: readonly Sink[];
  readonly log: Log;
  readonly trust?: ReadonlyMap<string, SourceTrust>;
  /** Of devices whose adverts are encrypted, by device id. */
  readonly bindKeys?: ReadonlyMap<string, Uint8Array>;
  readonly snapshot?: Snapshot | undefined;
  /** What decoders remembered before the start. */
  readonly memories?: readonly (readonly [key: string, memory: unknown])[] | undefined;
  readonly alarms?: Iterable<Alarm>;
  /** Takes what people do about the response; absent: there is none. */
  readonly deed?: (deed: ResponseDeed) => DeedResult;
  readonly outOfService?: Iterable<OutOfService>;
  /** What a decoder asks of a device, and the frame that it asks for. */
  readonly onRequest?: (request: Request, frame: Frame) => void;
  /** The flight recorder: told of everything that enters by a door of the hot path, before it is judged, and of what it says. */
  readonly recorder?: FlightTap | undefined;
}

/** Frame to alarm in one thread: no await, no disk, no database. */
export interface HotPath {
  readonly accept: Accept;
  readonly events: EventStream;
  /** What rules want done. */
  readonly commands: EventStream<CommandEvent>;
  /** What has happened to registered devices, once it was judged. A listener reports nothing in that turn. */
  readonly occurrences: EventStream<Occurrence>;
  readonly intake: Intake;
  /** The one door for what people do about alarms. */
  act(action: AskedAction): ActionResult;
  act(action: AskedDeed): DeedResult;
  openAlarms(): readonly Alarm[];
  outOfService(): readonly OutOfService[];
  /** Wearers who are being asked right now. */
  preAlarms(): readonly PreAlarmEvent[];
  readonly lastSamples: Pick<LastSamples, 'get' | 'changes'>;
  readonly faults: number;
  /** False: the engine's stream has ended; what comes in is not judged. */
  readonly isJudging: boolean;
  /** What a sink threw at: not kept by it. */
  readonly sinkFaults: number;
  /** What the engine holds, for looking only. */
  readonly view: JudgeView;
  /** Where badges are, and who hears them; for looking only. */
  readonly presence: PresenceView;
  /** For snapshots. */
  readonly engine: Pick<JudgeOperator, 'capture' | 'endCapture' | 'judgedToMs'>;
  /** An alarm of the gateway itself: by the rule `gateway-health`, where there is one. */
  report(verdict: ConditionVerdict): void;
  /** Tells the rules that judge alarms of those that are open; those that no rule speaks for say so. */
  recount(): void;
  /** How a part of the gateway does. Not kept: the next one comes in a second. */
  measured(figure: Figure): void;
  /** The venue has changed: what of it is the same goes on where it stands. Between two frames. */
  reload(next: VenueConfig): void;
  /** Something that happened to a registered device, and that came in no frame. */
  occur(occurrence: Occurrence): void;
  stop(): void;
}

/** A sink that fails with every sample must not fill the log: one line for so many. */
const SINK_FAULTS_TOLD = 10_000;

export const createHotPath = (options: HotPathOptions): HotPath => {
  const { registry, rules, sinks, log, recorder, snapshot } = options;
  const told = recorder === undefined ? undefined : toldClock(options.clock, recorder.wake);
  const clock = told ?? options.clock;
  const startedMs = clock.now();
  const alarms = [...(options.alarms ?? [])];
  const outOfService = [...(options.outOfService ?? [])];
  recorder?.begin({ startedMs, snapshot, memories: options.memories ?? [], alarms, outOfService });
  // A Subject would copy its list of observers and make a closure for every sample.
  let give = (_input: EngineInput): void => undefined;
  const inputs = new Observable<EngineInput>((observer) => {
    give = (input) => observer.next(input);
  });
  const events = eventStream((error) => log.error({ error }, 'a listener of alarm events failed'));
  const commands = eventStream<CommandEvent>((error) => log.error({ error }, 'a command was not carried out'));
  const occurrences = eventStream<Occurrence>((error) => log.error({ error }, 'a listener of occurrences failed'));
  let sinkFaults = 0;
  /** Of the frame at hand: whether its sender waits for an answer. */
  let isAcknowledged = false;
  const keep = (hand: (sink: Sink) => void): void => {
    for (const sink of sinks) {
      try {
        hand(sink);
      } catch (error) {
        sinkFaults += 1;
        if (sinkFaults % SINK_FAULTS_TOLD === 1) log.error({ error, sink: sink.id, sinkFaults }, 'a sink failed');
      }
    }
  };
  const desk = new AlarmDesk((event) => {
    deskTimer.arm();
    recorder?.event(event);
    keep((sink) => sink.event(event));
    events.emit(event);
    // Judged once what is being judged now is done.
    if ('alarm' in event) give(alarmChange(event));
  }, rules);
  const deskTimer = wakeTimer(desk, clock);
  desk.restore(alarms, outOfService);
  deskTimer.arm();
  const lastSamples = new LastSamples(registry.venue);
  let faults = 0;

  const report = (verdict: ConditionVerdict): void => {
    const ofGateway = rules.find(({ kind }) => kind === 'gateway-health');
    const condition = ofGateway?.reported?.(verdict.condition) ?? verdict.condition;
    desk.take(ofGateway === undefined ? verdict : { ...verdict, rule: asOwn(ofGateway, verdict), condition });
  };
  const onFault = (fault: FaultVerdict): void => {
    faults += 1;
    log.error({ rule: fault.rule.id, subject: fault.subject, error: fault.error }, 'a rule failed on a subject');
    report(healthVerdict(fault));
  };
  const onCondition = (verdict: ConditionVerdict): void => {
    desk.take(verdict);
    const { condition, rule, subject, atMs } = verdict;
    for (const command of condition.commands ?? []) commands.emit({ atMs, rule: rule.id, subject, command });
  };
  const onVerdict = (verdict: Verdict): void => {
    if (verdict.type === 'condition') onCondition(verdict);
    else if (verdict.type === 'moved') desk.move(verdict);
    else onFault(verdict);
  };

  const operator = judge([...rules], { scheduler: clock, startedMs, venue: registry.venue, snapshot });
  const judging = inputs.pipe(operator).subscribe(onVerdict);
  const { receivers, presence: settings } = registry;
  const presence = createPresence({ receivers, settings, startedMs });
  for (const { id, role } of registry.venue.devices.values()) {
    const known = role === undefined ? undefined : operator.presentZoneOf(id);
    if (known !== undefined) presence.restore(id, known.zone, known.sinceMs);
  }
  const onOccurrence = (occurrence: Occurrence): void => {
    give(occurrence);
    keep((sink) => sink.occurrence(occurrence));
    occurrences.emit(occurrence);
  };

  const intake = createIntake({
    venueId: registry.venueId,
    resolve: registry.resolve,
    isRegistered: (id) => registry.venue.devices.has(id),
    ...(options.trust === undefined ? {} : { trust: options.trust }),
    bindKeys: options.bindKeys,
    onSample: (sample) => {
      give(sample);
      if (!sample.historical) lastSamples.put(sample);
      if (sinks.length > 0) keep((sink) => sink.sample(sample, isAcknowledged));
    },
    onOccurrence,
    onHearing: (device, hearing) => {
      const move = presence.hear(device, hearing);
      if (move !== undefined) onOccurrence(move);
    },
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    onDiscovered: (address, frame) => log.info({ address, topic: frame.address }, 'a device nobody has registered'),
  });
  if (options.memories !== undefined) intake.memories.restore(options.memories);

  const actOnAlarm = (asked: AskedAction, nowMs: number): ActionResult => {
    const result = desk.act({ ...asked, atMs: nowMs });
    if (result.ok && asked.type === 'acknowledge' && result.alarm !== undefined) {
      const { rule, subject } = result.alarm;
      const input = { type: 'acknowledge', nowMs, rule, subject } as const;
      give(input);
      keep((sink) => sink.acknowledgement?.(input));
    }
    return result;
  };
  function act(asked: AskedAction): ActionResult;
  function act(asked: AskedDeed): DeedResult;
  function act(asked: AskedAction | AskedDeed): ActionResult | DeedResult {
    const atMs = clock.now();
    recorder?.input({ type: 'act', atMs, asked });
    if (!isDeed(asked)) return actOnAlarm(asked, atMs);
    return options.deed?.({ ...asked, atMs }) ?? { ok: false, reason: 'not-frozen' };
  }

  const recount = (atMs: number): void => {
    for (const alarm of [...desk.open]) give(alarmChange({ type: 'changed', atMs, alarm }));
    desk.reconcile(operator, isRuleKind, atMs, onCondition);
  };

  const reload = (atMs: number): void => {
    const { venue } = registry;
    lastSamples.reseat(venue);
    intake.relearn();
    desk.use(rules);
    operator.reload({ rules: [...rules], venue, lastValues: (id, nowMs) => lastSamples.asSamples(id, nowMs) });
    recount(atMs);
  };

  return {
    accept: (frame: Frame, settle?: () => void) => {
      recorder?.frame(frame);
      isAcknowledged = settle !== undefined;
      intake.take(frame);
      if (settle !== undefined) committed(sinks, settle);
    },
    events,
    commands,
    occurrences,
    intake,
    act,
    openAlarms: () => [...desk.open],
    outOfService: () => desk.outOfService,
    preAlarms: () => desk.preAlarms,
    lastSamples,
    get faults() {
      return faults;
    },
    get isJudging() {
      return !judging.closed;
    },
    get sinkFaults() {
      return sinkFaults;
    },
    view: operator,
    presence,
    engine: operator,
    report: (verdict) => {
      recorder?.input({ type: 'report', atMs: clock.now(), verdict: savedVerdict(verdict) });
      report(verdict);
    },
    recount: () => {
      const atMs = clock.now();
      recorder?.input({ type: 'recount', atMs });
      recount(atMs);
    },
    measured: (figure) => {
      recorder?.input({ type: 'measured', atMs: clock.now(), figure });
      give(figure);
    },
    reload: (next) => {
      // All that comes of it comes of the time that is recorded.
      if (told === undefined) reload(clock.now());
      else
        told.stand((atMs) => {
          recorder?.reload(next, atMs);
          reload(atMs);
        });
    },
    occur: (occurrence) => {
      recorder?.input({ type: 'occur', atMs: clock.now(), occurrence });
      onOccurrence(occurrence);
    },
    stop: () => {
      judging.unsubscribe();
      deskTimer.stop();
    },
  };
};
