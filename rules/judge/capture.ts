import type { RuleState } from '../rule.ts';
import type { DeviceEntry } from './device-entry.ts';
import type { Ground } from './ground.ts';
import { type SavedDevice, type SavedSubject, saveDevice, saveSubject } from './snapshot.ts';
import type { JudgedSubject } from './subject.ts';

/** A part of a snapshot, plain JSON, by a key of its own; undefined: the part is gone. */
export type CapturedPart = readonly [key: string, part: EnginePart | DevicePart | SavedSubject | undefined];

export interface EnginePart {
  readonly version: 1;
  readonly atMs: number;
  readonly listeningSinceMs: number;
  /** `settings` of each rule that has them. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** A device with the subjects that it alone feeds. */
export interface DevicePart {
  readonly device: SavedDevice;
  readonly subjects: readonly SavedSubject[];
}

/** The dense part of the engine at one moment. States are immutable, so that copying the references is enough. */
export interface Baseline {
  /** Ids of unregistered devices: one that is gone later is to be taken away. */
  readonly strangers: ReadonlySet<string>;
  /** Keys of the parts of subjects that no device feeds: likewise. */
  readonly free: ReadonlySet<string>;
  readonly states: readonly (RuleState | undefined)[];
  readonly deadlinesMs: Float64Array;
  readonly lastHeardMs: Float64Array;
}

export const deviceKey = (id: string): string => `device/${id}`;

export const devicePartKey = ({ device }: DeviceEntry): string => deviceKey(device.id);

export const sharedPartKey = ({ rule, id }: JudgedSubject): string => `shared/${rule.id}/${id}`;

const strangersOf = (entries: readonly DeviceEntry[]): ReadonlySet<string> =>
  new Set(entries.filter(({ device }) => !device.registered).map(({ device }) => device.id));

const baselineOf = (
  { states, deadlinesMs, lastHeardMs }: Ground,
  entries: readonly DeviceEntry[],
  shared: readonly JudgedSubject[],
): Baseline => ({
  strangers: strangersOf(entries),
  free: new Set(shared.filter(({ rule }) => rule.freeSubject !== undefined).map(sharedPartKey)),
  states: states.slice(),
  deadlinesMs: deadlinesMs.slice(),
  lastHeardMs: lastHeardMs.slice(),
});

export type Touchable = JudgedSubject | DeviceEntry;

/**
 * The engine at one moment, written out bit by bit while it goes on. What every sample changes is copied at once, by
 * reference. What changes seldom (conditions, silence, states that a subject holds itself) is copied just before it is
 * changed, if its turn has not come. Only what has changed since `since` comes out; all of it where there is none.
 */
export class Capture {
  readonly #header: EnginePart;
  readonly #now: Baseline;
  readonly #since: Baseline | undefined;
  readonly #touched: ReadonlySet<Touchable>;
  readonly #gone: readonly string[];
  readonly #entries: readonly DeviceEntry[];
  readonly #shared: readonly JudgedSubject[];
  readonly #kept = new Map<Touchable, SavedSubject | SavedDevice>();
  readonly #written = new Set<Touchable>();
  #next = 0;

  constructor(
    header: EnginePart,
    ground: Ground,
    entries: readonly DeviceEntry[],
    shared: readonly JudgedSubject[],
    since: Baseline | undefined,
    touched: ReadonlySet<Touchable>,
    gone: readonly string[],
  ) {
    this.#header = header;
    this.#now = baselineOf(ground, entries, shared);
    this.#entries = entries;
    this.#shared = shared;
    this.#since = since;
    this.#touched = touched;
    this.#gone = gone;
  }

  get baseline(): Baseline {
    return this.#now;
  }

  get touched(): ReadonlySet<Touchable> {
    return this.#touched;
  }

  /** It is about to change. */
  preserve(thing: Touchable): void {
    if (this.#written.has(thing) || this.#kept.has(thing)) return;
    this.#kept.set(thing, 'index' in thing ? this.#device(thing) : this.#subject(thing));
  }

  /** Looks at the next `visits` devices and shared subjects; undefined once all were looked at. */
  next(visits: number): readonly CapturedPart[] | undefined {
    const size = this.#entries.length + this.#shared.length;
    if (this.#next > size) return undefined;
    const parts: CapturedPart[] = [];
    for (const until = Math.min(this.#next + visits, size); this.#next < until; this.#next += 1) {
      const entry = this.#entries[this.#next];
      const subject = this.#shared[this.#next - this.#entries.length];
      if (entry !== undefined) this.#visitDevice(entry, parts);
      else if (subject !== undefined) this.#visitShared(subject, parts);
    }
    if (this.#next < size) return parts;
    this.#next = size + 1;
    for (const id of this.#since?.strangers ?? []) {
      if (!this.#now.strangers.has(id)) parts.push([deviceKey(id), undefined]);
    }
    for (const key of this.#since?.free ?? []) if (!this.#now.free.has(key)) parts.push([key, undefined]);
    for (const key of this.#gone) parts.push([key, undefined]);
    parts.push(['engine', this.#header]);
    return parts;
  }

  #visitDevice(entry: DeviceEntry, parts: CapturedPart[]): void {
    const subjects = entry.allSubjects.filter(({ rule }) => !rule.shared(entry.device));
    if (this.#deviceChanged(entry) || subjects.some((subject) => this.#subjectChanged(subject))) {
      const device = this.#kept.get(entry) ?? this.#device(entry);
      const saved = subjects.map((subject) => this.#kept.get(subject) ?? this.#subject(subject));
      if ('id' in device) parts.push([devicePartKey(entry), { device, subjects: saved.filter(isSubject) }]);
    }
    this.#written.add(entry);
    for (const subject of subjects) this.#written.add(subject);
  }

  #visitShared(subject: JudgedSubject, parts: CapturedPart[]): void {
    if (this.#since === undefined || this.#touched.has(subject)) {
      const saved = this.#kept.get(subject) ?? this.#subject(subject);
      if (isSubject(saved)) parts.push([sharedPartKey(subject), saved]);
    }
    this.#written.add(subject);
  }

  #deviceChanged(entry: DeviceEntry): boolean {
    const since = this.#since;
    if (since === undefined || this.#touched.has(entry)) return true;
    return since.lastHeardMs[entry.index] !== this.#now.lastHeardMs[entry.index];
  }

  #subjectChanged(subject: JudgedSubject): boolean {
    const since = this.#since;
    if (since === undefined || this.#touched.has(subject)) return true;
    const { place } = subject;
    const now = this.#now;
    return since.states[place] !== now.states[place] || since.deadlinesMs[2 * place] !== now.deadlinesMs[2 * place];
  }

  #device(entry: DeviceEntry): SavedDevice {
    return saveDevice(entry, this.#now.lastHeardMs[entry.index] ?? -1);
  }

  #subject(subject: JudgedSubject): SavedSubject {
    const { place } = subject;
    const { states, deadlinesMs } = this.#now;
    if (place < 0) return saveSubject(subject, subject.state, subject.dueMs);
    // A channel that was met since: what it has become by now is not of this moment.
    if (place >= states.length) return saveSubject(subject, subject.rule.start(), Infinity);
    return saveSubject(subject, states[place] ?? subject.state, deadlinesMs[2 * place] ?? Infinity);
  }
}

const isSubject = (saved: SavedSubject | SavedDevice): saved is SavedSubject => 'rule' in saved;
