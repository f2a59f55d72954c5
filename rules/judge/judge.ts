import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import type { EngineInput, JudgeOptions, Verdict } from '../engine.ts';
import type { Input, Rule } from '../rule.ts';
import { type Deadline, DeadlineQueue } from './deadlines.ts';
import { DeviceEntry, subjectsOf } from './device-entry.ts';
import { Roster } from './roster.ts';
import { restoreSubject, type SavedSubject, saveSubject } from './snapshot.ts';
import { frozen, JudgedSubject } from './subject.ts';

/** State and deadlines of the engine as plain JSON. */
export interface Snapshot {
  readonly version: 1;
  readonly atMs: number;
  readonly subjects: readonly SavedSubject[];
  readonly devices: readonly SavedDevice[];
}

interface SavedDevice {
  readonly id: string;
  readonly lastSeenMs: number;
  readonly silent: boolean;
}

const RESTART_GRACE_SECONDS = 10;

/** A rule may move through a few stages in one moment; one that never comes to rest is broken. */
const SPINS_MAX = 16;

/** The engine behind `judge`: takes inputs in order, tells verdicts, knows its next deadline. Owns no clock. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #tell: (verdict: Verdict) => void;
  readonly #startedMs: number;
  readonly #roster: Roster;
  readonly #queue = new DeadlineQueue();

  constructor(rules: readonly Rule[], options: JudgeOptions, nowMs: number, tell: (verdict: Verdict) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#startedMs = nowMs;
    this.#roster = new Roster(rules, options.venue);
    for (const entry of this.#roster.entries) {
      if (entry.silentAfterMs > 0) this.#queue.set(entry, nowMs + entry.silentAfterMs);
    }
    if (options.snapshot !== undefined) this.#restore(options.snapshot, nowMs);
  }

  get nextDeadlineMs(): number {
    return this.#queue.headMs;
  }

  /** Judges one input now: deadlines that come before it first, then the input. */
  take(input: EngineInput): void {
    if (this.#queue.headMs <= input.nowMs) this.fireDue(input.nowMs);
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
      }
    }
  }

  /** Fires every deadline up to `nowMs`, in order of time, each with its own time. */
  fireDue(nowMs: number): void {
    const spins = new Map<Deadline, number>();
    let lastMs = -Infinity;
    for (let item = this.#queue.takeDue(nowMs); item !== undefined; item = this.#queue.takeDue(nowMs)) {
      const dueMs = item.dueMs;
      item.dueMs = Infinity;
      if (dueMs !== lastMs) spins.clear();
      lastMs = dueMs;
      spins.set(item, (spins.get(item) ?? 0) + 1);
      if (item instanceof DeviceEntry) this.#fallSilent(item, dueMs, false);
      else if (!(item instanceof JudgedSubject)) continue;
      else if ((spins.get(item) ?? 0) > SPINS_MAX)
        this.#fault(item, dueMs, new Error('asks to be woken again at the same moment'));
      else this.#wake(item, item.overdue ? nowMs : dueMs);
    }
  }

  save(): Snapshot {
    const subjects = new Set<JudgedSubject>();
    const devices: SavedDevice[] = [];
    for (const entry of this.#roster.entries) {
      for (const subject of subjectsOf(entry)) subjects.add(subject);
      if (entry.lastSeenMs >= 0) {
        devices.push({ id: entry.device.id, lastSeenMs: entry.lastSeenMs, silent: entry.silent });
      }
    }
    const atMs = this.#options.scheduler.now();
    return { version: 1, atMs, subjects: [...subjects].map(saveSubject), devices };
  }

  #takeSample(sample: Sample): void {
    const entry = this.#roster.entry(sample.device);
    this.#heard(entry, sample.nowMs);
    const subjects = this.#roster.channel(entry, sample.channel);
    for (let index = 0; index < subjects.length; index += 1) {
      const subject = subjects[index];
      if (subject === undefined) continue;
      this.#step(subject, sample);
      if (subject.overdue) this.#wakeOverdue(subject, sample.nowMs);
    }
  }

  #takeOccurrence(occurrence: Occurrence): void {
    const entry = this.#roster.entry(occurrence.device);
    if (occurrence.kind === 'offline') {
      this.#offline(entry, occurrence.nowMs);
      return;
    }
    this.#heard(entry, occurrence.nowMs);
    for (const subject of subjectsOf(entry)) this.#step(subject, occurrence);
    if (occurrence.kind === 'online') this.#online(occurrence.device, occurrence.nowMs);
  }

  #offline(entry: DeviceEntry, nowMs: number): void {
    this.#fallSilent(entry, nowMs, true);
    for (const dependent of this.#roster.dependentsOf(entry.device.id)) this.#fallSilent(dependent, nowMs, true);
  }

  /** Its dependents live again, but no value of theirs is known before they report one: only `own` rules are told. */
  #online(device: string, nowMs: number): void {
    for (const dependent of this.#roster.dependentsOf(device)) {
      const input: Input = { type: 'alive', nowMs, device: dependent.device.id };
      for (const subject of subjectsOf(dependent)) {
        if (subject.rule.silence === 'own') this.#step(subject, input);
      }
    }
  }

  #heard(entry: DeviceEntry, nowMs: number): void {
    entry.lastSeenMs = nowMs;
    if (entry.silentAfterMs > 0) this.#queue.set(entry, nowMs + entry.silentAfterMs);
    if (!entry.silent) return;
    entry.silent = false;
    for (const subject of subjectsOf(entry)) {
      if (!frozen(subject)) continue;
      const remainingMs = subject.thaw(nowMs);
      if (remainingMs !== Infinity) this.#queue.set(subject, nowMs + remainingMs);
      if (subject.condition !== undefined) this.#tell(subject.verdict(nowMs, subject.condition));
    }
  }

  #fallSilent(entry: DeviceEntry, nowMs: number, said: boolean): void {
    if (entry.silent) return;
    entry.silent = true;
    this.#queue.set(entry, Infinity);
    const lastSeenMs = entry.lastSeenMs < 0 ? undefined : entry.lastSeenMs;
    const device = entry.device.id;
    const input: Input = { type: 'silence', nowMs, device, lastSeenMs, sinceMs: this.#startedMs, said };
    for (const subject of subjectsOf(entry)) {
      if (subject.rule.silence === 'own') this.#step(subject, input);
      else if (subject.condition !== undefined && !frozen(subject) && !subject.faulted) {
        this.#tell(subject.freeze(nowMs, lastSeenMs ?? nowMs));
      }
    }
  }

  #wake(subject: JudgedSubject, nowMs: number): void {
    subject.overdue = false;
    this.#step(subject, { type: 'wake', nowMs });
  }

  /** A deadline passed while the gateway was down, and a first sample has not contradicted it. */
  #wakeOverdue(subject: JudgedSubject, nowMs: number): void {
    if (subject.dueMs === Infinity) {
      subject.overdue = false;
      return;
    }
    this.#queue.set(subject, Infinity);
    this.#wake(subject, nowMs);
  }

  #step(subject: JudgedSubject, input: Input): void {
    if (subject.faulted || frozen(subject)) return;
    const before = subject.state;
    try {
      const step = subject.rule.step(before, subject.localInput(input), subject);
      if (step.state === before && step.condition === undefined && step.wakeAtMs === undefined) return;
      const changed = step.state !== before;
      subject.state = step.state;
      if (step.wakeAtMs !== undefined) this.#queue.set(subject, step.wakeAtMs + subject.frozenMs);
      else if (changed) {
        this.#queue.set(subject, Infinity);
        subject.overdue = false;
      }
      if (step.condition !== undefined) this.#tell(subject.changed(input.nowMs, step.condition));
    } catch (error) {
      this.#fault(subject, input.nowMs, error);
    }
  }

  /** The rule failed on this subject: it is unknown from now on, and nothing else is touched. */
  #fault(subject: JudgedSubject, atMs: number, error: unknown): void {
    subject.faulted = true;
    this.#queue.set(subject, Infinity);
    this.#tell({ type: 'fault', rule: subject.rule, subject: subject.id, atMs, error });
    this.#tell(subject.unknown(atMs, { code: 'rule-fault', params: { rule: subject.rule.id } }));
  }

  #restore(snapshot: Snapshot, nowMs: number): void {
    const graceMs = nowMs + (this.#options.restartGraceSeconds ?? RESTART_GRACE_SECONDS) * 1000;
    for (const { id, lastSeenMs, silent } of snapshot.devices) {
      const entry = this.#roster.entry(id);
      entry.lastSeenMs = lastSeenMs;
      entry.silent = silent;
      // Time down is not silence of the device: what it had left to report in, it still has.
      const dueMs = lastSeenMs + entry.silentAfterMs + nowMs - snapshot.atMs;
      if (silent) this.#queue.set(entry, Infinity);
      else if (entry.silentAfterMs > 0) this.#queue.set(entry, dueMs);
    }
    for (const saved of snapshot.subjects) {
      const entry = this.#roster.entry(saved.device);
      this.#roster.channel(entry, saved.channel);
      const subject = this.#roster.find(saved.rule, saved.subject);
      if (subject === undefined) continue;
      const dueMs = restoreSubject(subject, saved, snapshot.atMs, nowMs);
      if (dueMs === undefined) continue;
      subject.overdue = dueMs <= nowMs;
      this.#queue.set(subject, subject.overdue ? graceMs : dueMs);
    }
  }
}
