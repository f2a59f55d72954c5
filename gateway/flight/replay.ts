import type { VenueConfig } from '../config/schema.ts';
import type { GatewayEvent } from '../events.ts';
import { canonicalLine } from './canonical.ts';
import { recordedConfig } from './config-record.ts';
import { enter, type JudgedAgain, judgeAgain } from './judged-again.ts';
import { RecordingError } from './reader.ts';
import type { Mark } from './records.ts';
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

export const configOf = (config: unknown, version: string): VenueConfig => {
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
  let judged: JudgedAgain | undefined;
  let version = '';
  let [frames, inputs, lost] = [0, 0, 0];
  /** False: timers are not those of the gateway that was recorded, and fire by themselves. */
  let isExact = true;
  let fromMs: number | undefined;
  let toMs: number | undefined;

  const moveTo = (atMs: number): void => {
    comparison.settle();
    toMs = atMs;
    if (isExact) clock.set(atMs);
    else clock.advance(atMs);
  };

  const takeMark = (mark: Mark): void => {
    if (mark.type === 'gap') lost += mark.lost;
    if (mark.type === 'stop') comparison.settle();
    if (mark.type !== 'reload') return;
    moveTo(mark.atMs);
    judged?.reload(configs?.get(mark.configHash) ?? configOf(mark.config, version));
  };

  const take = (record: RunRecord): void => {
    switch (record.type) {
      case 'begin': {
        comparison.forgive();
        judged?.hotPath.stop();
        const { start, beginning } = record;
        clock = replayClock(beginning.startedMs);
        fromMs ??= beginning.startedMs;
        isExact = record.isExact;
        ({ version } = start);
        const config = configs?.get(start.configHash) ?? configOf(start.config, version);
        judged = judgeAgain(config, beginning, clock, (event) => comparison.say(event));
        return;
      }
      case 'frame':
        moveTo(record.frame.arrivedMs);
        frames += 1;
        judged?.hotPath.accept(record.frame);
        return;
      case 'wake':
        moveTo(record.atMs);
        if (isExact) clock.wake(record.timer, record.atMs);
        return;
      case 'input':
        moveTo(record.input.atMs);
        inputs += 1;
        if (judged !== undefined) enter(judged.hotPath, record.input);
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
  judged?.hotPath.stop();
  const { events, recorded, difference } = comparison;
  return { ...reading, frames, inputs, events, recorded, difference, lost, fromMs, toMs };
};
