import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import type { EngineInput, Verdict } from '../engine.ts';
import type { Input, RuleState, Step } from '../rule.ts';
import type { Changes } from './changes.ts';
import type { DeadlineQueue } from './deadlines.ts';
import type { DeviceEntry } from './device-entry.ts';
import { type Due, fireAll } from './firing.ts';
import type { Ground } from './ground.ts';
import type { Lane } from './lane.ts';
import type { Lives } from './lives.ts';
import type { Roster } from './roster.ts';
import type { JudgedSubject } from './subject.ts';

/** Takes inputs in order, steps the subjects that they concern, keeps and tells what rules say: a plain sample’s whole way. */
export class Stepper {
  readonly #roster: Roster;
  readonly #ground: Ground;
  readonly #queue: DeadlineQueue;
  readonly #changes: Changes;
  readonly #lives: Lives;
  readonly #tell: (verdict: Verdict) => void;
  readonly #due: Due;
  /** True while something is judged: what is given meanwhile waits in `#waiting`. */
  #isJudging = false;
  #waiting: EngineInput[] = [];
  /** When the last input came, judged milliseconds. */
  #arrivedMs = -Infinity;

  constructor(roster: Roster, queue: DeadlineQueue, changes: Changes, lives: Lives, tell: (verdict: Verdict) => void) {
    this.#roster = roster;
    this.#ground = roster.ground;
    this.#queue = queue;
    this.#changes = changes;
    this.#lives = lives;
    this.#tell = tell;
    this.#due = {
      touch: (subject) => changes.touch(subject),
      quietTooLong: (entry, dueMs) => lives.quietTooLong(entry, dueMs),
      wake: (subject, dueMs) => this.#wake(subject, dueMs),
      fault: (subject, dueMs, error) => this.fault(subject, dueMs, error),
      catchUp: () => this.#catchUp(),
    };
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
    if (this.#queue.headMs <= dueMs) fireAll(this.#queue, dueMs, this.#due);
  }

  /** Fires every deadline up to `nowMs`, in order of time, each with its own time. */
  fireDue(nowMs: number): void {
    if (this.#isJudging) return;
    this.#isJudging = true;
    try {
      fireAll(this.#queue, nowMs, this.#due);
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
        if (subject !== undefined) this.step(subject, { type: 'acknowledged', nowMs: input.nowMs });
        return;
      }
      default:
        for (const subject of this.#roster.free.concerned(input)) this.step(subject, input);
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
    this.#lives.heard(entry, sample.nowMs);
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
          this.keep(this.#subjectAt(index, view.channel, slot), step, state, sample, sample.nowMs);
        } catch (error) {
          this.fault(this.#subjectAt(index, view.channel, slot), sample.nowMs, error);
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
      this.#lives.offline(entry, occurrence.nowMs);
      return;
    }
    if (occurrence.kind === 'presence') {
      this.#lives.move(entry, occurrence);
      return;
    }
    // A person's count of a zone comes in the name of a device that counts there, and is no sign of its life; nor is a call
    // for help that somebody has kept for long.
    if (occurrence.kind !== 'count' && !occurrence.historical) this.#lives.heard(entry, occurrence.nowMs);
    for (const subject of entry.allSubjects) this.step(subject, occurrence);
    for (const subject of this.#roster.free.concerned(occurrence)) this.step(subject, occurrence);
    if (occurrence.kind === 'online') this.#lives.online(occurrence.device, occurrence.nowMs);
  }

  #wake(subject: JudgedSubject, nowMs: number): void {
    this.#changes.touch(subject);
    subject.overdue = false;
    this.step(subject, { type: 'wake', nowMs });
  }

  /** A subject that holds its state itself: shared, faulted, or with a deadline that passed while down. */
  #stepWithCare(subject: JudgedSubject | undefined, input: Input, nowMs: number): void {
    if (subject === undefined || subject.faulted) return;
    if (!subject.overdue) {
      this.#stepFrom(subject, input, nowMs);
      return;
    }
    const { dueMs, state } = subject;
    this.#stepFrom(subject, input, nowMs);
    if (subject.faulted || this.#contradicted(subject, dueMs, state, nowMs)) return;
    // The first sample has not contradicted what was due: it counts now.
    this.#changes.touch(subject);
    this.#queue.set(subject, Infinity);
    this.#wake(subject, nowMs);
  }

  /** True where an input has put off or lifted the deadline that passed while down. */
  #contradicted(subject: JudgedSubject, dueBeforeMs: number, before: RuleState, nowMs: number): boolean {
    // Another state comes with its own deadline, also where that is when the grace ends.
    if ((subject.dueMs === dueBeforeMs && subject.state === before) || subject.dueMs <= nowMs) return false;
    this.#changes.touch(subject);
    subject.overdue = false;
    return true;
  }

  step(subject: JudgedSubject, input: Input): void {
    if (subject.faulted) return;
    const { behindMs, dueMs, overdue, state } = subject;
    const local = behindMs === 0 ? input : { ...input, nowMs: input.nowMs - behindMs };
    this.#stepFrom(subject, local, input.nowMs);
    if (overdue) this.#contradicted(subject, dueMs, state, input.nowMs);
  }

  #stepFrom(subject: JudgedSubject, input: Input, nowMs: number): void {
    const before = subject.state;
    try {
      const step = subject.rule.step(before, input, subject);
      if (step.state === before && step.condition === undefined && step.wakeAtMs === undefined) return;
      this.keep(subject, step, before, input, nowMs);
    } catch (error) {
      this.fault(subject, nowMs, error);
    }
  }

  /** Puts down what a rule has answered, and tells what it says. */
  keep(subject: JudgedSubject | undefined, step: Step, before: RuleState, input: Input, nowMs: number): void {
    if (subject === undefined) return;
    if (Number.isNaN(step.wakeAtMs)) throw new Error('asks to be woken at no time');
    this.#changes.touch(subject);
    subject.state = step.state;
    if (step.wakeAtMs !== undefined) this.#queue.set(subject, step.wakeAtMs + subject.behindMs);
    else if (step.state !== before) this.#queue.set(subject, Infinity);
    if (step.condition !== undefined)
      this.#tell({ ...subject.changed(nowMs, step.condition), grounds: { before, after: step.state, input } });
  }

  /** The rule failed on this subject: it is unknown from now on, and nothing else is touched. */
  fault(subject: JudgedSubject | undefined, atMs: number, error: unknown): void {
    if (subject === undefined) return;
    this.#changes.touch(subject);
    subject.fault();
    this.#tell({ type: 'fault', rule: subject.rule, subject: subject.id, atMs, error });
    this.#tell(subject.unknown(atMs, { code: 'rule-fault', params: { rule: subject.rule.id } }));
  }
}
