import type { Occurrence } from '../../ingest/model/sample.ts';
import type { DeviceLife, PresentZone, Verdict } from '../engine.ts';
import type { Input, Silence, Venue } from '../rule.ts';
import type { Touchable } from './capture.ts';
import type { DeadlineQueue } from './deadlines.ts';
import type { DeviceEntry } from './device-entry.ts';
import type { Ground } from './ground.ts';
import type { Roster } from './roster.ts';
import type { JudgedSubject } from './subject.ts';

interface LivesParts {
  readonly roster: Roster;
  readonly queue: DeadlineQueue;
  readonly venue: Venue;
  /** Since when there is somebody to hear devices. */
  readonly listeningSinceMs: number;
  readonly tell: (verdict: Verdict) => void;
  /** To be called before anything is changed that the ground does not hold. */
  readonly touch: (thing: Touchable) => void;
  readonly step: (subject: JudgedSubject, input: Input) => void;
}

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

/** Which devices live and where their wearers are: silence stops what runs for their subjects, and being heard lets it go on. */
export class Lives {
  readonly #roster: Roster;
  readonly #ground: Ground;
  readonly #queue: DeadlineQueue;
  readonly #venue: Venue;
  readonly #tell: LivesParts['tell'];
  readonly #touch: LivesParts['touch'];
  readonly #step: LivesParts['step'];
  /** Since when there is somebody to hear devices. */
  listeningSinceMs: number;

  constructor({ roster, queue, venue, listeningSinceMs, tell, touch, step }: LivesParts) {
    this.#roster = roster;
    this.#ground = roster.ground;
    this.#queue = queue;
    this.#venue = venue;
    this.#tell = tell;
    this.#touch = touch;
    this.#step = step;
    this.listeningSinceMs = listeningSinceMs;
    for (const entry of roster.entries) {
      if (entry.silentAfterMs > 0) queue.set(entry, listeningSinceMs + entry.silentAfterMs);
    }
  }

  /** How it is with the life of a device; undefined for one that was never met. */
  lifeOf(device: string): DeviceLife | undefined {
    const entry = this.#roster.known(device);
    if (entry === undefined) return undefined;
    const heardMs = this.lastHeardMs(entry);
    return {
      lastHeardMs: heardMs < 0 ? undefined : heardMs,
      silent: entry.silent,
      silentAfterMs: entry.silentAfterMs === 0 ? undefined : entry.silentAfterMs,
    };
  }

  /** Where a wearer is, is no sign of life: a receiver hears a badge also where nobody can read what it says. */
  move(entry: DeviceEntry, occurrence: Occurrence): void {
    const { attributes, nowMs } = occurrence;
    const { zone } = attributes;
    if (typeof zone !== 'string' || !this.#venue.zones.has(zone)) return;
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

  offline(entry: DeviceEntry, nowMs: number): void {
    this.#fallSilent(entry, nowMs, true);
    for (const dependent of this.#roster.dependentsOf(entry.device.id)) this.#fallSilent(dependent, nowMs, true);
  }

  /** Its dependents live again, but no value of theirs is known before they report one: only `own` rules are told. */
  online(device: string, nowMs: number): void {
    for (const dependent of this.#roster.dependentsOf(device)) {
      this.#tellAlive(dependent, nowMs);
    }
  }

  heard(entry: DeviceEntry, nowMs: number): void {
    const isNews = entry.silent || this.lastHeardMs(entry) < 0;
    const { silentSinceMs } = entry;
    // What is late says nothing of the time since.
    this.#ground.lastHeardMs[entry.index] = Math.max(nowMs, this.lastHeardMs(entry));
    if (entry.silent) this.#thaw(entry, nowMs);
    if (!isNews) return;
    this.#touch(entry);
    this.mark(entry);
    this.#tellAlive(entry, nowMs);
    const { present } = entry;
    if (present !== undefined && present.sinceMs >= silentSinceMs) this.#tellMove(entry, moveOf(entry, present, nowMs));
  }

  #tellAlive({ device, allSubjects }: DeviceEntry, nowMs: number): void {
    const input: Input = { type: 'alive', nowMs, device: device.id };
    for (const subject of allSubjects) if (subject.rule.silence === 'own') this.#step(subject, input);
  }

  lastHeardMs(entry: DeviceEntry): number {
    return this.#ground.lastHeardMs[entry.index] ?? -1;
  }

  /** Whether samples of this device may pass without asking its entry. */
  mark(entry: DeviceEntry): void {
    const careful = entry.silent || entry.behindMs > 0 || this.lastHeardMs(entry) < 0;
    this.#ground.lanes[entry.index] = careful ? undefined : entry.main;
  }

  /** Heard again: rules that freeze go on where they stood. */
  #thaw(entry: DeviceEntry, nowMs: number): void {
    this.#touch(entry);
    // Rounded down, so that no wake comes before its time; a stamp from before the silence moves no time back.
    const silentMs = Math.max(0, Math.floor(nowMs - entry.silentSinceMs));
    entry.behindMs += silentMs;
    entry.silentSinceMs = -1;
    this.mark(entry);
    if (entry.silentAfterMs > 0) this.#queue.set(entry, this.lastHeardMs(entry) + entry.silentAfterMs);
    for (const subject of entry.allSubjects) {
      if (subject.rule.silence !== 'freeze' || subject.faulted) continue;
      this.#touch(subject);
      if (subject.remainingMs !== Infinity) this.#queue.set(subject, nowMs + subject.remainingMs);
      subject.remainingMs = Infinity;
      if (subject.condition !== undefined) this.#tell(subject.resumed(nowMs, silentMs, subject.condition));
    }
  }

  /** Being heard does not touch the queue; its place in it is looked at again here. */
  quietTooLong(entry: DeviceEntry, nowMs: number): void {
    const heardMs = this.lastHeardMs(entry);
    const dueMs = heardMs + entry.silentAfterMs + entry.missedMs(heardMs);
    if (dueMs > nowMs) this.#queue.set(entry, dueMs);
    else this.#fallSilent(entry, nowMs, false);
  }

  /** Nothing is known of it from now on: rules that freeze stand still and clear nothing, the others are told. */
  #fallSilent(entry: DeviceEntry, nowMs: number, said: boolean): void {
    this.#touch(entry);
    const freezes = !entry.silent;
    const input = this.silence(entry, nowMs, said);
    const { lastSeenMs } = input;
    this.#queue.set(entry, Infinity);
    if (freezes) entry.silentSinceMs = Math.max(0, nowMs);
    this.mark(entry);
    for (const subject of entry.allSubjects) {
      if (subject.rule.silence === 'own') this.#step(subject, input);
      else if (freezes && !subject.faulted) this.#freeze(subject, nowMs, lastSeenMs ?? nowMs);
    }
  }

  silence(entry: DeviceEntry, nowMs: number, said: boolean): Silence {
    const heardMs = this.lastHeardMs(entry);
    const lastSeenMs = heardMs < 0 ? undefined : heardMs;
    const sinceMs = entry.knownSinceMs ?? this.listeningSinceMs;
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
}
