import type { Device } from '../../ingest/model/device.ts';
import { channelSubject } from '../common.ts';
import type { Rule, RuleState, Subject } from '../rule.ts';
import type { Deadline } from './deadlines.ts';
import { type Lane, settle } from './lane.ts';
import type { JudgedSubject } from './subject.ts';

/** A device as the engine knows it: which subjects it feeds, and when it was last heard. It is the lane of its channel `''`. */
export class DeviceEntry implements Lane, Deadline {
  readonly rules: readonly Rule[];
  readonly states: (RuleState | undefined)[];
  readonly view: Subject;
  behindMs = 0;
  /** Nothing is known of it. */
  silent = false;
  /** Its place in the list of last-heard times. */
  readonly index: number;
  channels: Map<string, Lane> | undefined = undefined;
  readonly subjects: readonly JudgedSubject[];
  readonly device: Device;
  /** 0: no clock says when it is silent. */
  readonly silentAfterMs: number;
  /** Since when it is silent; -1: it is not. */
  silentSinceMs = -1;
  dueMs = Infinity;
  queuedMs = Infinity;

  constructor(
    device: Device,
    index: number,
    silentAfterMs: number,
    rules: readonly Rule[],
    subjects: readonly JudgedSubject[],
  ) {
    this.rules = rules;
    this.states = subjects.map(() => undefined);
    this.view = { id: device.id, device, channel: '' };
    this.index = index;
    this.subjects = subjects;
    this.device = device;
    this.silentAfterMs = silentAfterMs;
    settle(this);
  }

  addChannel(channel: string, rules: readonly Rule[], subjects: readonly JudgedSubject[]): Lane {
    const view = { id: channelSubject(this.device, channel), device: this.device, channel };
    const lane: Lane = { rules, states: subjects.map(() => undefined), view, behindMs: this.behindMs, subjects };
    this.channels ??= new Map();
    this.channels.set(channel, lane);
    settle(lane);
    return lane;
  }

  /** Every subject it feeds, each once. */
  get allSubjects(): readonly JudgedSubject[] {
    if (this.channels === undefined) return this.subjects;
    return [...new Set([this, ...this.channels.values()].flatMap((lane) => lane.subjects))];
  }

  /** Sets its time that does not count for rules that freeze, on every channel. */
  fallBehind(behindMs: number): void {
    this.behindMs = behindMs;
    for (const lane of this.channels?.values() ?? []) lane.behindMs = behindMs;
  }
}
