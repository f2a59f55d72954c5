import type { Device } from '../../ingest/model/device.ts';
import type { PresentZone } from '../engine.ts';
import type { Deadline } from './deadlines.ts';
import type { Lane } from './lane.ts';
import type { JudgedSubject } from './subject.ts';

/** A device as the engine knows it: which subjects it feeds, and how it is with its life. */
export class DeviceEntry implements Deadline {
  readonly device: Device;
  /** Its place on the ground. */
  readonly index: number;
  /** That it is silent comes after what its subjects have waited for till the same moment, and in an order that lasts. */
  readonly rank: number;
  /** 0: no clock says when it is silent. */
  readonly silentAfterMs: number;
  /** Its channel `''`. */
  readonly main: Lane;
  channels: Map<string, Lane> | undefined = undefined;
  /** Since when it is silent; -1: it is not. */
  silentSinceMs = -1;
  /** How long it was silent in all: time that does not count for rules that freeze, milliseconds. */
  behindMs = 0;
  /** Where its wearer is; undefined: nobody has said, so where they work. */
  present: PresentZone | undefined = undefined;
  /** Undefined: as long as there is anybody to hear it. */
  knownSinceMs: number | undefined = undefined;
  /** How long the gateway was down since this device was heard at `#missedSinceMs`. */
  #missedMs = 0;
  #missedSinceMs = Number.NaN;
  dueMs = Infinity;
  queuedMs = Infinity;

  constructor(device: Device, index: number, silentAfterMs: number, main: Lane) {
    this.device = device;
    this.index = index;
    this.rank = index;
    this.silentAfterMs = silentAfterMs;
    this.main = main;
  }

  /** Nobody listened for so long, of the time since it was last heard. */
  miss(missedMs: number, lastHeardMs: number): void {
    this.#missedMs = missedMs;
    this.#missedSinceMs = lastHeardMs;
  }

  /** Of the time since it was last heard, how long the gateway was down: being heard again makes it 0, at no cost. */
  missedMs(lastHeardMs: number): number {
    return lastHeardMs === this.#missedSinceMs ? this.#missedMs : 0;
  }

  /** Nothing is known of it. */
  get silent(): boolean {
    return this.silentSinceMs >= 0;
  }

  /** Every subject it feeds, each once. */
  get allSubjects(): readonly JudgedSubject[] {
    if (this.channels === undefined) return this.main.subjects;
    return [...new Set([this.main, ...this.channels.values()].flatMap((lane) => lane.subjects))];
  }
}
