import type { VenueConfig } from '../config/schema.ts';
import type { GatewayEvent } from '../events.ts';
import type { HotPath } from '../hot-path.ts';
import { canonicalLine } from './canonical.ts';
import { recordedConfig } from './config-record.ts';
import { enter, judgeAgain } from './judged-again.ts';
import { RecordingError } from './reader.ts';
import type { Mark, RunStart } from './records.ts';
import { type ReplayClock, replayClock } from './replay-clock.ts';
import { type Reading, type RunRecord, readRuns } from './runs.ts';

export interface ReplayOptions {
  /** Of the recording, oldest first. */
  readonly paths: readonly string[];
  /** With its secrets, for runs of just this configuration; by its hash. */
  readonly configs?: ReadonlyMap<string, VenueConfig>;
  /** Each event as it is judged again, as a canonical line of JSON. */
  onLine?(line: string): void;
}

/** What the gateway said, and what is said now, where they part first. */
export interface Difference {
  /** Of the events of all runs, from 0. */
  readonly index: number;
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

export interface Replayed extends Reading {
  readonly frames: number;
  readonly inputs: number;
  /** Judged again. */
  readonly events: number;
  /** Of them, those that the recording holds too. */
  readonly recorded: number;
  /** Undefined: all that was recorded is said again, byte for byte, and nothing else. */
  readonly difference: Difference | undefined;
  /** Frames and inputs that the recorder left out; where there are any, nothing after them is exact. */
  readonly lost: number;
  /** Judged time, Unix milliseconds; undefined: nothing can be judged. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

export const configOf = ({ config, version }: RunStart): VenueConfig => {
  const read = recordedConfig(config);
  if (read === undefined)
    throw new RecordingError(`recorded by Muster ${version}, whose configuration this version cannot read`);
  return read;
};

/** Compares what is said again with what was said, in order. */
class Comparison {
  readonly #onLine: ((line: string) => void) | undefined;
  /** Said again, and not met in the recording yet. */
  #said: string[] = [];
  events = 0;
  recorded = 0;
  difference: Difference | undefined;

  constructor(onLine: ((line: string) => void) | undefined) {
    this.#onLine = onLine;
  }

  say(event: GatewayEvent): void {
    const line = canonicalLine(event);
    this.events += 1;
    this.#said.push(line);
    this.#onLine?.(line);
  }

  meet(event: GatewayEvent): void {
    const recorded = canonicalLine(event);
    const replayed = this.#said.shift();
    if (recorded !== replayed) this.difference ??= { index: this.recorded, recorded, replayed };
    this.recorded += 1;
  }

  /** An input follows, or an orderly end: all that was said had been recorded by now. */
  settle(): void {
    const [first] = this.#said;
    if (first === undefined) return;
    this.difference ??= { index: this.recorded, recorded: undefined, replayed: first };
    this.#said = [];
  }

  /** The gateway was killed: what it said last may not have been written any more. */
  forgive(): void {
    this.#said = [];
  }
}

/**
 * Judges a recording again, by the real hot path and its own configuration: each run from how things stood when it began,
 * frames and inputs in their order, and timers when they fired.
 */
export const replay = ({ paths, configs, onLine }: ReplayOptions): Replayed => {
  const comparison = new Comparison(onLine);
  let clock: ReplayClock = replayClock(0);
  let hotPath: HotPath | undefined;
  let [frames, inputs, lost] = [0, 0, 0];
  let fromMs: number | undefined;
  let toMs: number | undefined;

  const takeMark = (mark: Mark): void => {
    if (mark.type === 'gap') lost += mark.lost;
    if (mark.type === 'stop') comparison.settle();
    if (mark.type === 'reload')
      throw new RecordingError('a reload within a run cannot be judged again by this version');
  };

  const take = (record: RunRecord): void => {
    switch (record.type) {
      case 'begin': {
        comparison.forgive();
        hotPath?.stop();
        const { start, beginning } = record;
        clock = replayClock(start.startedMs);
        fromMs ??= start.startedMs;
        const config = configs?.get(start.configHash) ?? configOf(start);
        hotPath = judgeAgain(config, beginning, clock, (event) => comparison.say(event));
        return;
      }
      case 'frame':
        comparison.settle();
        frames += 1;
        toMs = record.frame.arrivedMs;
        clock.set(toMs);
        hotPath?.accept(record.frame);
        return;
      case 'wake':
        comparison.settle();
        toMs = record.atMs;
        clock.wake(record.timer, record.atMs);
        return;
      case 'input':
        comparison.settle();
        inputs += 1;
        toMs = record.input.atMs;
        clock.set(toMs);
        if (hotPath !== undefined) enter(hotPath, record.input);
        return;
      case 'event':
        comparison.meet(record.event);
        return;
      case 'mark':
        toMs = record.mark.atMs;
        takeMark(record.mark);
    }
  };

  const reading = readRuns(paths, (record) => {
    take(record);
    return true;
  });
  hotPath?.stop();
  const { events, recorded, difference } = comparison;
  return { ...reading, frames, inputs, events, recorded, difference, lost, fromMs, toMs };
};
