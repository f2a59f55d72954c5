import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import type { ConditionVerdict, DeviceLife, EngineInput, JudgeOptions, PresentZone, Verdict } from '../engine.ts';
import type { Input, Rule, RuleState, Silence, Step } from '../rule.ts';
import {
  type Baseline,
  Capture,
  deviceKey,
  devicePartKey,
  type EnginePart,
  sharedPartKey,
  type Touchable,
} from './capture.ts';
import { type Deadline, DeadlineQueue } from './deadlines.ts';
import { DeviceEntry } from './device-entry.ts';
import { fits } from './fitting.ts';
import type { Ground } from './ground.ts';
import type { Lane } from './lane.ts';
import { Roster } from './roster.ts';
import { restoreSubject, type SavedDevice, type SavedSubject, saveDevice, saveSubject } from './snapshot.ts';
import { JudgedSubject } from './subject.ts';

/** State and deadlines of the engine as plain JSON. */
export interface Snapshot {
  readonly version: 1;
  readonly atMs: number;
  /** Since when there is somebody to hear devices. */
  readonly listeningSinceMs: number;
  /** `settings` of each rule that has them: states of a rule that has other ones now begin anew. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly subjects: readonly SavedSubject[];
  readonly devices: readonly SavedDevice[];
  /** How many states of each rule were left out since the start, for an older program had saved them in another shape. */
  readonly unfit?: Readonly<Record<string, number>> | undefined;
}

/** The last values of a device as samples of now, by channel: between samples they hold. */
export type LastValues = (device: string, nowMs: number) => Iterable<Sample>;

const RESTART_GRACE_SECONDS = 10;

/** A rule may move through a few stages in one moment; one that never comes to rest is broken. */
const SPINS_MAX = 16;

/** Where a badge was heard while nothing it says was, told once it reports. */
const moveOf = ({ device }: DeviceEntry, { zone, sinceMs }: PresentZone, nowMs: number): Occurrence => ({
  type: 'occurrence',
  device: device.id,
  kind: 'presence',
  id: undefined,
  timeMs: sinceMs,
  timeFrom: 'arrival',
  arrivedMs: sinceMs,
  retained: false,
  nowMs,
  historical: false,
  attributes: { zone },
});

/** The engine behind `judge`: takes inputs in order, tells verdicts, knows its next deadline. Owns no clock. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #tell: (verdict: Verdict) => void;
  #listeningSinceMs: number;
  readonly #roster: Roster;
  readonly #queue = new DeadlineQueue();
  readonly #ground: Ground;
  /** What has changed, beside the ground, since `#baseline`. */
  #touched = new Set<Touchable>();
  #baseline: Baseline | undefined;
  #capture: Capture | undefined;
  /** True while something is judged: what is given meanwhile waits in `#waiting`. */
  #isJudging = false;
  #waiting: EngineInput[] = [];
  /** When the last input came, judged milliseconds. */
  #arrivedMs = -Infinity;
  /** Was forgotten, with its device. */
  readonly #left = new WeakSet<Touchable>();
  /** Goes on where it stood, by the snapshot. */
  readonly #resumed = new WeakSet<JudgedSubject>();
  readonly #settings: Readonly<Record<string, string>>;
  #unfit: Readonly<Record<string, number>> | undefined;
  /** Keys of parts of earlier captures that there are no more. */
  #gone: readonly string[] = [];

  constructor(rules: readonly Rule[], options: JudgeOptions, nowMs: number, tell: (verdict: Verdict) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#listeningSinceMs = nowMs;
    this.#roster = new Roster(rules, options.venue, (things) => this.#leave(things));
    this.#ground = this.#roster.ground;
    this.#settings = settingsOf(rules);
    for (const entry of this.#roster.entries) {
      if (entry.silentAfterMs > 0) this.#queue.set(entry, nowMs + entry.silentAfterMs);
    }
    if (options.snapshot !== undefined) this.#restore(options.snapshot, nowMs);
  }

  get nextDeadlineMs(): number {
    return this.#queue.headMs;
  }

  get forgottenSubjects(): number {
    return this.#roster.free.forgotten;
  }

  /** Of each rule, how many saved states did not fit: their subjects have begun anew. */
  get unfitStates(): Readonly<Record<string, number>> {
    return this.#unfit ?? {};
  }

  /** Judges one input now: deadlines that come before it first, then the input, then what was given meanwhile. */
  take(input: EngineInput): void {
    if (this.#isJudging) {
      this.#waiting.push(input);
      return;
    }
    this.#isJudging = true;
    try {
      this.#fireBefore(input);
      this.#judge(input);
      this.#catchUp();
    } finally {
      this.#isJudging = false;
    }
  }

  /**
   * A deadline precedes an input of the same millisecond, whether its timer was on time or not. That goes by when an input
   * came, not only by its own stamp: what time had brought about by then, a late sample finds so. Of inputs that came at
   * once none is kept waiting for the deadlines of those before it.
   */
  #fireBefore(input: EngineInput): void {
    const { nowMs } = input;
    const arrivedMs = input.type === 'sample' || input.type === 'occurrence' ? input.arrivedMs : nowMs;
    const dueMs = arrivedMs > this.#arrivedMs ? arrivedMs : nowMs;
    if (arrivedMs > this.#arrivedMs) this.#arrivedMs = arrivedMs;
    if (this.#queue.headMs <= dueMs) this.#fireDue(dueMs);
  }

  /** Fires every deadline up to `nowMs`, in order of time, each with its own time. */
  fireDue(nowMs: number): void {
    if (this.#isJudging) return;
    this.#isJudging = true;
    try {
      this.#fireDue(nowMs);
    } finally {
      this.#isJudging = false;
    }
  }

  /** What verdicts have led to, until nothing more comes of it. */
  #catchUp(): void {
    while (this.#waiting.length > 0) {
      const inputs = this.#waiting;
      this.#waiting = [];
      for (const input of inputs) this.#judge(input);
    }
  }

  #judge(input: EngineInput): void {
    switch (input.type) {
      case 'sample':
        if (!input.historical) this.#takeSample(input);
        return;
      case 'occurrence':
        if (!input.historical || input.kind === 'sos' || input.kind === 'fall') this.#takeOccurrence(input);
        return;
      case 'acknowledge': {
        const subject = this.#roster.find(input.rule, input.subject);
        if (subject !== undefined) this.#step(subject, { type: 'acknowledged', nowMs: input.nowMs });
        return;
      }
      default:
        for (const subject of this.#roster.free.concerned(input)) this.#step(subject, input);
    }
  }

  #fireDue(nowMs: number): void {
    const spins = new Map<Deadline, number>();
    let lastMs = -Infinity;
    for (let item = this.#queue.takeDue(nowMs); item !== undefined; item = this.#queue.takeDue(nowMs)) {
      const dueMs = item.dueMs;
      if (item instanceof JudgedSubject) this.#touch(item);
      item.dueMs = Infinity;
      // A deadline that goes back in time is no new moment.
      if (dueMs > lastMs) {
        spins.clear();
        lastMs = dueMs;
      }
      spins.set(item, (spins.get(item) ?? 0) + 1);
      if (item instanceof DeviceEntry) this.#quietTooLong(item, dueMs);
      else if (!(item instanceof JudgedSubject)) continue;
      else if ((spins.get(item) ?? 0) > SPINS_MAX)
        this.#fault(item, dueMs, new Error('asks to be woken again at the same moment'));
      else this.#wake(item, item.overdue ? nowMs : dueMs);
      // Before the next deadline, which may be later.
      this.#catchUp();
    }
  }

  /** How it is with the life of a device; undefined for one that was never met. */
  lifeOf(device: string): DeviceLife | undefined {
    const entry = this.#roster.known(device);
    if (entry === undefined) return undefined;
    const heardMs = this.#lastHeardMs(entry);
    return {
      lastHeardMs: heardMs < 0 ? undefined : heardMs,
      silent: entry.silent,
      silentAfterMs: entry.silentAfterMs === 0 ? undefined : entry.silentAfterMs,
    };
  }

  /** What a rule holds of a subject now. */
  stateOf(rule: string, subject: string): RuleState | undefined {
    return this.#roster.find(rule, subject)?.state;
  }

  /** Whether a rule has said anything of a subject, as the rule is now. */
  hasJudged(rule: string, subject: string): boolean {
    return this.#roster.find(rule, subject)?.condition !== undefined;
  }

  /** Wearers who are being asked, as was last said: for whoever was not there to hear it. */
  get asked(): readonly ConditionVerdict[] {
    const atMs = this.#options.scheduler.now();
    const found = new Map<JudgedSubject, ConditionVerdict>();
    for (const entry of this.#roster.entries) {
      for (const subject of entry.allSubjects) {
        const { condition, rule } = subject;
        if (condition?.preAlarmUntilMs === undefined || condition.phase !== 'pending') continue;
        if (!entry.silent || rule.silence === 'own') found.set(subject, subject.verdict(atMs, condition));
      }
    }
    return [...found.values()];
  }

  /** Keys of the parts that a whole capture has now. */
  partKeys(): ReadonlySet<string> {
    return new Set([...this.#roster.entries.map(devicePartKey), ...this.#roster.shared.map(sharedPartKey)]);
  }

  /** Parts that captures of an earlier engine may have left: the next one takes away what is no part of it. */
  succeedParts(before: Judge): void {
    const strangers = [...(before.#baseline?.strangers ?? [])].map(deviceKey);
    this.#gone = [...before.#gone, ...strangers, ...before.partKeys()];
  }

  /** Subjects that did not go on where they stood are judged by what is known: silence, and the last values. */
  judgeKnown(lastValues: LastValues, nowMs: number): void {
    for (const entry of [...this.#roster.entries]) {
      const isNew = (subject: JudgedSubject): boolean => !this.#resumed.has(subject);
      if (!entry.allSubjects.some(isNew)) continue;
      const heardMs = this.#lastHeardMs(entry);
      if (heardMs < 0 && !entry.silent) continue;
      const input: Input = entry.silent
        ? this.#silence(entry, nowMs, false)
        : { type: 'alive', nowMs, device: entry.device.id };
      for (const subject of entry.allSubjects)
        if (isNew(subject) && subject.rule.silence === 'own') this.#step(subject, input);
      if (entry.silent) continue;
      for (const sample of lastValues(entry.device.id, nowMs))
        for (const subject of this.#roster.lane(entry, sample.channel)?.subjects ?? [])
          if (isNew(subject)) this.#step(subject, sample);
    }
  }

  /** Where the wearer of a device is; undefined: nobody has said. */
  presentZoneOf(device: string): PresentZone | undefined {
    return this.#roster.known(device)?.present;
  }

  save(): Snapshot {
    const subjects = new Set<JudgedSubject>(this.#roster.free.all);
    const devices: SavedDevice[] = [];
    for (const entry of this.#roster.entries) {
      for (const subject of entry.allSubjects) subjects.add(subject);
      devices.push(saveDevice(entry, this.#lastHeardMs(entry)));
    }
    const atMs = this.#options.scheduler.now();
    const listeningSinceMs = this.#listeningSinceMs;
    const saved = [...subjects].map((subject) => saveSubject(subject));
    return {
      version: 1,
      atMs,
      listeningSinceMs,
      settings: this.#settings,
      subjects: saved,
      devices,
      unfit: this.#unfit,
    };
  }

  /**
   * Begins to write out how things stand now.
   * @param isWhole all of it, not only what has changed since the capture that was kept last
   */
  capture(isWhole: boolean): Capture {
    if (this.#capture !== undefined) this.endCapture(this.#capture, false);
    const header: EnginePart = {
      version: 1,
      // A deadline that has come and whose timer is late must not look as if it had passed while down.
      atMs: Math.min(this.#options.scheduler.now(), this.#queue.headMs - 1),
      listeningSinceMs: this.#listeningSinceMs,
      settings: this.#settings,
    };
    const { entries, shared } = this.#roster;
    const present = this.#gone.length === 0 ? undefined : this.partKeys();
    this.#capture = new Capture(
      header,
      this.#ground,
      [...entries],
      shared,
      isWhole ? undefined : this.#baseline,
      this.#touched,
      this.#gone.filter((key) => present?.has(key) === false),
    );
    this.#touched = new Set();
    return this.#capture;
  }

  /** `isKept`: it is safe, and the next one may build on it. */
  endCapture(capture: Capture, isKept: boolean): void {
    if (this.#capture !== capture) return;
    this.#capture = undefined;
    if (isKept) {
      this.#baseline = capture.baseline;
      this.#gone = [];
    } else for (const thing of capture.touched) if (!this.#left.has(thing)) this.#touched.add(thing);
  }

  /** To be called before anything is changed that the ground does not hold. */
  #touch(thing: Touchable): void {
    this.#capture?.preserve(thing);
    this.#touched.add(thing);
  }

  #leave(things: readonly Touchable[]): void {
    for (const thing of things) {
      this.#capture?.preserve(thing);
      this.#touched.delete(thing);
      this.#left.add(thing);
    }
  }

  #takeSample(sample: Sample): void {
    const index = this.#roster.indexOf(sample.device, sample.seat);
    const { lastHeardMs, lanes } = this.#ground;
    const lane = lanes[index];
    if (lane !== undefined && sample.channel === '') {
      if (sample.nowMs > (lastHeardMs[index] ?? -1)) lastHeardMs[index] = sample.nowMs;
      this.#walk(index, lane, sample, sample);
    } else this.#takeWithCare(this.#roster.at(index), sample);
  }

  /** A sample of another channel than `''`, of a device never heard or silent, or whose own time runs behind. */
  #takeWithCare(entry: DeviceEntry, sample: Sample): void {
    this.#heard(entry, sample.nowMs);
    const lane = this.#roster.lane(entry, sample.channel);
    if (lane === undefined) return;
    const { behindMs } = entry;
    const local = behindMs === 0 ? sample : { ...sample, nowMs: sample.nowMs - behindMs };
    this.#walk(entry.index, lane, sample, local);
  }

  /** Every rule of a lane, in order; `local` is the sample in the time of rules that freeze. */
  #walk(index: number, { rules, base, view }: Lane, sample: Sample, local: Sample): void {
    const ground = this.#ground;
    const { states } = ground;
    for (let slot = 0; slot < rules.length; slot += 1) {
      const rule = rules[slot];
      if (rule === undefined) continue;
      const state = states[base + slot];
      const input = rule.silence === 'freeze' ? local : sample;
      if (state === undefined) this.#stepWithCare(this.#subjectAt(index, view.channel, slot), input, sample.nowMs);
      else {
        try {
          const step = rule.step(state, input, view);
          const { condition, wakeAtMs } = step;
          const changed = step.state !== state;
          if (condition === undefined && input === sample) {
            if (!changed && wakeAtMs === undefined) continue;
            if (ground.putOff(base + slot, step.state, wakeAtMs ?? Infinity)) continue;
          }
          this.#keep(this.#subjectAt(index, view.channel, slot), step, state, sample, sample.nowMs);
        } catch (error) {
          this.#fault(this.#subjectAt(index, view.channel, slot), sample.nowMs, error);
        }
      }
    }
  }

  #subjectAt(index: number, channel: string, slot: number): JudgedSubject | undefined {
    return this.#roster.lane(this.#roster.at(index), channel)?.subjects[slot];
  }

  #takeOccurrence(occurrence: Occurrence): void {
    const entry = this.#roster.entry(occurrence.device);
    if (occurrence.kind === 'offline') {
      this.#offline(entry, occurrence.nowMs);
      return;
    }
    if (occurrence.kind === 'presence') {
      this.#move(entry, occurrence);
      return;
    }
    // A person's count of a zone comes in the name of a device that counts there, and is no sign of its life; nor is a call
    // for help that somebody has kept for long.
    if (occurrence.kind !== 'count' && !occurrence.historical) this.#heard(entry, occurrence.nowMs);
    for (const subject of entry.allSubjects) this.#step(subject, occurrence);
    for (const subject of this.#roster.free.concerned(occurrence)) this.#step(subject, occurrence);
    if (occurrence.kind === 'online') this.#online(occurrence.device, occurrence.nowMs);
  }

  /** Where a wearer is, is no sign of life: a receiver hears a badge also where nobody can read what it says. */
  #move(entry: DeviceEntry, occurrence: Occurrence): void {
    const { attributes, nowMs } = occurrence;
    const { zone } = attributes;
    if (typeof zone !== 'string' || !this.#options.venue.zones.has(zone)) return;
    this.#touch(entry);
    entry.present = { zone, sinceMs: nowMs };
    for (const { rule, id, device } of entry.allSubjects) {
      if (!rule.shared(device)) this.#tell({ type: 'moved', rule, subject: id, zone, atMs: nowMs });
    }
    if (!entry.silent) this.#tellMove(entry, occurrence);
  }

  #tellMove({ allSubjects }: DeviceEntry, move: Occurrence): void {
    for (const subject of allSubjects) if (subject.rule.hearsPresence === true) this.#step(subject, move);
  }

  #offline(entry: DeviceEntry, nowMs: number): void {
    this.#fallSilent(entry, nowMs, true);
    for (const dependent of this.#roster.dependentsOf(entry.device.id)) this.#fallSilent(dependent, nowMs, true);
  }

  /** Its dependents live again, but no value of theirs is known before they report one: only `own` rules are told. */
  #online(device: string, nowMs: number): void {
    for (const dependent of this.#roster.dependentsOf(device)) {
      this.#tellAlive(dependent, nowMs);
    }
  }

  #heard(entry: DeviceEntry, nowMs: number): void {
    const isNews = entry.silent || this.#lastHeardMs(entry) < 0;
    const { silentSinceMs } = entry;
    // What is late says nothing of the time since.
    this.#ground.lastHeardMs[entry.index] = Math.max(nowMs, this.#lastHeardMs(entry));
    if (entry.silent) this.#thaw(entry, nowMs);
    if (!isNews) return;
    this.#touch(entry);
    this.#mark(entry);
    this.#tellAlive(entry, nowMs);
    const { present } = entry;
    if (present !== undefined && present.sinceMs >= silentSinceMs) this.#tellMove(entry, moveOf(entry, present, nowMs));
  }

  #tellAlive({ device, allSubjects }: DeviceEntry, nowMs: number): void {
    const input: Input = { type: 'alive', nowMs, device: device.id };
    for (const subject of allSubjects) if (subject.rule.silence === 'own') this.#step(subject, input);
  }

  #lastHeardMs(entry: DeviceEntry): number {
    return this.#ground.lastHeardMs[entry.index] ?? -1;
  }

  /** Whether samples of this device may pass without asking its entry. */
  #mark(entry: DeviceEntry): void {
    const careful = entry.silent || entry.behindMs > 0 || this.#lastHeardMs(entry) < 0;
    this.#ground.lanes[entry.index] = careful ? undefined : entry.main;
  }

  /** Heard again: rules that freeze go on where they stood. */
  #thaw(entry: DeviceEntry, nowMs: number): void {
    this.#touch(entry);
    // Rounded down, so that no wake comes before its time; a stamp from before the silence moves no time back.
    const silentMs = Math.max(0, Math.floor(nowMs - entry.silentSinceMs));
    entry.behindMs += silentMs;
    entry.silentSinceMs = -1;
    this.#mark(entry);
    if (entry.silentAfterMs > 0) this.#queue.set(entry, this.#lastHeardMs(entry) + entry.silentAfterMs);
    for (const subject of entry.allSubjects) {
      if (subject.rule.silence !== 'freeze' || subject.faulted) continue;
      this.#touch(subject);
      if (subject.remainingMs !== Infinity) this.#queue.set(subject, nowMs + subject.remainingMs);
      subject.remainingMs = Infinity;
      if (subject.condition !== undefined) this.#tell(subject.resumed(nowMs, silentMs, subject.condition));
    }
  }

  /** Being heard does not touch the queue; its place in it is looked at again here. */
  #quietTooLong(entry: DeviceEntry, nowMs: number): void {
    const heardMs = this.#lastHeardMs(entry);
    const dueMs = heardMs + entry.silentAfterMs + entry.missedMs(heardMs);
    if (dueMs > nowMs) this.#queue.set(entry, dueMs);
    else this.#fallSilent(entry, nowMs, false);
  }

  /** Nothing is known of it from now on: rules that freeze stand still and clear nothing, the others are told. */
  #fallSilent(entry: DeviceEntry, nowMs: number, said: boolean): void {
    this.#touch(entry);
    const freezes = !entry.silent;
    const input = this.#silence(entry, nowMs, said);
    const { lastSeenMs } = input;
    this.#queue.set(entry, Infinity);
    if (freezes) entry.silentSinceMs = Math.max(0, nowMs);
    this.#mark(entry);
    for (const subject of entry.allSubjects) {
      if (subject.rule.silence === 'own') this.#step(subject, input);
      else if (freezes && !subject.faulted) this.#freeze(subject, nowMs, lastSeenMs ?? nowMs);
    }
  }

  #silence(entry: DeviceEntry, nowMs: number, said: boolean): Silence {
    const heardMs = this.#lastHeardMs(entry);
    const lastSeenMs = heardMs < 0 ? undefined : heardMs;
    const sinceMs = entry.knownSinceMs ?? this.#listeningSinceMs;
    return { type: 'silence', nowMs, device: entry.device.id, lastSeenMs, sinceMs, said };
  }

  #freeze(subject: JudgedSubject, nowMs: number, lastSeenMs: number): void {
    this.#touch(subject);
    subject.remainingMs = subject.dueMs === Infinity ? Infinity : subject.dueMs - nowMs;
    this.#queue.set(subject, Infinity);
    if (subject.condition === undefined) return;
    const seconds = Math.round((nowMs - lastSeenMs) / 1000);
    this.#tell(subject.unknown(nowMs, { code: 'no-data', params: { device: subject.device.id, seconds } }));
  }

  #wake(subject: JudgedSubject, nowMs: number): void {
    this.#touch(subject);
    subject.overdue = false;
    this.#step(subject, { type: 'wake', nowMs });
  }

  /** A subject that holds its state itself: shared, faulted, or with a deadline that passed while down. */
  #stepWithCare(subject: JudgedSubject | undefined, input: Input, nowMs: number): void {
    if (subject === undefined || subject.faulted) return;
    if (!subject.overdue) {
      this.#stepFrom(subject, input, nowMs);
      return;
    }
    const { dueMs } = subject;
    this.#stepFrom(subject, input, nowMs);
    if (subject.faulted || this.#contradicted(subject, dueMs, nowMs)) return;
    // The first sample has not contradicted what was due: it counts now.
    this.#touch(subject);
    this.#queue.set(subject, Infinity);
    this.#wake(subject, nowMs);
  }

  /** True where an input has put off or lifted the deadline that passed while down. */
  #contradicted(subject: JudgedSubject, dueBeforeMs: number, nowMs: number): boolean {
    if (subject.dueMs === dueBeforeMs || subject.dueMs <= nowMs) return false;
    this.#touch(subject);
    subject.overdue = false;
    return true;
  }

  #step(subject: JudgedSubject, input: Input): void {
    if (subject.faulted) return;
    const { behindMs, dueMs } = subject;
    const local = behindMs === 0 ? input : { ...input, nowMs: input.nowMs - behindMs };
    this.#stepFrom(subject, local, input.nowMs);
    if (subject.overdue) this.#contradicted(subject, dueMs, input.nowMs);
  }

  #stepFrom(subject: JudgedSubject, input: Input, nowMs: number): void {
    const before = subject.state;
    try {
      const step = subject.rule.step(before, input, subject);
      if (step.state === before && step.condition === undefined && step.wakeAtMs === undefined) return;
      this.#keep(subject, step, before, input, nowMs);
    } catch (error) {
      this.#fault(subject, nowMs, error);
    }
  }

  #keep(subject: JudgedSubject | undefined, step: Step, before: RuleState, input: Input, nowMs: number): void {
    if (subject === undefined) return;
    if (Number.isNaN(step.wakeAtMs)) throw new Error('asks to be woken at no time');
    this.#touch(subject);
    subject.state = step.state;
    if (step.wakeAtMs !== undefined) this.#queue.set(subject, step.wakeAtMs + subject.behindMs);
    else if (step.state !== before) this.#queue.set(subject, Infinity);
    if (step.condition !== undefined)
      this.#tell({ ...subject.changed(nowMs, step.condition), grounds: { before, after: step.state, input } });
  }

  /** The rule failed on this subject: it is unknown from now on, and nothing else is touched. */
  #fault(subject: JudgedSubject | undefined, atMs: number, error: unknown): void {
    if (subject === undefined) return;
    this.#touch(subject);
    subject.fault();
    this.#tell({ type: 'fault', rule: subject.rule, subject: subject.id, atMs, error });
    this.#tell(subject.unknown(atMs, { code: 'rule-fault', params: { rule: subject.rule.id } }));
  }

  #restore(snapshot: Snapshot, nowMs: number): void {
    const graceMs = (this.#options.restartGraceSeconds ?? RESTART_GRACE_SECONDS) * 1000;
    this.#listeningSinceMs = snapshot.listeningSinceMs;
    const downMs = Math.max(0, nowMs - snapshot.atMs);
    this.#unfit = snapshot.unfit;
    for (const entry of this.#roster.entries) entry.knownSinceMs = nowMs;
    for (const saved of snapshot.devices) {
      const { id, lastSeenMs, silentSinceMs = -1, behindMs, missedMs = 0, present, knownSinceMs } = saved;
      const entry = this.#roster.entry(id);
      entry.knownSinceMs = knownSinceMs;
      // The venue file may have changed.
      if (present !== undefined && this.#options.venue.zones.has(present.zone)) entry.present = present;
      this.#ground.lastHeardMs[entry.index] = lastSeenMs;
      entry.silentSinceMs = silentSinceMs;
      entry.behindMs = behindMs;
      this.#mark(entry);
      // Time down is not silence of the device: what it had left to report in, it still has.
      const heardMs = Math.max(lastSeenMs, knownSinceMs ?? snapshot.listeningSinceMs);
      entry.miss(missedMs + downMs, lastSeenMs);
      const dueMs = heardMs + entry.silentAfterMs + missedMs + downMs;
      if (entry.silent) this.#queue.set(entry, Infinity);
      // A limit that is shorter than before has not passed before now.
      else if (entry.silentAfterMs > 0) this.#queue.set(entry, Math.max(nowMs, dueMs));
    }
    for (const saved of snapshot.subjects) {
      const subject = this.#subjectOf(saved);
      if (subject === undefined || subject.rule.kind !== saved.kind) continue;
      if (!fits(saved.state, subject.rule.start())) {
        this.#unfit = { ...this.#unfit, [saved.rule]: (this.#unfit?.[saved.rule] ?? 0) + 1 };
        continue;
      }
      if (hasOtherSettings(subject.rule, snapshot.settings)) {
        this.#carry(subject, saved, nowMs);
        continue;
      }
      this.#resumed.add(subject);
      const dueMs = restoreSubject(subject, saved, snapshot.atMs, nowMs);
      if (dueMs === undefined) continue;
      subject.overdue = saved.overdue === true || dueMs <= nowMs;
      // Of a grace that began before an earlier end, only what was left of it.
      const leftMs = saved.overdue === true ? Math.max(0, (saved.dueMs ?? 0) - snapshot.atMs) : graceMs;
      this.#queue.set(subject, subject.overdue ? nowMs + leftMs : dueMs);
    }
  }

  #subjectOf({ rule, subject, device, channel }: SavedSubject): JudgedSubject | undefined {
    const known = this.#roster.free.restore(rule, subject) ?? this.#roster.find(rule, subject);
    if (known !== undefined) return known;
    this.#roster.lane(this.#roster.entry(device), channel);
    return this.#roster.find(rule, subject);
  }

  /** Its rule judges otherwise than before: nothing of the state holds but what the rule itself carries over. */
  #carry(subject: JudgedSubject, saved: SavedSubject, nowMs: number): void {
    const entry = this.#roster.known(subject.device.id);
    // Its time stands still as long as nothing is known of its device.
    const stands = subject.rule.silence === 'freeze' && entry?.silent === true;
    const atMs = stands ? entry.silentSinceMs : nowMs;
    try {
      const step = subject.rule.carried?.(saved.state, subject, atMs - subject.behindMs);
      if (step === undefined) return;
      this.#keep(subject, step, saved.state, { type: 'wake', nowMs }, nowMs);
      if (subject.dueMs < atMs) this.#queue.set(subject, atMs);
      if (!stands) return;
      subject.remainingMs = subject.dueMs - atMs;
      this.#queue.set(subject, Infinity);
    } catch (error) {
      this.#fault(subject, nowMs, error);
    }
  }
}

const settingsOf = (rules: readonly Rule[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rules.flatMap(({ id, settings }) => (settings === undefined ? [] : [[id, settings]])));

/** What an older program has saved says nothing of settings: it counts as the same. */
const hasOtherSettings = ({ id, settings }: Rule, before: Snapshot['settings']): boolean =>
  settings !== undefined && before?.[id] !== undefined && before[id] !== settings;
