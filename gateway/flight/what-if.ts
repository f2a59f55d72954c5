import type { Snapshot } from '../../rules/judge/snapshot.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { HotPath } from '../hot-path.ts';
import { type AlarmDiff, alarmDiff } from './alarm-diff.ts';
import { type AlarmLives, alarmLives } from './alarm-lives.ts';
import { canonicalLine } from './canonical.ts';
import { enter, judgeAgain } from './judged-again.ts';
import type { Beginning } from './records.ts';
import { type ReplayClock, replayClock } from './replay-clock.ts';
import { type Reading, type RunRecord, readRuns } from './runs.ts';
import { statePartOf } from './state-parts.ts';

export interface WhatIfOptions {
  /** Of the recording, oldest first. */
  readonly paths: readonly string[];
  /** What is judged by instead of what was. */
  readonly config: VenueConfig;
  /** Each event as it is judged now, as a canonical line of JSON. */
  onLine?(line: string): void;
}

export interface Judged extends Reading {
  readonly frames: number;
  readonly inputs: number;
  readonly events: number;
  readonly lost: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly diff: AlarmDiff;
}

/** How things stand, as a restart would find them. */
const stateOf = ({ engine }: HotPath): Snapshot | undefined => {
  const capture = engine.capture(true);
  if (capture === undefined) return undefined;
  const { snapshot, devices = [], subjects = [] } = statePartOf(capture.next(Infinity) ?? []);
  engine.endCapture(capture, false);
  return snapshot && { ...snapshot, devices, subjects };
};

/**
 * A gateway of another configuration in the place of the one that was recorded. Time goes on by itself, deadlines fire
 * at their own moment; a restart of the gateway is one here too, from what is known here, a reload is none.
 */
class Stand {
  readonly #config: VenueConfig;
  readonly #recorded: AlarmLives;
  readonly #replayed = alarmLives();
  readonly #onLine: ((line: string) => void) | undefined;
  #clock: ReplayClock = replayClock(0);
  #hotPath: HotPath | undefined;
  events = 0;

  constructor({ config, onLine }: WhatIfOptions, recorded: AlarmLives) {
    this.#config = config;
    this.#recorded = recorded;
    this.#onLine = onLine;
  }

  get replayed(): AlarmLives {
    return this.#replayed;
  }

  begin(recorded: Beginning): void {
    const before = this.#hotPath;
    before?.stop();
    const beginning =
      before === undefined
        ? recorded
        : { ...recorded, snapshot: stateOf(before), alarms: before.openAlarms(), outOfService: before.outOfService() };
    if (before === undefined) this.#replayed.stood(recorded.alarms);
    this.#clock = replayClock(recorded.startedMs);
    const again = judgeAgain(this.#config, beginning, this.#clock, (event) => {
      this.events += 1;
      this.#replayed.take(event);
      this.#onLine?.(canonicalLine(event));
    });
    this.#hotPath = again.hotPath;
  }

  take(record: Exclude<RunRecord, { readonly type: 'begin' | 'event' }>, atMs: number): void {
    this.#clock.advance(atMs);
    if (record.type === 'frame') this.#hotPath?.accept(record.frame);
    else if (record.type === 'input' && this.#hotPath !== undefined)
      enter(this.#hotPath, record.input, (id) => this.#alarmNow(id));
  }

  /** What people did about an alarm, they do about the one that stands in its place: its id tells when it was raised. */
  #alarmNow(id: string): string {
    const was = this.#recorded.of(id);
    const open = this.#hotPath?.openAlarms() ?? [];
    if (was === undefined || open.some((alarm) => alarm.id === id)) return id;
    return open.find(({ rule, subject }) => rule === was.rule && subject === was.subject)?.id ?? id;
  }
}

const momentOf = (record: Exclude<RunRecord, { readonly type: 'begin' | 'event' }>): number => {
  switch (record.type) {
    case 'frame':
      return record.frame.arrivedMs;
    case 'wake':
      return record.atMs;
    case 'input':
      return record.input.atMs;
    case 'mark':
      return record.mark.atMs;
  }
};

/** Would we have caught it? The recording by another configuration, and which alarms are others. */
export const whatIf = (options: WhatIfOptions): Judged => {
  const recorded = alarmLives();
  const stand = new Stand(options, recorded);
  let [frames, inputs, lost] = [0, 0, 0];
  let fromMs: number | undefined;
  let toMs: number | undefined;
  const reading = readRuns(options.paths, (record) => {
    if (record.type === 'begin') {
      if (fromMs === undefined) recorded.stood(record.beginning.alarms);
      fromMs ??= record.beginning.startedMs;
      stand.begin(record.beginning);
    } else if (record.type === 'event') recorded.take(record.event);
    else {
      if (record.type === 'frame') frames += 1;
      if (record.type === 'input') inputs += 1;
      if (record.type === 'mark' && record.mark.type === 'gap') lost += record.mark.lost;
      toMs = momentOf(record);
      stand.take(record, toMs);
    }
    return true;
  });
  const diff = alarmDiff(recorded.all(), stand.replayed.all());
  return { ...reading, frames, inputs, events: stand.events, lost, fromMs, toMs, diff };
};
