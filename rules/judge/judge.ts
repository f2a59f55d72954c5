import type { Sample } from '../../ingest/model/sample.ts';
import type { ConditionVerdict, DeviceLife, EngineInput, JudgeOptions, PresentZone, Verdict } from '../engine.ts';
import type { Input, Rule, RuleState } from '../rule.ts';
import type { Capture } from './capture.ts';
import { Changes } from './changes.ts';
import { DeadlineQueue } from './deadlines.ts';
import { Lives } from './lives.ts';
import { restore } from './restoring.ts';
import { Roster } from './roster.ts';
import { type SavedDevice, type Snapshot, saveDevice, saveSubject } from './snapshot.ts';
import { Stepper } from './stepper.ts';
import type { JudgedSubject } from './subject.ts';

/** The last values of a device as samples of now, by channel: between samples they hold. */
export type LastValues = (device: string, nowMs: number) => Iterable<Sample>;

const RESTART_GRACE_SECONDS = 10;

/** The engine behind `judge`: takes inputs in order, tells verdicts, knows its next deadline. Owns no clock. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #queue = new DeadlineQueue();
  readonly #roster: Roster;
  readonly #changes: Changes;
  readonly #lives: Lives;
  readonly #stepper: Stepper;
  readonly #settings: Readonly<Record<string, string>>;
  /** Goes on where it stood, by the snapshot. */
  readonly #resumed: WeakSet<JudgedSubject>;
  readonly #unfit: Readonly<Record<string, number>> | undefined;

  constructor(rules: readonly Rule[], options: JudgeOptions, nowMs: number, tell: (verdict: Verdict) => void) {
    const { venue, snapshot, restartGraceSeconds = RESTART_GRACE_SECONDS } = options;
    this.#options = options;
    this.#settings = settingsOf(rules);
    const queue = this.#queue;
    const roster = new Roster(rules, venue, (things) => changes.leave(things));
    const changes = new Changes(roster);
    const lives = new Lives({
      roster,
      queue,
      venue,
      listeningSinceMs: nowMs,
      tell,
      touch: (thing) => changes.touch(thing),
      step: (subject, input) => stepper.step(subject, input),
    });
    const stepper = new Stepper(roster, queue, changes, lives, tell);
    this.#roster = roster;
    this.#changes = changes;
    this.#lives = lives;
    this.#stepper = stepper;
    const heir = { roster, queue, lives, stepper, venue, graceMs: restartGraceSeconds * 1000 };
    const restored = snapshot && restore(snapshot, nowMs, heir);
    this.#resumed = restored?.resumed ?? new WeakSet();
    this.#unfit = restored?.unfit;
  }

  get nextDeadlineMs(): number {
    return this.#queue.headMs;
  }

  /** A deadline that has come and whose timer is late must not look as if it had passed while down. */
  get judgedToMs(): number {
    return Math.min(this.#options.scheduler.now(), this.#queue.headMs - 1);
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
    this.#stepper.take(input);
  }

  /** Fires every deadline up to `nowMs`, in order of time, each with its own time. */
  fireDue(nowMs: number): void {
    this.#stepper.fireDue(nowMs);
  }

  /** How it is with the life of a device; undefined for one that was never met. */
  lifeOf(device: string): DeviceLife | undefined {
    return this.#lives.lifeOf(device);
  }

  /** What a rule holds of a subject now. */
  stateOf(rule: string, subject: string): RuleState | undefined {
    return this.#roster.find(rule, subject)?.state;
  }

  /** Whether a rule has said anything of a subject, as the rule is now. */
  hasJudged(rule: string, subject: string): boolean {
    return this.#roster.find(rule, subject)?.condition !== undefined;
  }

  /** What rules have last said of each subject that something is known of: for whoever was not there to hear it. */
  *standing(): Iterable<ConditionVerdict> {
    const found = new Set<JudgedSubject>(this.#roster.free.all);
    for (const entry of this.#roster.entries) {
      for (const subject of entry.allSubjects) if (!entry.silent || subject.rule.silence === 'own') found.add(subject);
    }
    const atMs = this.#options.scheduler.now();
    // Read one by one: what comes of one that is heard may change what is said of the next.
    for (const subject of found)
      if (subject.condition !== undefined && !subject.faulted) yield subject.verdict(atMs, subject.condition);
  }

  /** Keys of the parts that a whole capture has now. */
  partKeys(): ReadonlySet<string> {
    return this.#changes.partKeys();
  }

  /** Parts that captures of an earlier engine may have left: the next one takes away what is no part of it. */
  succeedParts(before: Judge): void {
    this.#changes.succeedParts(before.#changes);
  }

  /** Subjects that did not go on where they stood are judged by what is known: silence, and the last values. */
  judgeKnown(lastValues: LastValues, nowMs: number): void {
    for (const entry of [...this.#roster.entries]) {
      const isNew = (subject: JudgedSubject): boolean => !this.#resumed.has(subject);
      if (!entry.allSubjects.some(isNew)) continue;
      const heardMs = this.#lives.lastHeardMs(entry);
      if (heardMs < 0 && !entry.silent) continue;
      const input: Input = entry.silent
        ? this.#lives.silence(entry, nowMs, false)
        : { type: 'alive', nowMs, device: entry.device.id };
      for (const subject of entry.allSubjects)
        if (isNew(subject) && subject.rule.silence === 'own') this.#stepper.step(subject, input);
      if (entry.silent) continue;
      for (const sample of lastValues(entry.device.id, nowMs))
        for (const subject of this.#roster.lane(entry, sample.channel)?.subjects ?? [])
          if (isNew(subject)) this.#stepper.step(subject, sample);
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
      devices.push(saveDevice(entry, this.#lives.lastHeardMs(entry)));
    }
    const atMs = this.#options.scheduler.now();
    const listeningSinceMs = this.#lives.listeningSinceMs;
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
    const header = {
      version: 1 as const,
      atMs: this.judgedToMs,
      listeningSinceMs: this.#lives.listeningSinceMs,
      settings: this.#settings,
    };
    return this.#changes.capture(header, isWhole);
  }

  /** `isKept`: it is safe, and the next one may build on it. */
  endCapture(capture: Capture, isKept: boolean): void {
    this.#changes.endCapture(capture, isKept);
  }
}

const settingsOf = (rules: readonly Rule[]): Readonly<Record<string, string>> =>
  Object.fromEntries(rules.flatMap(({ id, settings }) => (settings === undefined ? [] : [[id, settings]])));
