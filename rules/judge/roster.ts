import { type Device, unregisteredDevice } from '../../ingest/model/device.ts';
import { channelSubject } from '../common.ts';
import type { Rule, Venue } from '../rule.ts';
import { DeviceEntry } from './device-entry.ts';
import { FreeSubjects } from './free-subjects.ts';
import { Ground } from './ground.ts';
import type { Lane } from './lane.ts';
import { aliveByDevice, DEFAULT_SILENCE_FACTOR, quietLimitMs } from './liveness.ts';
import { JudgedSubject } from './subject.ts';

/** Unregistered devices are judged for calls for help only; this many are remembered. */
const UNREGISTERED_MAX = 1000;

/** Channels judged per device. The intake refuses a device more than that, so none is lost in silence here. */
const CHANNELS_MAX = 64;

const NO_ENTRIES: readonly DeviceEntry[] = [];

type OnForget = (things: readonly (DeviceEntry | JudgedSubject)[]) => void;

/** Who feeds what: every device bound once to the subjects of the few rules that concern it. */
export class Roster {
  readonly #rules: readonly Rule[];
  readonly #venue: Venue;
  readonly ground = new Ground();
  /** Places on the ground: a plain sample finds all it needs by this number. */
  readonly #indexes = new Map<string, number>();
  readonly #entries: DeviceEntry[] = [];
  readonly #ids: string[] = [];
  /** Subjects fed by more than one device, by rule and subject id. */
  readonly #shared = new Map<string, Map<string, JudgedSubject>>();
  /** Devices whose life another device's `online` / `offline` proves. */
  readonly #dependents = new Map<string, DeviceEntry[]>();
  readonly #ruleLists = new Map<string, readonly Rule[]>();
  /** Places of strangers that were forgotten. */
  readonly #freed: DeviceEntry[] = [];
  /** Unregistered devices, longest known first. */
  readonly #strangers = new Set<DeviceEntry>();
  readonly #onForget: OnForget;

  readonly free: FreeSubjects;

  /** `onForget`: called before an unregistered device leaves, with the subjects that leave with it; or a free subject. */
  constructor(rules: readonly Rule[], venue: Venue, onForget: OnForget) {
    this.#rules = rules;
    this.#venue = venue;
    this.#onForget = onForget;
    this.free = new FreeSubjects(rules, (subject) => onForget([subject]));
    for (const device of venue.devices.values()) this.#bind(device);
  }

  get entries(): readonly DeviceEntry[] {
    return this.#entries;
  }

  /** Subjects that more than one device feeds, or none. */
  get shared(): readonly JudgedSubject[] {
    return [...[...this.#shared.values()].flatMap((ofRule) => [...ofRule.values()]), ...this.free.all];
  }

  /**
   * The place of a device; a stranger gets one too, for it may call for help.
   * @param seat where it probably is: registered devices take their places in the order of the registry
   */
  indexOf(id: string, seat = -1): number {
    if (this.#ids[seat] === id) return seat;
    return this.#indexes.get(id) ?? this.#bind(unregisteredDevice(id)).index;
  }

  /** A device that has its place already; looking makes nobody known. */
  known(id: string): DeviceEntry | undefined {
    const index = this.#indexes.get(id);
    return index === undefined ? undefined : this.at(index);
  }

  entry(id: string): DeviceEntry {
    return this.at(this.indexOf(id));
  }

  at(index: number): DeviceEntry {
    const entry = this.#entries[index];
    if (entry === undefined) throw new Error(`no device has the place ${index}`);
    return entry;
  }

  dependentsOf(device: string): readonly DeviceEntry[] {
    return this.#dependents.get(device) ?? NO_ENTRIES;
  }

  /** The subjects that a channel of a device feeds; undefined where it has too many channels already. */
  lane(entry: DeviceEntry, channel: string): Lane | undefined {
    if (channel === '') return entry.main;
    const known = entry.channels?.get(channel);
    if (known !== undefined) return known;
    if (entry.channels !== undefined && entry.channels.size >= CHANNELS_MAX) return undefined;
    const lane = this.#newLane(entry.device, channel, this.#subjects(entry.device, channel, entry.main));
    this.#settle(lane, entry);
    entry.channels ??= new Map();
    entry.channels.set(channel, lane);
    return lane;
  }

  find(rule: string, subject: string): JudgedSubject | undefined {
    const shared = this.#shared.get(rule)?.get(subject) ?? this.free.find(rule, subject);
    if (shared !== undefined) return shared;
    // A stranger's own name may hold a slash.
    const [device = ''] = subject.split('/', 1);
    const index = this.#indexes.get(subject) ?? this.#indexes.get(device);
    return index === undefined
      ? undefined
      : this.at(index).allSubjects.find((candidate) => candidate.rule.id === rule && candidate.id === subject);
  }

  #bind(device: Device): DeviceEntry {
    if (!device.registered) this.#makeRoom();
    const subjects = this.#subjects(device, '');
    const freed = this.#freed.pop();
    const index = freed?.index ?? this.#entries.length;
    const main = this.#newLane(device, '', subjects, freed?.main);
    const entry = new DeviceEntry(device, index, this.#silentAfterMs(device), main);
    this.ground.seat(index);
    this.#settle(main, entry);
    this.#entries[index] = entry;
    this.#ids[index] = device.id;
    this.#indexes.set(device.id, index);
    if (!device.registered) this.#strangers.add(entry);
    const bridge = aliveByDevice(device);
    if (bridge !== undefined) {
      const dependents = this.#dependents.get(bridge) ?? [];
      dependents.push(entry);
      this.#dependents.set(bridge, dependents);
    }
    return entry;
  }

  /** Forgets the unregistered device that has been known longest, unless an alarm of it stands. */
  #makeRoom(): void {
    if (this.#strangers.size < UNREGISTERED_MAX) return;
    for (const entry of this.#strangers) {
      if (entry.allSubjects.some((subject) => subject.state.phase === 'active')) continue;
      this.#strangers.delete(entry);
      this.#indexes.delete(entry.device.id);
      const subjects = entry.main.subjects.filter(({ rule }) => !rule.shared(entry.device));
      this.#onForget([entry, ...subjects]);
      for (const subject of subjects) subject.leave();
      this.#freed.push(entry);
      return;
    }
  }

  /** A lane with room on the ground: that of a lane that is no longer used, where it is large enough. */
  #newLane(device: Device, channel: string, subjects: readonly JudgedSubject[], unused?: Lane): Lane {
    const fits = unused !== undefined && unused.subjects.length >= subjects.length;
    const base = fits ? unused.base : this.ground.reserve(subjects.length);
    const view = { id: channelSubject(device, channel), device, channel };
    const reading = subjects.filter(({ rule }) => rule.reads(device));
    const deaf = subjects.filter(({ rule }) => !rule.reads(device));
    return { rules: this.#rulesOf(reading), base, view, subjects: [...reading, ...deaf] };
  }

  #settle({ subjects, base }: Lane, entry: DeviceEntry): void {
    subjects.forEach((subject, slot) => {
      const isElsewhere = subject.rule.shared(entry.device) || subject.place >= 0;
      if (isElsewhere) this.ground.states[base + slot] = undefined;
      else subject.settle(this.ground, base + slot, entry);
    });
  }

  /** The rules of a list of subjects: one array for all devices alike. */
  #rulesOf(subjects: readonly JudgedSubject[]): readonly Rule[] {
    const key = subjects.map(({ rule }) => rule.id).join('\n');
    const known = this.#ruleLists.get(key);
    if (known !== undefined) return known;
    const rules = subjects.map(({ rule }) => rule);
    this.#ruleLists.set(key, rules);
    return rules;
  }

  #silentAfterMs(device: Device): number {
    const limits = this.#rules
      .map((rule) => rule.silentAfterMs?.(device))
      .filter((limit): limit is number => limit !== undefined);
    return limits.length > 0 ? Math.min(...limits) : (quietLimitMs(device, DEFAULT_SILENCE_FACTOR) ?? 0);
  }

  /** `main`: a channel may feed a subject of its whole device, beside other channels; that one has its place already. */
  #subjects(device: Device, channel: string, main?: Lane): JudgedSubject[] {
    return this.#rules.flatMap((rule) =>
      rule.subjects(device, channel).map((id) => {
        if (rule.shared(device)) return this.#sharedSubject(rule, id, device);
        const known = main?.subjects.find((subject) => subject.rule === rule && subject.id === id);
        return known ?? new JudgedSubject(rule, id, device, channel, device.zone);
      }),
    );
  }

  #sharedSubject(rule: Rule, id: string, feeder: Device): JudgedSubject {
    const ofRule = this.#shared.get(rule.id) ?? new Map<string, JudgedSubject>();
    this.#shared.set(rule.id, ofRule);
    const known = ofRule.get(id);
    if (known !== undefined) return known;
    const device = this.#venue.devices.get(id) ?? feeder;
    const subject = new JudgedSubject(rule, id, device, '', this.#venue.zones.has(id) ? id : device.zone);
    ofRule.set(id, subject);
    return subject;
  }
}
